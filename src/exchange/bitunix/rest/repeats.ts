import { errorCode } from './error-codes.ts';
import type { Reply } from '../../http/failures.ts';

/** Which requests may go out once more. */

/** A read that failed. Not when blocked or paused: more requests would only lengthen it. */
export function mayReadAgain(
  reply: Reply,
  { absenceIsAnAnswer = false }: { readonly absenceIsAnAnswer?: boolean },
): boolean {
  if (reply.ok) return false;
  const { kind, code } = reply.failure;
  if (kind === 'not-found' && absenceIsAnAnswer) return false;
  return kind === 'network' || kind === 'rate' || isRefusedForNow(code);
}

/** A write: the exchange said itself that it did nothing, and that it may do so later. */
export const wasNotCarriedOut = (reply: Reply): boolean =>
  !reply.ok && !reply.maybeDone && isRefusedForNow(reply.failure.code);

const isRefusedForNow = (code: string): boolean => errorCode(code).repeat === 'yes';

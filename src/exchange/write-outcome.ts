import { ExchangeFailure } from '../domain/failure.ts';
import type { WriteOutcome } from '../domain/order.ts';
import type { Endpoint } from './endpoints.ts';
import { errorCode } from './error-codes.ts';
import { checked, objectOf, type Mapped } from './mapped.ts';
import type { Rest } from './rest.ts';
import { batchReply, orderReply } from './schemas.ts';

/** Sends one write and says what became of it. */
export async function sendWrite(
  rest: Rest,
  endpoint: Endpoint,
  body: unknown,
): Promise<WriteOutcome> {
  const reply = await rest.write({ endpoint, body });
  if (!reply.ok) return outcomeOfFailure(reply);
  // Commands without a result answer with ""; lists are an array of one.
  const parsed = checked(orderReply, objectOf(reply.data));
  const orderId = 'value' in parsed ? (parsed.value.orderId ?? parsed.value.id) : undefined;
  return orderId === undefined ? { kind: 'accepted' } : { kind: 'accepted', orderId };
}

export function outcomeOfFailure(reply: {
  readonly failure: ExchangeFailure;
  readonly maybeDone: boolean;
}): WriteOutcome {
  const { failure, maybeDone } = reply;
  if (maybeDone) return { kind: 'unknown', reason: failure.message };
  return { kind: 'rejected', code: failure.code, reason: failure.message };
}

/** What became of each order of a batch, by client id; orders that the answer leaves out are not in it. */
export function batchRows(data: unknown): Mapped<ReadonlyMap<string, WriteOutcome>> {
  const parsed = checked(batchReply, data);
  if ('problem' in parsed) return { problem: `the answer is odd: ${parsed.problem}` };
  const rows = new Map<string, WriteOutcome>();
  for (const { clientId, orderId, id } of parsed.value.successList ?? []) {
    const placed = orderId ?? id;
    if (clientId === undefined) continue;
    rows.set(clientId, { kind: 'accepted', ...(placed === undefined ? {} : { orderId: placed }) });
  }
  for (const { clientId, errorCode: code = '', errorMsg } of parsed.value.failureList ?? []) {
    if (clientId === undefined) continue;
    const { meaning, maybeDone } = errorCode(code);
    const reason = `${meaning} (code ${code === '' ? '?' : code}: "${errorMsg}")`;
    rows.set(
      clientId,
      maybeDone === true ? { kind: 'unknown', reason } : { kind: 'rejected', code, reason },
    );
  }
  return { value: rows };
}

/** A batch answers with success although orders inside it failed. */
export function outcomeOfBatch(data: unknown): WriteOutcome {
  const parsed = checked(batchReply, data);
  if ('problem' in parsed)
    return { kind: 'unknown', reason: `the answer is odd: ${parsed.problem}` };
  const failures = parsed.value.failureList ?? [];
  const [first] = failures;
  if (first === undefined) return { kind: 'accepted' };
  const reasons = failures.map(
    (each) =>
      `${each.orderId ?? each.clientId ?? 'an order'}: ${each.errorMsg} (code ${each.errorCode ?? '?'})`,
  );
  return { kind: 'rejected', code: first.errorCode ?? '', reason: reasons.join('; ') };
}

/** Nothing left this machine. */
export const notSent = (reason: string): WriteOutcome => ({
  kind: 'rejected',
  code: '',
  reason: `not sent: ${reason}`,
});

export const messageOf = (error: unknown): string =>
  error instanceof ExchangeFailure ? error.message : 'an unexpected error';

import type { z } from 'zod';
import { ExchangeFailure } from '../../../domain/failure.ts';
import type { WriteOutcome } from '../../../domain/order.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';
import { errorCode } from '../rest/error-codes.ts';
import { checked, objectOf } from '../mapped.ts';
import type { Call, Rest } from '../rest/rest.ts';
import { cancelReply, orderReply } from '../schemas.ts';

/**
 * Sends one write and says what became of it. Commands without a result answer with "", lists are an array of one; success is in the
 * envelope. What another order or position was told is no answer to this write.
 */
export async function sendWrite(
  rest: Rest,
  endpoint: Endpoint,
  body: object,
): Promise<WriteOutcome> {
  const reply = await rest.write({ endpoint, body });
  if (!reply.ok) return outcomeOfFailure(reply);
  const { orderId, positionId } = namedIn(objectOf(reply.data));
  const asked = namedIn(body);
  if (differ(asked.orderId, orderId) || differ(asked.positionId, positionId)) {
    return { kind: 'unknown', reason: 'the exchange answered about another order or position' };
  }
  return orderId === undefined ? { kind: 'accepted' } : { kind: 'accepted', orderId };
}

/** The ids in what was asked or answered; none where there are none that can be read. */
function namedIn(data: unknown): { readonly orderId?: string; readonly positionId?: string } {
  const parsed = checked(orderReply, data);
  if ('problem' in parsed) return {};
  const { orderId = parsed.value.id, positionId } = parsed.value;
  return {
    ...(orderId === undefined ? {} : { orderId }),
    ...(positionId === undefined ? {} : { positionId }),
  };
}

const differ = (asked: string | undefined, named: string | undefined): boolean =>
  asked !== undefined && named !== undefined && asked !== named;

/** Sends an order. It counts as accepted only when the answer names it: another one may be about nothing, and it is looked up. */
export async function sendOrder(
  rest: Rest,
  body: object,
  { clientId, ...when }: { readonly clientId: string } & Pick<Call, 'sendBy'>,
): Promise<WriteOutcome> {
  const reply = await rest.write({
    endpoint: ENDPOINTS.placeOrder,
    body: { ...body, clientId },
    ...when,
  });
  if (!reply.ok) return outcomeOfFailure(reply);
  const rows: readonly unknown[] = Array.isArray(reply.data) ? reply.data : [reply.data];
  const parsed = checked(orderReply, rows[0]);
  if ('problem' in parsed || rows.length !== 1) return NAMES_NO_ORDER;
  const { orderId = parsed.value.id, clientId: named } = parsed.value;
  if (orderId === undefined) return NAMES_NO_ORDER;
  if (differ(clientId, named)) {
    return { kind: 'unknown', reason: 'the exchange answered about another order' };
  }
  return { kind: 'accepted', orderId };
}

const NAMES_NO_ORDER: WriteOutcome = {
  kind: 'unknown',
  reason: "the exchange's answer gives no order id",
};

export function outcomeOfFailure(reply: {
  readonly failure: ExchangeFailure;
  readonly maybeDone: boolean;
}): WriteOutcome {
  const { failure, maybeDone } = reply;
  if (maybeDone) return { kind: 'unknown', reason: failure.message };
  return { kind: 'rejected', code: failure.code, reason: failure.message };
}

type Rows = NonNullable<z.output<typeof cancelReply>['successList']>;
type Failures = NonNullable<z.output<typeof cancelReply>['failureList']>;

/** Both lists of an answer to cancelling; one of them may be left out, and without either it is no answer. */
function cancelLists(
  data: unknown,
): { readonly done: Rows; readonly failed: Failures } | { readonly problem: string } {
  const parsed = checked(cancelReply, data);
  if ('problem' in parsed) return { problem: `the answer is odd: ${parsed.problem}` };
  const { successList: done, failureList: failed } = parsed.value;
  if (!Array.isArray(done) && !Array.isArray(failed)) {
    return { problem: 'the answer does not say what was done' };
  }
  return { done: done ?? [], failed: failed ?? [] };
}

/** Shortens the exchange's own words and takes secrets out of them. */
export type Clean = (text: string) => string;

function outcomeOfRow(
  { errorCode: code = '', errorMsg }: Failures[number],
  clean: Clean,
): WriteOutcome {
  const { meaning, maybeDone } = errorCode(code);
  const reason = `${meaning} (code ${code === '' ? '?' : code}: "${clean(errorMsg)}")`;
  return maybeDone === true ? { kind: 'unknown', reason } : { kind: 'rejected', code, reason };
}

/**
 * What became of cancelling: an answer with success holds failures inside. `asked`: the ids that it has to name, each of them; none for a
 * cancel of everything.
 */
export function outcomeOfCancel(
  data: unknown,
  asked: readonly string[],
  clean: Clean,
): WriteOutcome {
  const lists = cancelLists(data);
  if ('problem' in lists) return { kind: 'unknown', reason: lists.problem };
  const failures = lists.failed.map((row) => ({ row, outcome: outcomeOfRow(row, clean) }));
  const [first] = failures;
  if (first !== undefined) {
    const reasons = failures.map(
      ({ row }) =>
        `${row.orderId ?? row.clientId ?? 'an order'}: ${clean(row.errorMsg)} (code ${row.errorCode ?? '?'})`,
    );
    const reason = clean(reasons.join('; '));
    const unsure = failures.some(({ outcome }) => outcome.kind === 'unknown');
    const code = first.outcome.kind === 'rejected' ? first.outcome.code : '';
    return unsure ? { kind: 'unknown', reason } : { kind: 'rejected', code, reason };
  }
  const named = new Set(lists.done.map(({ orderId, id }) => orderId ?? id));
  const missing = asked.find((id) => !named.has(id));
  if (missing === undefined) return { kind: 'accepted' };
  return { kind: 'unknown', reason: `the exchange's answer does not name order ${missing}` };
}

/** Nothing left this machine. */
export const notSent = (reason: string): WriteOutcome => ({
  kind: 'rejected',
  code: '',
  reason: `not sent: ${reason}`,
});

export const messageOf = (error: unknown): string =>
  error instanceof ExchangeFailure ? error.message : 'an unexpected error';

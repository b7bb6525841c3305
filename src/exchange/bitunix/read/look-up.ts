import { setTimeout as delay } from 'node:timers/promises';
import type { AccountData } from '../../../app/ports/account-data.ts';
import type { Clock } from '../../../app/ports/clock.ts';
import { ExchangeFailure } from '../../../domain/failure.ts';
import type { Order } from '../../../domain/order.ts';
import { wallMs } from '../../http/venue-time.ts';

/** What is known of an order whose placing had an unknown outcome. */
export type LookUp =
  | { readonly kind: 'found'; readonly order: Order }
  /** Every list answered that it has no such order, for the whole time. */
  | { readonly kind: 'absent' }
  /** The exchange could not be asked to the end. */
  | { readonly kind: 'unknown'; readonly reason: string };

const BETWEEN_MS = 1_000;

/**
 * Asks again and again until the order shows. "Not found" just after placing may be a lag, so only a silence of `forMs` venue
 * milliseconds counts as absence, and only when the last round got all its answers.
 */
export async function lookUp(
  account: AccountData,
  clientId: string,
  until: { readonly forMs: number; readonly clock: Clock },
): Promise<LookUp> {
  const { forMs, clock } = until;
  const deadline = performance.now() + wallMs(clock, forMs);
  let last: LookUp = { kind: 'unknown', reason: 'not asked yet' };
  for (;;) {
    try {
      const order = await account.orderByClientId(clientId);
      if (order !== undefined) return { kind: 'found', order };
      last = { kind: 'absent' };
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
      last = { kind: 'unknown', reason: error.message };
      if (error.kind === 'closed' && !error.retriable) return last;
    }
    if (performance.now() >= deadline) return last;
    await delay(wallMs(clock, BETWEEN_MS));
  }
}

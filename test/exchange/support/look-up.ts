import { setTimeout as delay } from 'node:timers/promises';
import type { AccountData } from '../../../src/app/ports/account-data.ts';
import type { Clock } from '../../../src/app/ports/clock.ts';
import { ExchangeFailure } from '../../../src/domain/failure.ts';
import type { Order } from '../../../src/domain/order.ts';

/** What an account says of an order whose placing had an unknown outcome. */
export type LookUp =
  | { readonly kind: 'found'; readonly order: Order }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

async function look(account: AccountData, clientId: string): Promise<LookUp> {
  try {
    const order = await account.orderByClientId(clientId);
    return order === undefined ? { kind: 'absent' } : { kind: 'found', order };
  } catch (error) {
    if (error instanceof ExchangeFailure) return { kind: 'unknown' };
    throw error;
  }
}

/** The last answer of asking every venue second until the order is there, for `forMs` venue milliseconds at most. */
export async function lookUp(
  account: AccountData,
  clientId: string,
  until: { readonly forMs: number; readonly clock: Pick<Clock, 'speed'> },
): Promise<LookUp> {
  const { forMs, clock } = until;
  const deadline = performance.now() + forMs / clock.speed;
  for (;;) {
    const last = await look(account, clientId);
    if (last.kind === 'found' || performance.now() >= deadline) return last;
    await delay(1_000 / clock.speed);
  }
}

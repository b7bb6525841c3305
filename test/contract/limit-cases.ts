import type { Order } from '../../src/domain/order.ts';
import { qtyFromNumber, toNumber } from '../../src/domain/money/money.ts';
import { accountOf, demand, eventually, tradingOf, type ContractCase } from './contract-case.ts';
import { levelAt } from './small-entry.ts';
import { flat, freshId, positionOf, smallEntry, smallOrder } from './small-position.ts';
import type { Target } from './contract-case.ts';

/** So far below the mark price that it does not fill while the case runs. */
const FAR = 0.97;

async function restingOrder(target: Target, clientId: string): Promise<Order> {
  await flat(target);
  const limit = { price: await levelAt(target, FAR), effect: 'GTC' } as const;
  // Stop and target belong to the entry price, which lies below the market here.
  const entry = { ...(await smallEntry(target, 'long')), stop: await levelAt(target, 0.92) };
  const outcome = await tradingOf(target).placeLimitEntry(entry, limit, clientId);
  demand(outcome.kind === 'accepted', JSON.stringify(outcome));
  return eventually('the resting order', async () =>
    (await accountOf(target).openOrders()).find((each) => each.clientId === clientId),
  );
}

const goneFrom = (target: Target, ...ids: string[]): Promise<true> =>
  eventually('the orders are gone', async () =>
    (await accountOf(target).openOrders()).some((each) => ids.includes(each.id)) ? undefined : true,
  );

/** Limit orders, which rest, are changed and taken back without a fill. */
export const LIMIT_CASES: readonly ContractCase[] = [
  {
    id: 'limit-order',
    needs: 'orders',
    holds: 'a limit order rests, is changed to another price and half the size, and is cancelled',
    async run(target) {
      const clientId = freshId(target);
      const order = await restingOrder(target, clientId);
      const { instrument } = await smallOrder(target);
      const price = await levelAt(target, FAR - 0.01);
      const qty = qtyFromNumber(toNumber(order.qty) / 2, instrument.step, 'up');
      const changed = await tradingOf(target).modifyOrder(order, { price, qty });
      demand(changed.kind === 'accepted', JSON.stringify(changed));
      const after = await eventually('the changed order', async () =>
        (await accountOf(target).openOrders()).find(
          (each) => each.clientId === clientId && each.qty === qty && each.price === price,
        ),
      );
      const outcome = await tradingOf(target).cancelOrders(target.symbol, [after.id]);
      demand(outcome.kind === 'accepted', JSON.stringify(outcome));
      await goneFrom(target, order.id, after.id);
      const end = await eventually('the cancelled order', async () => {
        const found = await accountOf(target).orderByClientId(clientId);
        return found?.status === 'new' ? undefined : found;
      });
      demand(end.status === 'cancelled', `it ended as ${end.status}`);
      return `changed under the same order id: ${after.id === order.id}`;
    },
  },
  {
    id: 'larger-order',
    needs: 'orders',
    holds: 'an order cannot be made larger past the risk gate',
    async run(target) {
      const order = await restingOrder(target, freshId(target));
      try {
        const { instrument } = await smallOrder(target);
        const qty = qtyFromNumber(toNumber(order.qty) * 2, instrument.step, 'up');
        const price = await levelAt(target, FAR);
        const outcome = await tradingOf(target).modifyOrder(order, { price, qty });
        demand(outcome.kind === 'rejected', JSON.stringify(outcome));
        return 'not sent';
      } finally {
        await tradingOf(target).cancelOrders(target.symbol, [order.id]);
        await goneFrom(target, order.id);
      }
    },
  },
  {
    id: 'cancel-all',
    needs: 'orders',
    holds: 'all resting orders of a contract are cancelled at once',
    async run(target) {
      const first = await restingOrder(target, freshId(target));
      const second = await restingOrder(target, `${freshId(target)}b`);
      const outcome = await tradingOf(target).cancelAllOrders(target.symbol);
      demand(outcome.kind === 'accepted', JSON.stringify(outcome));
      await goneFrom(target, first.id, second.id);
      return 'cancelled';
    },
  },
  {
    id: 'leverage-while-resting',
    needs: 'orders',
    holds: 'leverage is not changed while an order rests, or the change is shown',
    async run(target) {
      const order = await restingOrder(target, freshId(target));
      try {
        const outcome = await tradingOf(target).setLeverage(target.symbol, 4);
        demand(outcome.kind !== 'unknown', outcome.kind);
        return outcome.kind === 'rejected' ? `code ${outcome.code}` : 'changed';
      } finally {
        await tradingOf(target).cancelOrders(target.symbol, [order.id]);
        await goneFrom(target, order.id);
      }
    },
  },
  {
    id: 'post-only-that-crosses',
    needs: 'orders',
    holds: 'a post-only order above the market takes nothing from the book',
    async run(target) {
      await flat(target);
      const clientId = freshId(target);
      const limit = { price: await levelAt(target, 1.002), effect: 'POST_ONLY' } as const;
      const entry = await smallEntry(target, 'long');
      const outcome = await tradingOf(target).placeLimitEntry(entry, limit, clientId);
      demand(outcome.kind !== 'unknown', JSON.stringify(outcome));
      if (outcome.kind === 'rejected') return `refused with code ${outcome.code}`;
      const order = await eventually('its end', async () => {
        const found = await accountOf(target).orderByClientId(clientId);
        return found?.status === 'new' ? undefined : found;
      });
      demand(order.filledQty === 0n && (await positionOf(target)) === undefined, 'it was filled');
      return `ended as ${order.status}`;
    },
  },
];

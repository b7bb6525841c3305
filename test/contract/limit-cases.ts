import { reduceOf } from '../risk/fixtures.ts';
import type { Order, WriteOutcome } from '../../src/domain/order.ts';
import { qtyFromNumber, toNumber, type Qty } from '../../src/domain/money/money.ts';
import type { Position } from '../../src/domain/position.ts';
import {
  accountOf,
  demand,
  eventually,
  tradingOf,
  type ContractCase,
  type Target,
} from './contract-case.ts';
import { levelAt } from './small-entry.ts';
import { freshId, positionOf, smallOrder, withPosition } from './small-position.ts';

/** So far above the mark price that an exit of a long position does not fill while the case runs. */
const FAR = 1.03;

/** Places an order that closes so much of the position at a limit. */
async function exitAt(
  target: Target,
  position: Position,
  exit: {
    readonly share: number;
    readonly effect: 'GTC' | 'POST_ONLY';
    readonly clientId: string;
    readonly qty?: Qty;
  },
): Promise<WriteOutcome> {
  const { positionMode: mode } = await accountOf(target).account();
  demand(mode !== 'unknown', 'the position mode is unknown');
  return tradingOf(target).reducePosition({
    reduce: reduceOf(position, exit.qty ?? position.qty),
    mode,
    clientId: exit.clientId,
    limit: { price: await levelAt(target, exit.share), effect: exit.effect },
  });
}

async function restingExit(target: Target, position: Position, qty?: Qty): Promise<Order> {
  const clientId = freshId(target);
  const size = qty === undefined ? {} : { qty };
  const outcome = await exitAt(target, position, { share: FAR, effect: 'GTC', clientId, ...size });
  demand(outcome.kind === 'accepted', JSON.stringify(outcome));
  return eventually('the resting order', async () =>
    (await accountOf(target).openOrders()).find((each) => each.clientId === clientId),
  );
}

const half = async (target: Target, size: Qty, way: 'up' | 'down'): Promise<Qty> =>
  qtyFromNumber(toNumber(size) / 2, (await smallOrder(target)).instrument.step, way);

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
    run: (target) =>
      withPosition(target, 'long', async (position) => {
        const order = await restingExit(target, position);
        const price = await levelAt(target, FAR + 0.01);
        const qty = await half(target, order.qty, 'up');
        const changed = await tradingOf(target).modifyOrder(order, { price, qty });
        demand(changed.kind === 'accepted', JSON.stringify(changed));
        const after = await eventually('the changed order', async () =>
          (await accountOf(target).openOrders()).find(
            (each) => each.clientId === order.clientId && each.qty === qty && each.price === price,
          ),
        );
        const outcome = await tradingOf(target).cancelOrders(target.symbol, [after.id]);
        demand(outcome.kind === 'accepted', JSON.stringify(outcome));
        await goneFrom(target, order.id, after.id);
        const end = await eventually('the cancelled order', async () => {
          const found = await accountOf(target).orderByClientId(order.clientId ?? '');
          return found?.status === 'new' ? undefined : found;
        });
        demand(end.status === 'cancelled', `it ended as ${end.status}`);
        return `marked as reducing: ${order.reduceOnly}; changed under the same order id: ${after.id === order.id}`;
      }),
  },
  {
    id: 'larger-order',
    needs: 'orders',
    holds: 'an order cannot be made larger past the risk gate',
    run: (target) =>
      withPosition(target, 'long', async (position) => {
        const order = await restingExit(target, position);
        const { instrument } = await smallOrder(target);
        const qty = qtyFromNumber(toNumber(order.qty) * 2, instrument.step, 'up');
        const price = await levelAt(target, FAR);
        const outcome = await tradingOf(target).modifyOrder(order, { price, qty });
        demand(outcome.kind === 'rejected', JSON.stringify(outcome));
        return 'not sent';
      }),
  },
  {
    id: 'cancel-all',
    needs: 'orders',
    holds: 'all resting orders of a contract are cancelled at once',
    run: (target) =>
      withPosition(target, 'long', async (position) => {
        const part = await half(target, position.qty, 'down');
        const first = await restingExit(target, position, part);
        const second = await restingExit(target, position, part);
        const outcome = await tradingOf(target).cancelAllOrders(target.symbol);
        demand(outcome.kind === 'accepted', JSON.stringify(outcome));
        await goneFrom(target, first.id, second.id);
        return 'cancelled';
      }),
  },
  {
    id: 'leverage-while-resting',
    needs: 'orders',
    holds: 'leverage is not changed while an order rests, or the change is shown',
    run: (target) =>
      withPosition(target, 'long', async (position) => {
        await restingExit(target, position);
        const outcome = await tradingOf(target).setLeverage(target.symbol, 4);
        demand(outcome.kind !== 'unknown', outcome.kind);
        return outcome.kind === 'rejected' ? `code ${outcome.code}` : 'changed';
      }),
  },
  {
    id: 'post-only-that-crosses',
    needs: 'orders',
    holds: 'a post-only order through the market takes nothing from the book',
    run: (target) =>
      withPosition(target, 'long', async (position) => {
        const clientId = freshId(target);
        const outcome = await exitAt(target, position, {
          share: 0.998,
          effect: 'POST_ONLY',
          clientId,
        });
        demand(outcome.kind !== 'unknown', JSON.stringify(outcome));
        if (outcome.kind === 'rejected') return `refused with code ${outcome.code}`;
        const order = await eventually('its end', async () => {
          const found = await accountOf(target).orderByClientId(clientId);
          return found?.status === 'new' ? undefined : found;
        });
        const left = (await positionOf(target))?.qty;
        demand(order.filledQty === 0n && left === position.qty, 'it was filled');
        return `ended as ${order.status}`;
      }),
  },
];

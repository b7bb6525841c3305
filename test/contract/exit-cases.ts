import { reduceOf } from '../risk/fixtures.ts';
import { add, qty, qtyFromNumber, sub, toNumber, usd } from '../../src/domain/money/money.ts';
import type { PrivateEvent } from '../../src/exchange/bitunix/map-private.ts';
import { accountOf, demand, eventually, tradingOf, type ContractCase } from './contract-case.ts';
import { anEntry, levelAt } from './small-entry.ts';
import {
  flat,
  freshId,
  positionOf,
  smallEntry,
  smallOrder,
  withPosition,
} from './small-position.ts';

/** What is done to a small position: levels for a part, margin, closing all, and what the private stream says meanwhile. */
export const EXIT_CASES: readonly ContractCase[] = [
  {
    id: 'partial-levels',
    needs: 'orders',
    holds: 'a stop for half of a position is placed, moved and cancelled',
    run: (target) =>
      withPosition(target, 'long', async (position) => {
        const [account, trading] = [accountOf(target), tradingOf(target)];
        const { instrument } = await smallOrder(target);
        const half = qtyFromNumber(toNumber(position.qty) / 2, instrument.step, 'down');
        const stop = { price: await levelAt(target, 0.9), qty: half };
        const placed = await trading.placePartial(position, { stop });
        demand(placed.kind === 'accepted', JSON.stringify(placed));
        const own = await eventually('the stop for half', async () =>
          (await account.protections()).find(
            (each) => each.stopPrice === stop.price && each.stopQty === half,
          ),
        );
        const moved = { price: await levelAt(target, 0.91), qty: half };
        const outcome = await trading.modifyPartial(own.id, { stop: moved });
        demand(outcome.kind === 'accepted', JSON.stringify(outcome));
        const after = await eventually('the moved stop', async () =>
          (await account.protections()).find((each) => each.stopPrice === moved.price),
        );
        const cancelled = await trading.cancelProtection(target.symbol, after.id);
        demand(cancelled.kind === 'accepted', JSON.stringify(cancelled));
        await eventually('the stop is gone', async () =>
          (await account.protections()).some((each) => each.id === after.id) ? undefined : true,
        );
        const end = await eventually('how it ended', () =>
          account.protectionEnd({ id: after.id, symbol: target.symbol }),
        );
        demand(end === 'cancelled', `it ended as ${end}`);
        return `moved under the same id: ${after.id === own.id}`;
      }),
  },
  {
    id: 'margin',
    needs: 'orders',
    holds: 'margin is added to an isolated position',
    run: (target) =>
      withPosition(target, 'long', async (position) => {
        if (position.marginMode !== 'isolated') return 'cross: nothing to add';
        const outcome = await tradingOf(target).adjustMargin(position, usd('1'));
        demand(outcome.kind === 'accepted', JSON.stringify(outcome));
        await eventually('more margin', async () => {
          const margin = (await positionOf(target))?.margin;
          return margin !== undefined && margin >= add(position.margin, usd('0.99'))
            ? true
            : undefined;
        });
        return 'added';
      }),
  },
  {
    id: 'close-all',
    needs: 'orders',
    holds: 'all positions of a contract are closed at once',
    run: (target) =>
      withPosition(target, 'short', async () => {
        const outcome = await tradingOf(target).closeAllPositions(target.symbol);
        demand(outcome.kind === 'accepted', JSON.stringify(outcome));
        await eventually('flat', async () =>
          (await positionOf(target)) === undefined ? true : undefined,
        );
        return 'closed';
      }),
  },
  {
    id: 'limit-exit',
    needs: 'orders',
    holds: 'a reducing limit order rests beyond the market and is cancelled',
    run: (target) =>
      withPosition(target, 'long', async (position, clientId) => {
        const [account, trading] = [accountOf(target), tradingOf(target)];
        const { positionMode: mode } = await account.account();
        demand(mode !== 'unknown', 'the position mode is unknown');
        const limit = { price: await levelAt(target, 1.03), effect: 'GTC' } as const;
        const id = `${clientId}x`;
        const outcome = await trading.reducePosition({
          reduce: reduceOf(position),
          mode,
          clientId: id,
          limit,
        });
        demand(outcome.kind === 'accepted', JSON.stringify(outcome));
        const order = await eventually('the resting exit', async () =>
          (await account.openOrders()).find((each) => each.clientId === id),
        );
        await trading.cancelOrders(target.symbol, [order.id]);
        await eventually('it is gone', async () =>
          (await account.openOrders()).some((each) => each.id === order.id) ? undefined : true,
        );
        return `marked as reducing: ${order.reduceOnly}`;
      }),
  },
  {
    id: 'batch',
    needs: 'orders',
    holds: 'of two orders in one request the good one is placed and the bad one is refused by name',
    async run(target) {
      await flat(target);
      const clientId = freshId(target);
      const trading = tradingOf(target);
      const outcomes = await trading.placeEntries([
        { entry: await smallEntry(target, 'long'), clientId },
        {
          entry: await anEntry(target, { side: 'long', qty: qty('0.00000001') }),
          clientId: `${clientId}b`,
        },
      ]);
      const position = await eventually('the position', () => positionOf(target));
      await trading.closePosition(reduceOf(position));
      await eventually('flat', async () =>
        (await positionOf(target)) === undefined ? true : undefined,
      );
      const [good, bad] = outcomes.map((each) => each.outcome);
      demand(good?.kind === 'accepted', JSON.stringify(good));
      demand(bad?.kind === 'rejected', JSON.stringify(bad));
      return `the bad one: code ${bad.code}`;
    },
  },
  {
    id: 'same-position-mode',
    needs: 'orders',
    holds: 'setting the position mode that the account has changes nothing',
    async run(target) {
      await flat(target);
      const before = (await accountOf(target).account()).positionMode;
      demand(before !== 'unknown', 'the position mode is unknown');
      const outcome = await tradingOf(target).setPositionMode(before);
      const after = (await accountOf(target).account()).positionMode;
      demand(after === before, `it is ${after}`);
      return outcome.kind === 'rejected' ? `code ${outcome.code}` : outcome.kind;
    },
  },
  {
    id: 'private-events',
    needs: 'orders',
    holds: 'an opening is pushed on all channels, and what the events say is what requests say',
    async run(target) {
      const stream = target.bitunix.openAccountStream?.();
      demand(stream !== undefined, 'keys were given');
      const events: PrivateEvent[] = [];
      stream.onEvent((event) => events.push(event));
      try {
        await eventually('logged in', () =>
          Promise.resolve(stream.state() === 'live' ? true : undefined),
        );
        return await withPosition(target, 'long', async (position, clientId) => {
          const order = await eventually('the order', () =>
            accountOf(target).orderByClientId(clientId),
          );
          const filled = await eventually('the event of the fill', () =>
            Promise.resolve(
              events.find(
                (each) =>
                  each.channel === 'order' && each.orderId === order.id && each.status === 'filled',
              ),
            ),
          );
          demand(filled.channel === 'order' && filled.clientId === clientId, 'another client id');
          demand(filled.filledQty === order.filledQty, 'another size');
          const price = filled.averagePrice;
          const off = price === undefined ? 0 : toNumber(sub(price, position.entryPrice));
          demand(Math.abs(off) < toNumber(position.entryPrice) / 1_000, 'another price');
          const opened = await eventually('the event of the position', () =>
            Promise.resolve(
              events.find((each) => each.channel === 'position' && each.positionId === position.id),
            ),
          );
          demand(opened.channel === 'position' && opened.side === position.side, 'another side');
          const channels = [...new Set(events.map((each) => each.channel))].sort();
          return `channels: ${channels.join(', ')}`;
        });
      } finally {
        await stream.close();
      }
    },
  },
];

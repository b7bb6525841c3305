import { qtyFromNumber, toNumber } from '../../src/domain/money/money.ts';
import { accountOf, demand, eventually, tradingOf, type ContractCase } from './contract-case.ts';
import { levelAt } from './small-entry.ts';
import { smallOrder, withPosition } from './small-position.ts';

/** What is done to a small position: levels for a part, and what the private stream says meanwhile. */
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
    id: 'private-hints',
    needs: 'orders',
    holds: 'an opening is hinted at on the private stream by its order and its position',
    async run(target) {
      const stream = target.bitunix.openAccountStream?.();
      demand(stream !== undefined, 'keys were given');
      const hints = new Set<string>();
      // Without a symbol it is the login that says so.
      stream.onHint((channel, symbol) => {
        if (symbol === target.symbol) hints.add(channel);
      });
      const hinted = (channel: string): Promise<true> =>
        eventually(`a hint of the ${channel}`, () =>
          Promise.resolve(hints.has(channel) ? true : undefined),
        );
      try {
        await eventually('logged in', () =>
          Promise.resolve(stream.state() === 'live' ? true : undefined),
        );
        return await withPosition(target, 'long', async () => {
          await hinted('order');
          await hinted('position');
          return `channels: ${[...hints].sort().join(', ')}`;
        });
      } finally {
        await stream.close();
      }
    },
  },
];

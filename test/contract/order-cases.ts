import { closeOf, reduceOf } from '../risk/fixtures.ts';
import {
  notionalOf,
  priceFromNumber,
  qtyFromNumber,
  toNumber,
  toText,
  type Price,
} from '../../src/domain/money/money.ts';
import type { Position } from '../../src/domain/position.ts';
import {
  accountOf,
  demand,
  eventually,
  tradingOf,
  type ContractCase,
  type Target,
} from './contract-case.ts';
import { EXIT_CASES } from './exit-cases.ts';
import { LIMIT_CASES } from './limit-cases.ts';
import { flat, positionOf, smallEntry, smallOrder, withPosition } from './small-position.ts';

/** Real orders of about 12 USDT, opened and closed again. */
export const ORDER_CASES: readonly ContractCase[] = [
  {
    id: 'leverage-is-set',
    needs: 'orders',
    holds: 'leverage 5 and isolated margin are set and shown',
    async run(target) {
      await flat(target);
      const outcome = await tradingOf(target).setLeverage(target.symbol, 5);
      demand(outcome.kind === 'accepted', JSON.stringify(outcome));
      const shown = await accountOf(target).leverage(target.symbol);
      demand(shown.leverage === 5 && shown.marginMode === 'isolated', JSON.stringify(shown));
      return 'set';
    },
  },
  ...(['long', 'short'] as const).map((side): ContractCase => ({
    id: `${side}-life`,
    needs: 'orders',
    holds: `a ${side} opens with its stop and target, is found by its client id, closes, and adds up`,
    run: (target) => withPosition(target, side, (position, id) => life(target, position, id)),
  })),
  {
    id: 'client-id-once',
    needs: 'orders',
    holds: 'the same client id places one order however often it is sent',
    run: (target) =>
      withPosition(target, 'long', async (position, clientId) => {
        const again = await tradingOf(target).placeEntry(
          await smallEntry(target, 'long'),
          clientId,
        );
        demand(again.kind === 'accepted', `the second is ${JSON.stringify(again)}`);
        const now = await positionOf(target);
        demand(now?.qty === position.qty, 'the position has grown');
        return 'one order';
      }),
  },
  {
    id: 'stop-moves',
    needs: 'orders',
    holds: "the position's stop can be placed and moved, and the target beside it stays",
    run: (target) => withPosition(target, 'long', (position) => moveStop(target, position)),
  },
  {
    id: 'partial-close',
    needs: 'orders',
    holds: 'half of a position can be closed, and the other side is not opened',
    run: (target) =>
      withPosition(target, 'short', async (position, clientId) => {
        const { positionMode: mode } = await accountOf(target).account();
        demand(mode !== 'unknown', 'the position mode is unknown');
        const { instrument } = await smallOrder(target);
        const qty = qtyFromNumber(toNumber(position.qty) / 2, instrument.step, 'down');
        const outcome = await tradingOf(target).reducePosition({
          reduce: reduceOf(position, qty),
          mode,
          clientId: `${clientId}r`,
        });
        demand(outcome.kind === 'accepted', JSON.stringify(outcome));
        const after = await eventually('the smaller position', async () => {
          const now = await positionOf(target);
          return now !== undefined && now.qty < position.qty ? now : undefined;
        });
        demand(after.side === 'short' && after.id === position.id, 'it is another position');
        return 'reduced';
      }),
  },
  {
    id: 'wrong-stop',
    needs: 'orders',
    holds: 'a stop on the wrong side of the mark price is refused as a trigger',
    run: (target) =>
      withPosition(target, 'long', async (position) => {
        const { instrument, mark } = await smallOrder(target);
        const stop = priceFromNumber(toNumber(mark) * 1.02, instrument.tick, 'up');
        const outcome = await tradingOf(target).placeProtection({
          symbol: target.symbol,
          positionId: position.id,
          stop,
        });
        demand(outcome.kind === 'rejected', JSON.stringify(outcome));
        return `code ${outcome.code}`;
      }),
  },
  ...LIMIT_CASES,
  ...EXIT_CASES,
  {
    id: 'no-such-position',
    needs: 'orders',
    holds: 'closing a position that does not exist is rejected',
    async run(target) {
      const outcome = await tradingOf(target).closePosition(closeOf('1'));
      demand(outcome.kind === 'rejected', JSON.stringify(outcome));
      return `code ${outcome.code}`;
    },
  },
];

async function life(target: Target, position: Position, clientId: string): Promise<string> {
  const account = accountOf(target);
  const order = await eventually('the order', () => account.orderByClientId(clientId));
  demand(order.status === 'filled', `the order is ${order.status}`);
  const fills = await eventually('the fills', async () => {
    const found = await account.fills({ orderId: order.id });
    return found.length > 0 ? found : undefined;
  });
  const filled = fills.reduce((sum, fill) => sum + toNumber(fill.qty), 0);
  demand(Math.abs(filled - toNumber(position.qty)) < 1e-9, 'fills and position differ in size');
  const stops = await eventually('its stop and target', async () => {
    const own = (await account.protections()).filter((each) => each.positionId === position.id);
    const both = own.some((each) => each.stopPrice) && own.some((each) => each.targetPrice);
    return both ? own : undefined;
  });
  const outcome = await tradingOf(target).closePosition(reduceOf(position));
  demand(outcome.kind === 'accepted', JSON.stringify(outcome));
  const closed = await eventually('the closed position', async () =>
    (await account.closedPositions(position.openedAt)).find((each) => each.id === position.id),
  );
  const turnover = notionalOf(closed.entryPrice, closed.maxQty, 'down');
  demand(toNumber(closed.fees) < 0.01 * toNumber(turnover), `fees of ${toText(closed.fees)}`);
  const sized = stops.some((each) => each.stopQty !== undefined);
  return `basis ${account.pnlBases().get(position.id)}; attached levels have a quantity: ${sized}`;
}

async function moveStop(target: Target, position: Position): Promise<string> {
  const account = accountOf(target);
  const { instrument, mark } = await smallOrder(target);
  const level = (fraction: number): Price =>
    priceFromNumber(toNumber(mark) * (1 + fraction), instrument.tick, 'half-even');
  const request = { symbol: target.symbol, positionId: position.id };
  const whole = () =>
    account
      .protections()
      .then((all) =>
        all.find(
          (each) =>
            each.positionId === position.id &&
            each.stopQty === undefined &&
            each.targetQty === undefined,
        ),
      );
  const steps = [{ stop: level(-0.06), target: level(0.06) }, { stop: level(-0.04) }];
  for (const levels of steps) {
    const outcome = await tradingOf(target).placeProtection({ ...request, ...levels });
    demand(outcome.kind === 'accepted', JSON.stringify(outcome));
    await eventually('the new stop', async () =>
      (await whole())?.stopPrice === levels.stop ? true : undefined,
    );
  }
  const own = await whole();
  demand(own?.targetPrice === steps[0]?.target, 'the target is gone or another one');
  return 'moved';
}

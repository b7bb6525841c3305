import { reduceOf } from '../risk/fixtures.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { qtyFromNumber, toNumber, type Price, type Qty } from '../../src/domain/money/money.ts';
import type { Position } from '../../src/domain/position.ts';
import { accountOf, demand, eventually, tradingOf, type Target } from './contract-case.ts';
import { anEntry, type Entry } from './small-entry.ts';

/** Twice the smallest order, at least 12 USDT: enough for a partial exit. */
export async function smallOrder(
  target: Target,
): Promise<{ instrument: Instrument; qty: Qty; mark: Price }> {
  const { bitunix, symbol } = target;
  const instrument = (await bitunix.market.instruments()).find((each) => each.symbol === symbol);
  const mark = (await bitunix.market.tickers()).find((each) => each.symbol === symbol)?.mark;
  demand(instrument !== undefined && mark !== undefined, `${symbol} has no price`);
  const least = Math.max(2 * toNumber(instrument.minQty), 12 / toNumber(mark));
  return { instrument, mark, qty: qtyFromNumber(least, instrument.step, 'up') };
}

export const smallEntry = async (target: Target, side: 'long' | 'short'): Promise<Entry> =>
  anEntry(target, { side, qty: (await smallOrder(target)).qty });

export const freshId = (target: Target): string => `contract${target.now()}`;

export const positionOf = async (target: Target): Promise<Position | undefined> =>
  (await accountOf(target).positions()).find((each) => each.symbol === target.symbol);

export async function flat(target: Target): Promise<void> {
  const position = await positionOf(target);
  demand(position === undefined, `there is a position in ${target.symbol}: close it first`);
}

/** Opens a small position and closes it whatever happens in between. */
export async function withPosition(
  target: Target,
  side: 'long' | 'short',
  use: (position: Position, clientId: string) => Promise<string>,
): Promise<string> {
  await flat(target);
  const trading = tradingOf(target);
  const clientId = freshId(target);
  const outcome = await trading.placeEntry(await smallEntry(target, side), clientId);
  demand(outcome.kind === 'accepted', `the entry is ${JSON.stringify(outcome)}`);
  const position = await eventually('the position', () => positionOf(target));
  try {
    return await use(position, clientId);
  } finally {
    if ((await positionOf(target)) !== undefined) await trading.closePosition(reduceOf(position));
    await eventually('the account is flat', async () =>
      (await positionOf(target)) === undefined ? true : undefined,
    );
  }
}

import type { Trading } from '../../src/app/ports/trading.ts';
import { priceFromNumber, toNumber, type Price, type Qty } from '../../src/domain/money/money.ts';
import { demand, type Target } from './contract-case.ts';

export type Entry = Parameters<Trading['placeEntry']>[0];

/** A price at that share of the mark, on the tick. */
export async function levelAt(target: Target, share: number): Promise<Price> {
  const { bitunix, symbol } = target;
  const tick = (await bitunix.market.instruments()).find((each) => each.symbol === symbol)?.tick;
  const mark = (await bitunix.market.tickers()).find((each) => each.symbol === symbol)?.mark;
  demand(tick !== undefined && mark !== undefined, `${symbol} has no price`);
  return priceFromNumber(toNumber(mark) * share, tick, 'half-even');
}

/**
 * What the gate would approve, as far as placing reads it, with stop and target 5 % away. The contract is about the wire, not
 * about risk.
 */
export async function anEntry(
  target: Target,
  order: { readonly side: 'long' | 'short'; readonly qty: Qty },
): Promise<Entry> {
  const [low, high] = [await levelAt(target, 0.95), await levelAt(target, 1.05)];
  const levels = order.side === 'long' ? { stop: low, target: high } : { stop: high, target: low };
  const { positionMode } = (await target.bitunix.account?.account()) ?? {};
  return {
    symbol: target.symbol,
    leverage: 5,
    positionMode,
    ...order,
    ...levels,
  } as unknown as Entry;
}

import type { positionClosed } from '../../alerts/rules/position-closed.ts';
import type { Alert } from '../../domain/alert.ts';
import type { Candle, Interval } from '../../domain/candle.ts';
import { intervalMs } from '../../domain/candle.ts';
import type { Price } from '../../domain/money/money.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import type { MarketData } from '../ports/market-data.ts';

/** A closed position with what rested for it at last and the candles around it, as a picture shows it. */
export interface ClosedTrade {
  readonly closed: ClosedPosition;
  readonly stop?: Price;
  readonly target?: Price;
  readonly interval: Interval;
  readonly candles: readonly Candle[];
}

/** From fine to coarse: the first by which the whole trade fits into half of the picture. */
const INTERVALS = ['1m', '5m', '15m', '1h', '4h'] as const satisfies readonly Interval[];
const MOST_CANDLES = 60;
/** Candles shown after the exit, and before the entry at least. */
const AROUND = 20;

/** The trade that an alert tells the end of; undefined for any other alert. Rejects where the exchange gives no candles. */
export async function readClosedTrade(
  { market }: { readonly market: Pick<MarketData, 'candles'> },
  { basis }: Alert,
): Promise<ClosedTrade | undefined> {
  if (basis?.rule !== 'positionClosed') return undefined;
  const [closed, before = {}] = basis.inputs as Parameters<typeof positionClosed>;
  const held = closed.closedAt - closed.openedAt;
  const interval = INTERVALS.find((each) => held <= MOST_CANDLES * intervalMs(each)) ?? '1d';
  const step = intervalMs(interval);
  const limit = Math.min(200, Math.ceil(held / step) + 2 * AROUND);
  const endTime = closed.closedAt + AROUND * step;
  const candles = await market.candles({ symbol: closed.symbol, interval, limit, endTime });
  const { stop, target } = before;
  return {
    closed,
    interval,
    candles,
    ...(stop === undefined ? {} : { stop }),
    ...(target === undefined ? {} : { target }),
  };
}

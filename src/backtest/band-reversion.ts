import { createBollingerBands } from '../indicators/bollinger-bands.ts';
import { createRsi } from '../indicators/rsi.ts';
import { candleAt, type CandleColumns } from './candle-columns.ts';
import { bracketExit, type ExitReason, type Span } from './fills.ts';
import { excursionOf, widen, type Excursion, type Trade } from './trade.ts';

/** Lower band and RSI per row; NaN before the warm-up, which no comparison passes. Computed once for any number of runs. */
export interface ReversionColumns {
  readonly candles: CandleColumns;
  readonly lowerBand: Float64Array;
  readonly rsi: Float64Array;
}

export interface ReversionRule {
  readonly rsiBelow: number;
  /** Fractions of the entry price. */
  readonly stop: number;
  readonly target: number;
  /** Quote currency a trade. */
  readonly notional: number;
  /** Fraction of notional, paid on both legs. */
  readonly takerFee: number;
}

/** The reference rule by which engines are compared. */
export const BAND_REVERSION: ReversionRule = {
  rsiBelow: 30,
  stop: 0.015,
  target: 0.03,
  notional: 100,
  takerFee: 0.0006,
};

export function reversionColumns(candles: CandleColumns): ReversionColumns {
  const lowerBand = new Float64Array(candles.length).fill(NaN);
  const rsi = new Float64Array(candles.length).fill(NaN);
  const bands = createBollingerBands();
  const strength = createRsi();
  for (let row = 0; row < candles.length; row += 1) {
    const candle = candleAt(candles, row);
    bands.update(candle);
    strength.update(candle);
    lowerBand[row] = bands.value()?.lower ?? NaN;
    rsi[row] = strength.value() ?? NaN;
  }
  return { candles, lowerBand, rsi };
}

export interface Market {
  readonly symbol: string;
  readonly category: string;
}

interface Open {
  readonly row: number;
  readonly entry: number;
  readonly stop: number;
  readonly target: number;
  readonly excursion: Excursion;
}

/**
 * Long only, one position a symbol, every row used and gaps in time not looked at: after a close below the lower band with an
 * RSI below 30, buy at the next open; stop first, gaps at the open, the entry candle can already exit, a signal on the candle
 * that closed a position counts. What is open at the end closes at the last close.
 */
export function runBandReversion(
  columns: ReversionColumns,
  market: Market,
  rule: ReversionRule = BAND_REVERSION,
): Trade[] {
  const { candles } = columns;
  const { length } = candles;
  const trades: Trade[] = [];
  let signalRow = nextSignal(columns, 0, rule.rsiBelow);
  while (signalRow + 1 < length) {
    const held = enter(candles.open[signalRow + 1] ?? NaN, signalRow + 1, rule);
    const row = nextTouch(candles, held);
    if (row >= length) {
      const end = {
        row: length - 1,
        price: candles.close[length - 1] ?? NaN,
        reason: 'end',
      } as const;
      trades.push(finish(held, { candles, ...end }, { market, rule }));
      break;
    }
    const touch = bracketExit({ side: 'long', ...held }, spanAt(candles, row));
    if (touch === undefined) throw new Error(`row ${row} touches neither stop nor target`);
    widen(held.excursion, touch.price, touch.price);
    const exit = { candles, row, price: touch.price, reason: touch.reason };
    trades.push(finish(held, exit, { market, rule }));
    signalRow = nextSignal(columns, row, rule.rsiBelow);
  }
  return trades;
}

/** First row from `from` on that closes with a signal; the length when there is none. */
function nextSignal(
  { candles: { close, length }, lowerBand, rsi }: ReversionColumns,
  from: number,
  rsiBelow: number,
): number {
  let row = from;
  while (
    row < length &&
    !((rsi[row] ?? NaN) < rsiBelow && (close[row] ?? NaN) < (lowerBand[row] ?? NaN))
  ) {
    row += 1;
  }
  return row;
}

/** First row from the entry on that reaches stop or target; the length when there is none. Notes how far price went until then. */
function nextTouch({ high, low, length }: CandleColumns, held: Open): number {
  const { stop, target, excursion } = held;
  for (let row = held.row; row < length; row += 1) {
    const bottom = low[row] ?? NaN;
    const top = high[row] ?? NaN;
    if (bottom <= stop || top >= target) return row;
    widen(excursion, bottom, top);
  }
  return length;
}

const spanAt = (candles: CandleColumns, row: number): Span => ({
  open: candles.open[row] ?? NaN,
  high: candles.high[row] ?? NaN,
  low: candles.low[row] ?? NaN,
});

const enter = (entry: number, row: number, rule: ReversionRule): Open => ({
  row,
  entry,
  stop: entry * (1 - rule.stop),
  target: entry * (1 + rule.target),
  excursion: { worst: entry, best: entry },
});

function finish(
  held: Open,
  exit: {
    readonly candles: CandleColumns;
    readonly row: number;
    readonly price: number;
    readonly reason: ExitReason;
  },
  { market, rule }: { readonly market: Market; readonly rule: ReversionRule },
): Trade {
  const quantity = rule.notional / held.entry;
  const fees = rule.takerFee * (rule.notional + quantity * exit.price);
  const time = (row: number): number => exit.candles.time[row] ?? NaN;
  const { mae, mfe } = excursionOf(held.excursion, 'long', held.entry);
  // No spreads here: they cost more than everything else in a run of many variants.
  return {
    symbol: market.symbol,
    category: market.category,
    side: 'long',
    entryTime: time(held.row),
    entryPrice: held.entry,
    exitTime: time(exit.row),
    exitPrice: exit.price,
    quantity,
    fees,
    funding: 0,
    pnl: quantity * (exit.price - held.entry) - fees,
    reason: exit.reason,
    risk:
      quantity * (held.entry - held.stop) + rule.takerFee * (rule.notional + quantity * held.stop),
    candles: exit.row - held.row + 1,
    mae,
    mfe,
  };
}

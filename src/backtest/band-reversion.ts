import { bollingerColumns } from '../indicators/bollinger-bands.ts';
import { rsiColumn } from '../indicators/rsi.ts';
import type { CandleColumns } from './candle-columns.ts';
import { bracketExit, type Bracket, type ExitReason } from './fills.ts';
import { excursionOf, type Excursion, type Trade } from './trade.ts';

/** The rows that close below their lower band: all that the rule asks the indicators. Computed once for any number of runs. */
export interface ReversionColumns {
  readonly candles: CandleColumns;
  /** Ascending. */
  readonly below: readonly number[];
  /** RSI of those rows; NaN before the warm-up, which no comparison passes. */
  readonly rsi: readonly number[];
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
  const { close, length } = candles;
  const { lower } = bollingerColumns(close);
  const strength = rsiColumn(close);
  const below: number[] = [];
  const rsi: number[] = [];
  for (let row = 0; row < length; row += 1) {
    if (!((close[row] ?? NaN) < (lower[row] ?? NaN))) continue;
    below.push(row);
    rsi.push(strength[row] ?? NaN);
  }
  return { candles, below, rsi };
}

export interface Market {
  readonly symbol: string;
  readonly category: string;
}

/**
 * Long only, one position a symbol, every row used and gaps in time not looked at: after a close below the lower band with an
 * RSI below 30, buy at the next open; stop first, gaps at the open, the entry candle can already exit, a signal on the candle
 * that closed a position counts. What is open at the end closes at the last close.
 */
export const runBandReversion = (
  columns: ReversionColumns,
  market: Market,
  rule: ReversionRule = BAND_REVERSION,
): Trade[] =>
  chooseTrades(columns, rule.rsiBelow, (row) => tradeFrom(row, columns.candles, { market, rule }));

/**
 * `runBandReversion` for each rule. What a trade becomes depends on where it is entered and not on the RSI that let it in, so that
 * rules which differ by their RSI alone share their trades.
 */
export function runVariants(
  columns: ReversionColumns,
  market: Market,
  rules: readonly ReversionRule[],
): Trade[][] {
  const possible = signalsBelow(columns, Math.max(...rules.map(({ rsiBelow }) => rsiBelow)));
  const knownOf = new Map<string, (Trade | undefined)[]>();
  return rules.map((rule) => {
    const key = [rule.stop, rule.target, rule.notional, rule.takerFee].join();
    const known = knownOf.get(key) ?? Array.from(possible.below, () => undefined);
    knownOf.set(key, known);
    return chooseTrades(
      possible,
      rule.rsiBelow,
      (row, place) => (known[place] ??= tradeFrom(row, columns.candles, { market, rule })),
    );
  });
}

/** Without the rows that no RSI limit up to this one lets in. */
function signalsBelow({ candles, below, rsi }: ReversionColumns, most: number): ReversionColumns {
  const isLow = (_: number, place: number): boolean => (rsi[place] ?? NaN) < most;
  return { candles, below: below.filter(isLow), rsi: rsi.filter(isLow) };
}

/**
 * Trades one after the other: a row counts as a signal when no position is open after it. `tradeOf`: the trade of a signal row,
 * which is the one at `place` in `below`.
 */
function chooseTrades(
  { candles: { length }, below, rsi }: ReversionColumns,
  rsiBelow: number,
  tradeOf: (signalRow: number, place: number) => Trade,
): Trade[] {
  const trades: Trade[] = [];
  let free = 0;
  for (let place = 0; place < below.length; place += 1) {
    const row = below[place] ?? NaN;
    if (row < free || row + 1 >= length || !((rsi[place] ?? NaN) < rsiBelow)) continue;
    const trade = tradeOf(row, place);
    trades.push(trade);
    free = trade.reason === 'end' ? length : row + trade.candles;
  }
  return trades;
}

interface Entry extends Bracket {
  readonly row: number;
  readonly price: number;
}

interface Run {
  readonly market: Market;
  readonly rule: ReversionRule;
}

/** The trade of a signal on `signalRow`, which is not the last row. */
function tradeFrom(signalRow: number, candles: CandleColumns, run: Run): Trade {
  const row = signalRow + 1;
  const price = candles.open[row] ?? NaN;
  const entry: Entry = {
    side: 'long',
    row,
    price,
    stop: price * (1 - run.rule.stop),
    target: price * (1 + run.rule.target),
  };
  const { market, rule } = run;
  return record(entry, endOf(entry, candles), { time: candles.time, market, rule });
}

interface Ending {
  readonly row: number;
  readonly price: number;
  readonly reason: ExitReason;
  readonly excursion: Excursion;
}

/** Where the position ends: in the first row from the entry on that reaches stop or target, else at the last close. */
function endOf(entry: Entry, { open, high, low, close, length }: CandleColumns): Ending {
  const { stop, target } = entry;
  let worst = entry.price;
  let best = entry.price;
  for (let row = entry.row; row < length; row += 1) {
    const bottom = low[row] ?? NaN;
    const top = high[row] ?? NaN;
    if (bottom <= stop || top >= target) {
      const touch = bracketExit(entry, { open: open[row] ?? NaN, high: top, low: bottom });
      if (touch === undefined) throw new Error(`row ${row} touches neither stop nor target`);
      const { price, reason } = touch;
      const excursion = { worst: Math.min(worst, price), best: Math.max(best, price) };
      return { row, price, reason, excursion };
    }
    if (bottom < worst) worst = bottom;
    if (top > best) best = top;
  }
  const price = close[length - 1] ?? NaN;
  return { row: length - 1, price, reason: 'end', excursion: { worst, best } };
}

function record(
  entry: Entry,
  exit: Ending,
  { time, market, rule }: Run & Pick<CandleColumns, 'time'>,
): Trade {
  const quantity = rule.notional / entry.price;
  const fees = rule.takerFee * (rule.notional + quantity * exit.price);
  const stopFees = rule.takerFee * (rule.notional + quantity * entry.stop);
  const { mae, mfe } = excursionOf(exit.excursion, 'long', entry.price);
  // Field by field: a spread would cost more than everything else in a run of many variants.
  return {
    symbol: market.symbol,
    category: market.category,
    side: 'long',
    entryTime: time[entry.row] ?? NaN,
    entryPrice: entry.price,
    exitTime: time[exit.row] ?? NaN,
    exitPrice: exit.price,
    quantity,
    fees,
    funding: 0,
    pnl: quantity * (exit.price - entry.price) - fees,
    reason: exit.reason,
    risk: quantity * (entry.price - entry.stop) + stopFees,
    candles: exit.row - entry.row + 1,
    mae,
    mfe,
  };
}

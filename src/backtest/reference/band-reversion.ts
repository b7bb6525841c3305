import { REVERSION } from '../../signals/strategies/band-reversion.ts';
import type { ReversionColumns } from './reversion-columns.ts';
import { createEntries, feesOf, type Entries, type ReversionRule } from './reversion-entries.ts';
import { excursionOf, type Trade } from '../trade/trade.ts';

/**
 * The reference rule by which engines are compared, and the engine that runs it. It stands beside the one of `study/` because the
 * comparison fixes what that one must not do: no slippage, no funding, gaps in time not looked at, a signal on the candle that closed a
 * position, prices not rounded to the contract's tick.
 */
export const BAND_REVERSION: ReversionRule = {
  ...REVERSION,
  notional: 100,
  takerFee: 0.0006,
};

export interface Market {
  readonly symbol: string;
  readonly category: string;
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
  return runVariants(columns, market, [rule]).tradesOf(0);
}

/** What one rule did. */
export interface Variant {
  readonly rule: ReversionRule;
  readonly count: number;
  /** Trades that earned something after fees. */
  readonly wins: number;
  /** After fees, in quote currency. */
  readonly pnl: number;
  /** Sum of the results in R: divided by `count` the expectancy. */
  readonly sumR: number;
}

export interface Variants {
  /** In the order of the rules. */
  readonly figures: readonly Variant[];
  /** The trades of one rule by its index, made when asked for. Throws RangeError for another index. */
  tradesOf(index: number): Trade[];
}

/**
 * `runBandReversion` for each rule. What an entry becomes depends on its row, stop, target and money and not on the RSI that let
 * it in: rules that differ by their RSI alone share their entries, and all share one search for where they end.
 */
export function runVariants(
  columns: ReversionColumns,
  market: Market,
  rules: readonly ReversionRule[],
): Variants {
  const possible = signalsBelow(columns, Math.max(...rules.map(({ rsiBelow }) => rsiBelow)));
  const kinds: ReversionRule[] = [];
  const kindOf = rules.map((rule) => {
    const known = kinds.findIndex((each) => isSameKind(each, rule));
    return known < 0 ? kinds.push(rule) - 1 : known;
  });
  const entries = createEntries(possible, kinds);
  const made: Trade[][] = [];
  return {
    figures: rules.map((rule, index) => figuresOf(possible, rule, entries(kindOf[index] ?? NaN))),
    tradesOf(index) {
      const rule = rules[index];
      const kind = kindOf[index];
      if (rule === undefined || kind === undefined) throw new RangeError(`no rule ${index}`);
      const entry = entries(kind);
      const known = (made[kind] ??= []);
      return placesOf(possible, rule.rsiBelow, entry).map(
        (place) => (known[place] ??= record(place, possible, { rule, market, entry })),
      );
    },
  };
}

const isSameKind = (one: ReversionRule, other: ReversionRule): boolean =>
  one.stop === other.stop &&
  one.target === other.target &&
  one.notional === other.notional &&
  one.takerFee === other.takerFee;

/** Without the rows that no RSI limit up to this one lets in, and without the last row, which no candle follows. */
function signalsBelow(columns: ReversionColumns, most: number): ReversionColumns {
  const below: number[] = [];
  const rsi: number[] = [];
  for (const [place, row] of columns.below.entries()) {
    const strength = columns.rsi[place] ?? NaN;
    if (!(strength < most) || row + 1 >= columns.candles.length) continue;
    below.push(row);
    rsi.push(strength);
  }
  return { ...columns, below, rsi };
}

/** The figures of the entries that are made one after the other. */
function figuresOf(columns: ReversionColumns, rule: ReversionRule, entry: Entries): Variant {
  const { rsiBelow } = rule;
  let count = 0;
  let wins = 0;
  let pnl = 0;
  let sumR = 0;
  let place = signalFrom(0, columns, rsiBelow);
  while (place >= 0) {
    const at = entry.look(place);
    const earned = entry.pnl[at] ?? NaN;
    count += 1;
    if (earned > 0) wins += 1;
    pnl += earned;
    sumR += entry.inR[at] ?? NaN;
    place = signalFrom(entry.next[at] ?? NaN, columns, rsiBelow);
  }
  return { rule, count, wins, pnl, sumR };
}

/** The same entries as a list of places: a row counts as a signal when no position is open after it. */
function placesOf(columns: ReversionColumns, rsiBelow: number, entry: Entries): number[] {
  const places: number[] = [];
  let place = signalFrom(0, columns, rsiBelow);
  while (place >= 0) {
    places.push(place);
    place = signalFrom(entry.next[entry.look(place)] ?? NaN, columns, rsiBelow);
  }
  return places;
}

/** The first place from this one on that the RSI lets in; below 0 when there is none. */
function signalFrom(from: number, { rsi }: ReversionColumns, rsiBelow: number): number {
  for (let place = from; place < rsi.length; place += 1) {
    if ((rsi[place] ?? NaN) < rsiBelow) return place;
  }
  return -1;
}

interface Run {
  readonly rule: ReversionRule;
  readonly market: Market;
  readonly entry: Entries;
}

/** The trade that is entered after the row at that place. */
function record(
  place: number,
  { candles: { time, open }, below }: ReversionColumns,
  { rule, market, entry }: Run,
): Trade {
  const entryRow = (below[place] ?? NaN) + 1;
  const entryPrice = open[entryRow] ?? NaN;
  const { row, price, reason } = entry.exit(place);
  const quantity = rule.notional / entryPrice;
  const { mae, mfe } = excursionOf(entry.excursion(place), 'long', entryPrice);
  return {
    symbol: market.symbol,
    category: market.category,
    side: 'long',
    entryTime: time[entryRow] ?? NaN,
    entryPrice,
    exitTime: time[row] ?? NaN,
    exitPrice: price,
    quantity,
    fees: feesOf(rule, quantity, price),
    funding: 0,
    pnl: entry.pnl[entry.look(place)] ?? NaN,
    reason,
    risk: entry.risk(place),
    candles: row - entryRow + 1,
    mae,
    mfe,
  };
}

import type { Timestamp } from '../../domain/time.ts';
import { BAND_REVERSION, runBandReversion, runVariants } from '../reference/band-reversion.ts';
import type { ReversionRule } from '../reference/reversion-entries.ts';
import { reversionColumns, type ReversionColumns } from '../reference/reversion-columns.ts';
import { buyAndHold, type Random } from '../study/baselines.ts';
import { BREAKDOWNS, breakdown, byScoreBand, type Group } from './breakdown.ts';
import { rowAt, sliceColumns, type CandleColumns } from '../candles/candle-columns.ts';
import { claimOf } from './claim.ts';
import { realisedEquity, type EquityPoint } from './equity.ts';
import { metricsOf, type Metrics } from './metrics.ts';
import { shuffledDrawdowns, type MonteCarlo } from './monte-carlo.ts';
import type { MeanInterval } from './statistics.ts';
import { byEntry, meanR, type Trade } from '../trade/trade.ts';
import { weeksOf, type Weeks } from './weeks.ts';
import { splitTrades } from '../honesty/walk-forward.ts';

/** Recorded candles of one symbol. */
export interface Recording {
  readonly symbol: string;
  readonly category: string;
  readonly candles: CandleColumns;
  /** Length of one of them. */
  readonly candleMs: number;
}

export interface Window {
  readonly from: Timestamp;
  /** Exclusive. */
  readonly to: Timestamp;
}

/** A set of trades with everything that is said about it. */
export interface Analysis {
  readonly trades: readonly Trade[];
  readonly equity: readonly EquityPoint[];
  readonly metrics: Metrics;
  readonly claim: string;
  readonly weeks: Weeks;
  readonly groups: Readonly<Record<string, readonly Group[]>>;
  /** Random entries with the same exits; undefined where none were run. */
  readonly random: MeanInterval | undefined;
  readonly buyAndHold: number;
  readonly monteCarlo: MonteCarlo;
  /** Mean R before and after the moment at which 70 % of the window is over. */
  readonly split: {
    readonly at: Timestamp;
    readonly inSample: MeanInterval;
    readonly outOfSample: MeanInterval;
  };
}

/** Share of the window that counts as in-sample. */
const IN_SAMPLE = 0.7;

export interface AnalysisInput {
  readonly trades: readonly Trade[];
  readonly equity: readonly EquityPoint[];
  readonly randomTrades: readonly Trade[] | undefined;
  readonly held: readonly CandleColumns[];
  readonly window: Window;
  readonly takerFee: number;
  /** Variants that were tried before these trades were looked at; of the built-in strategies those of their study. */
  readonly tried?: number | undefined;
  /** Length of a symbol's candles. */
  readonly candleMs: (symbol: string) => number;
  readonly random: Random;
}

const resultsOf = (trades: readonly Trade[]): number[] =>
  trades.map((trade) => trade.pnl / trade.risk);

export function analyse(input: AnalysisInput): Analysis {
  const { trades, equity, window } = input;
  const metrics = metricsOf({ trades, equity, candleMs: input.candleMs });
  const random = input.randomTrades === undefined ? undefined : meanR(input.randomTrades);
  const at = window.from + Math.floor((window.to - window.from) * IN_SAMPLE);
  const { inSample, outOfSample } = splitTrades(trades, at);
  const groups = Object.entries(BREAKDOWNS).map(
    ([name, keyOf]) => [name, breakdown(trades, keyOf)] as const,
  );
  return {
    trades,
    equity,
    metrics,
    claim: claimOf(metrics.expectancyR, random),
    weeks: weeksOf(trades, window.to, input.tried),
    groups: { ...Object.fromEntries(groups), 'score band': byScoreBand(trades) },
    random,
    buyAndHold: buyAndHold(input.held, input.takerFee),
    monteCarlo: shuffledDrawdowns(resultsOf(trades), input.random),
    split: {
      at,
      inSample: meanR(inSample),
      outOfSample: meanR(outOfSample),
    },
  };
}

/** The rows of a recording that lie in the window. */
export function withinWindow(candles: CandleColumns, { from, to }: Window): CandleColumns {
  return sliceColumns(candles, rowAt(candles, from), rowAt(candles, to));
}

export interface ReversionInput {
  readonly recordings: readonly Recording[];
  readonly window: Window;
  /** Money at the start: the rule itself trades 100 USDT each time, whatever is left. */
  readonly equity: number;
  readonly tried?: number | undefined;
  readonly random: Random;
  readonly onSymbol?: (symbol: string) => void;
}

/** The rows of a recording that are known at the end of the window. */
export const knownRows = (candles: CandleColumns, { to }: Window): CandleColumns =>
  sliceColumns(candles, 0, rowAt(candles, to));

/**
 * The reference rule on every recording, with its baselines. Rows before the window warm the indicators up; entries and exits lie
 * within it.
 */
export function analyseReversion(input: ReversionInput): Analysis {
  const trades: Trade[] = [];
  const randomTrades: Trade[] = [];
  const { recordings, window, random } = input;
  for (const recording of recordings) {
    input.onSymbol?.(recording.symbol);
    const { columns, first } = reversionIn(recording, window);
    trades.push(...runBandReversion(columns, recording));
    randomTrades.push(...runBandReversion(randomSignals(columns, first, random), recording));
  }
  trades.sort(byEntry);
  const equity = realisedEquity(trades, { at: window.from, equity: input.equity }, window.to);
  const { takerFee } = BAND_REVERSION;
  const held = recordings.map(({ candles }) => withinWindow(candles, window));
  const lengths = new Map(recordings.map(({ symbol, candleMs }) => [symbol, candleMs]));
  const candleMs = (symbol: string): number => lengths.get(symbol) ?? NaN;
  const { tried } = input;
  const own = { trades, equity, randomTrades, held, window, takerFee, candleMs, random };
  return analyse({ ...own, tried });
}

/** The trades of each variant of the reference rule in one recording, with entries within the window. */
export function reversionVariants(
  recording: Recording,
  window: Window,
  rules: readonly ReversionRule[],
): readonly (readonly Trade[])[] {
  const { tradesOf } = runVariants(reversionIn(recording, window).columns, recording, rules);
  return rules.map((_, index) => tradesOf(index));
}

/** What the rule needs of a recording, and the first row in which it may enter. */
function reversionIn(
  recording: Recording,
  window: Window,
): { readonly columns: ReversionColumns; readonly first: number } {
  const candles = knownRows(recording.candles, window);
  const first = rowAt(candles, window.from);
  return { columns: enteredFrom(reversionColumns(candles), first), first };
}

/** Only the signals whose entry lies in row `first` or later. */
function enteredFrom(columns: ReversionColumns, first: number): ReversionColumns {
  const { below, rsi } = columns;
  const isIn = (place: number): boolean => (below[place] ?? NaN) + 1 >= first;
  return {
    ...columns,
    below: below.filter((_, place) => isIn(place)),
    rsi: rsi.filter((_, place) => isIn(place)),
  };
}

/** The same columns with entries at random rows from `first` on, as many a row as there are real ones. */
function randomSignals(columns: ReversionColumns, first: number, random: Random): ReversionColumns {
  const { candles, rsi } = columns;
  const start = Math.max(0, first - 1);
  const signals = rsi.filter((each) => each < BAND_REVERSION.rsiBelow).length;
  const chance = signals / Math.max(1, candles.length - start);
  const below: number[] = [];
  for (let row = start; row < candles.length; row += 1) if (random() < chance) below.push(row);
  return { ...columns, below, rsi: below.map(() => 0) };
}

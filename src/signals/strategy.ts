import type { Candle, CandleColumns, Interval } from '../domain/candle.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Side } from '../domain/position.ts';
import type { CriterionResult, Place } from '../domain/signal.ts';
import type { Timestamp } from '../domain/time.ts';
import type { TradePrices } from './levels.ts';
import type { StrategyParameters } from './parameters.ts';

/** What every strategy knows of a closed candle. Prices and ATR in price units. */
export interface View {
  readonly closedAt: Timestamp;
  readonly close: number;
  readonly atr: number;
  /** Quote currency traded in the 24 h to that close: the sum of close times volume. */
  readonly dayTurnover: number;
}

/** What a strategy wants on the candle that just closed. `score`: 0 to 100, where it counts one. */
export interface EntryRequest {
  readonly side: Side;
  readonly score?: number;
}

/** A view after every row of a history: a column a field, NaN while it has no value. */
export type ViewColumns<V> = Readonly<Record<keyof V, Float64Array>>;

/** What a strategy knows of one symbol over one unbroken stretch of candles. The caller sees to order, gaps and faults. */
export interface History<V> {
  /** The candle is not kept. */
  push(candle: Candle): void;
  /** Another version of the last candle, with the same open time. */
  replace(candle: Candle): void;
  /** Undefined while any of it is without a value. */
  snapshot(): V | undefined;
}

/** What is known while words or prices are asked for. */
export interface Question<V> {
  readonly view: V;
  readonly parameters: StrategyParameters;
  readonly side: Side;
}

export interface Explanation {
  /** What was measured, ready to show. */
  readonly value: string;
  /** Why it counts or does not, in plain words. */
  readonly reason: string;
}

/**
 * One question that the strategy asks of a snapshot. `met` is arithmetic alone, for backtests of millions of candles; the
 * words are made only where somebody reads them. A filter ignores the side.
 */
export interface StrategyCriterion<V> {
  readonly id: string;
  readonly label: string;
  /** Points it adds to the score when met. All weights together are 100. */
  readonly weight: number;
  /** All that `met` reads of the parameters: variants alike in these share its answers. */
  readonly thresholds: readonly (keyof StrategyParameters)[];
  met(view: V, parameters: StrategyParameters, side: Side): boolean;
  explain(view: V, parameters: StrategyParameters, side: Side): Explanation;
}

/**
 * All that is particular to one strategy. Live it is fed candle by candle (`createHistory`), in a backtest it reads columns
 * (`columnsOf`, `viewAt`); both give the same views to the last bit, and one `decide` and one `pricesOf` follow.
 */
export interface Strategy<V extends View = View> {
  /** Lower case letters and "-": it stands in ids, on cards and on the command line. */
  readonly name: string;
  /** What it looks for, in one plain sentence for the card. */
  readonly about: string;
  readonly interval: Interval;
  /** Closed candles in a row that it needs before its first signal. */
  readonly minHistory: number;
  /** Missing candles in a row that it bridges, going on with the candles there are; after more everything starts over. */
  readonly bridgedGap: number;
  /** Candles in a row after a bridged gap before it speaks again; with 1 the first one is judged against the last before the gap. */
  readonly afterGap: number;
  /**
   * Its signal is an event: on none of so many candles before may its condition have stood for that side. 0: every candle on which it
   * stands is a signal.
   */
  readonly quietFor: number;
  /** A signal that is older than this, counted from the close of its candle, is none any more. */
  readonly lapsesAfterMs: number;
  /** Its stop and target move with the price to the card that is confirmed (`anchored`, ordering/anchor.ts); else they stay where the signal put them. */
  readonly anchorsToMark?: true;
  /** Candles after which a trade that met neither stop nor target is left at the close; absent: a backtest follows it on. */
  readonly leavesAfter?: number;
  /**
   * The rule by which engines are compared: its backtest takes candles of any length, every row of them, gaps and jumps too, and
   * follows its bracket with the engine of backtest/reference.
   */
  readonly isReference?: true;
  /** Where it stands in demo and paper until the owner puts it elsewhere; with real money it is watched first. */
  readonly place: Place;
  /** Whether the live scan asks it. The others are for backtests. */
  readonly isScanned: boolean;
  readonly parameters: StrategyParameters;
  /** Reward to risk that its target is set for, after costs. */
  readonly rewardRisk: number;
  /** What its score is counted from; absent where it has none. */
  readonly criteria?: readonly StrategyCriterion<V>[];
  createHistory(): History<V>;
  columnsOf(candles: CandleColumns): ViewColumns<V>;
  /** Each column by its name: to look it up by a variable costs several times as much, at every row of every variant. */
  viewAt(columns: ViewColumns<V>, row: number): V;
  /** Whether `decide` may name a side on a row at all, told from the columns without a view; absent: always. */
  mayStand?(columns: ViewColumns<V>, row: number): boolean;
  /** All that `decide` and `stood` read of the parameters: variants alike in these share its events. */
  readonly decidesBy: readonly (keyof StrategyParameters)[];
  /** Its condition on one candle, whether or not that is new: `eventOf` (event.ts) makes a signal of it. */
  decide(view: V, parameters: StrategyParameters): EntryRequest | undefined;
  /** Whether an earlier candle spoils a later event of that side; absent: where `decide` names that side. */
  stood?(view: V, parameters: StrategyParameters, side: Side): boolean;
  /** Why there is no signal: a stable code, and a plain sentence. */
  whyNot(
    view: V,
    parameters: StrategyParameters,
  ): { readonly why: string; readonly reason: string };
  /** Entry, stop and target on the tick; a text says why there are none. */
  pricesOf(question: Question<V>, instrument: Pick<Instrument, 'tick'>): TradePrices | string;
  /**
   * What the parameters come to in `pricesOf` for this view: variants with the same text have the same prices there, such as all whose
   * stop is cut to the same greatest distance. Absent, or no text: each is asked for its prices.
   */
  levelsBy?(question: Question<V>, instrument: Pick<Instrument, 'tick'>): string | undefined;
  /**
   * What a candle that closes at about that price, right after the one of the view, may be at best: a clean event, one that is not, or
   * none. Such contracts are read first once it has closed. Absent: nothing of it can be told beforehand.
   */
  outlook?(view: V, price: number, parameters: StrategyParameters): 'clean' | 'capped' | undefined;
  /** Whether its stop stands at its usual distance; absent where that says nothing. Such signals come first. */
  isClean?(question: Question<V>): boolean;
  /** Each condition with what was measured and why it counts. */
  explain(question: Question<V>): readonly CriterionResult[];
}

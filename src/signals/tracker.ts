import type { Candle } from '../domain/candle.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Timestamp } from '../domain/time.ts';
import {
  createContinuity,
  type FeedCounts,
  type FeedOutcome,
  type Readiness,
} from './continuity.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import type { StrategyParameters } from './parameters.ts';
import { eventOf } from './event.ts';
import type { EntryRequest, History, Strategy, View } from './strategy.ts';

/** State of one symbol for one strategy, updated per closed candle and never recomputed from history. */
export interface SymbolTracker<V extends View = View> {
  readonly symbol: string;
  readonly strategy: Strategy<V>;
  /** The candle is not kept: the next may be the same object with other figures. */
  feed(candle: Candle): FeedOutcome;
  /** Undefined until ready. */
  snapshot(): V | undefined;
  readiness(): Readiness;
  /** Candles that must still follow in a row before it can find an event: 0 where it could on the newest one. */
  candlesToCome(): number;
  /** What it wants on the newest candle, without words and prices. */
  request(parameters: StrategyParameters): EntryRequest | undefined;
  evaluate(instrument: Instrument, parameters?: StrategyParameters): Evaluation;
  /** Open time of the newest candle used. */
  lastOpenTime(): Timestamp | undefined;
  counts(): FeedCounts;
}

/**
 * A tracker for closed candles of the strategy's interval. Faulty candles, bad ticks and candles without any volume are refused and
 * leave a gap; when a third candle in a row stands at another price level, everything starts over there.
 */
export function createTracker<V extends View>(
  symbol: string,
  strategy: Strategy<V>,
): SymbolTracker<V> {
  const continuity = createContinuity(strategy);
  let history: History<V> = strategy.createHistory();
  /** What was known after each of the newest candles used, the newest last: as many as an event is judged by. */
  let views: (V | undefined)[] = [];
  const snapshot = (): V | undefined => views.at(-1);
  const earlier = (candles: number): V | undefined => views.at(-1 - candles);
  /** Views in a row up to the newest: an event is judged by so many before it. */
  const known = (): number => views.length - 1 - views.findLastIndex((each) => each === undefined);
  return {
    symbol,
    strategy,
    feed(candle) {
      const outcome = continuity.take(candle);
      if (outcome.kind === 'refused' || outcome.kind === 'ignored') return outcome;
      if (outcome.kind === 'restarted') {
        history = strategy.createHistory();
        views = [];
      }
      if (outcome.kind === 'revised') {
        history.replace(candle);
        views.pop();
      } else history.push(candle);
      views.push(continuity.isReady() ? history.snapshot() : undefined);
      if (views.length > strategy.quietFor + 1) views.shift();
      return outcome;
    },
    snapshot,
    readiness: () => continuity.readiness(),
    candlesToCome() {
      const { ready, have, need } = continuity.readiness();
      return ready ? strategy.quietFor + 1 - known() : need - have + strategy.quietFor;
    },
    request(parameters) {
      const view = snapshot();
      return view && eventOf(strategy, { view, earlier }, parameters);
    },
    evaluate(instrument, parameters = strategy.parameters) {
      if (instrument.symbol !== symbol) {
        throw new RangeError(`the tracker of "${symbol}" was asked about "${instrument.symbol}"`);
      }
      const view = snapshot();
      if (view !== undefined) {
        return evaluate({ strategy, view, instrument, parameters }, earlier);
      }
      const { have, need, reason } = continuity.readiness();
      return { kind: 'not-ready', symbol, have, need, reason };
    },
    lastOpenTime: () => continuity.lastOpenTime(),
    counts: () => continuity.counts(),
  };
}

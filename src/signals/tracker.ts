import type { Candle } from '../domain/candle.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Timestamp } from '../domain/time.ts';
import {
  createContinuity,
  type FeedCounts,
  type FeedOutcome,
  type Readiness,
} from './continuity.ts';
import { evaluateSnapshot, type Evaluation } from './evaluate.ts';
import { createHistory, type History } from './history.ts';
import type { StrategyParameters } from './parameters.ts';
import type { Snapshot } from './snapshot.ts';

/** State of one symbol, updated per closed 1 h candle and never recomputed from history. */
export interface SymbolTracker {
  readonly symbol: string;
  feed(candle: Candle): FeedOutcome;
  /** Undefined until ready. */
  snapshot(): Snapshot | undefined;
  readiness(): Readiness;
  evaluate(instrument: Instrument, parameters: StrategyParameters): Evaluation;
  /** Open time of the newest candle used. */
  lastOpenTime(): Timestamp | undefined;
  counts(): FeedCounts;
}

/**
 * A tracker for closed 1 h candles; 4 h candles are built within. 150 candles in a row make it ready, so that one page of 200
 * suffices. Faulty candles, bad ticks and candles without any volume are refused and leave a gap; when a third candle in a row
 * stands at another price level, everything starts over there.
 */
export function createTracker(symbol: string): SymbolTracker {
  const continuity = createContinuity();
  let history: History = createHistory();
  const snapshot = (): Snapshot | undefined =>
    continuity.isReady() ? history.snapshot() : undefined;
  return {
    symbol,
    feed(candle) {
      const outcome = continuity.take(candle);
      if (outcome.kind === 'refused' || outcome.kind === 'ignored') return outcome;
      if (outcome.kind === 'restarted') history = createHistory();
      if (outcome.kind === 'revised') history.replace(candle);
      else history.push(candle);
      return outcome;
    },
    snapshot,
    readiness: () => continuity.readiness(),
    evaluate(instrument, parameters) {
      if (instrument.symbol !== symbol) {
        throw new RangeError(`the tracker of "${symbol}" was asked about "${instrument.symbol}"`);
      }
      const view = snapshot();
      if (view !== undefined) return evaluateSnapshot(view, instrument, parameters);
      const { have, need, reason } = continuity.readiness();
      return { kind: 'not-ready', symbol, have, need, reason };
    },
    lastOpenTime: () => continuity.last()?.openTime,
    counts: () => continuity.counts(),
  };
}

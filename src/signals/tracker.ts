import type { Candle } from '../domain/candle.ts';
import type { Instrument } from '../domain/instrument.ts';
import { HOUR, type Timestamp } from '../domain/time.ts';
import { createTickWatch } from '../indicators/bad-tick.ts';
import { candleFault } from '../indicators/candle-fault.ts';
import { evaluateSnapshot, type Evaluation } from './evaluate.ts';
import { createHistory, type History } from './history.ts';
import type { StrategyParameters } from './parameters.ts';
import type { Snapshot } from './snapshot.ts';

/** Candles after which the seeds of Wilder and exponential averages have faded to below a ten-thousandth. */
export const WARM_UP_CANDLES = 150;
/** A gap of up to this many candles is bridged; after a longer one everything warms up again. */
export const BRIDGED_GAP = 3;
/** After a bridged gap there is no snapshot until the windows of 20 hold only candles in a row. */
export const CANDLES_AFTER_GAP = 20;

/** What became of a candle. Nothing is used silently: every outcome but `used` is worth a line in a log. */
export type FeedOutcome =
  | { readonly kind: 'used' }
  | { readonly kind: 'used-after-gap'; readonly missing: number }
  | { readonly kind: 'restarted'; readonly missing: number }
  /** Same open time as the last candle, other figures: the last one was replaced. */
  | { readonly kind: 'revised' }
  | { readonly kind: 'ignored'; readonly why: 'duplicate' | 'out-of-order' }
  | { readonly kind: 'refused'; readonly reason: string };

export type FeedCounts = Readonly<Record<FeedOutcome['kind'], number>>;

const NOTHING_FED: FeedCounts = {
  used: 0,
  'used-after-gap': 0,
  restarted: 0,
  revised: 0,
  ignored: 0,
  refused: 0,
};

export interface Readiness {
  readonly ready: boolean;
  readonly have: number;
  readonly need: number;
  readonly reason: string;
}

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
  let history: History = createHistory();
  let last: Candle | undefined;
  let sinceStart = 0;
  let inRow = 0;
  let bridged = false;
  const tickOf = createTickWatch();
  const counts: Record<FeedOutcome['kind'], number> = { ...NOTHING_FED };

  function accept(candle: Candle): FeedOutcome {
    const refusal = refusalOf(candle);
    if (refusal !== undefined) return { kind: 'refused', reason: refusal };
    if (last !== undefined && candle.openTime < last.openTime) {
      return { kind: 'ignored', why: 'out-of-order' };
    }
    const missing = last === undefined ? 0 : (candle.openTime - last.openTime) / HOUR - 1;
    const longGap = missing > BRIDGED_GAP;
    const tick = tickOf(candle, longGap ? undefined : last?.close);
    if (typeof tick === 'object') return { kind: 'refused', reason: tick.reason };
    if (last?.openTime === candle.openTime) return repeat(last, candle);
    const restart = longGap || tick === 'new-level';
    if (restart) {
      history = createHistory();
      sinceStart = 0;
      bridged = false;
    } else if (missing > 0) {
      inRow = 0;
      bridged = true;
    }
    history.push(candle);
    last = candle;
    sinceStart += 1;
    inRow = restart ? 1 : inRow + 1;
    if (missing === 0) return { kind: 'used' };
    return { kind: restart ? 'restarted' : 'used-after-gap', missing };
  }

  function repeat(before: Candle, candle: Candle): FeedOutcome {
    if (sameFigures(before, candle)) return { kind: 'ignored', why: 'duplicate' };
    history.replace(candle);
    last = candle;
    return { kind: 'revised' };
  }

  const readiness = (): Readiness => readinessOf({ sinceStart, inRow, bridged });
  const snapshot = (): Snapshot | undefined =>
    isReady({ sinceStart, inRow, bridged }) ? history.snapshot() : undefined;

  return {
    symbol,
    feed(candle) {
      const outcome = accept(candle);
      counts[outcome.kind] += 1;
      return outcome;
    },
    snapshot,
    readiness,
    evaluate(instrument, parameters) {
      if (instrument.symbol !== symbol) {
        throw new RangeError(`the tracker of "${symbol}" was asked about "${instrument.symbol}"`);
      }
      const view = snapshot();
      if (view !== undefined) return evaluateSnapshot(view, instrument, parameters);
      const { have, need, reason } = readiness();
      return { kind: 'not-ready', symbol, have, need, reason };
    },
    lastOpenTime: () => last?.openTime,
    counts: () => ({ ...counts }),
  };
}

interface Progress {
  readonly sinceStart: number;
  readonly inRow: number;
  readonly bridged: boolean;
}

const isReady = ({ sinceStart, inRow, bridged }: Progress): boolean =>
  sinceStart >= WARM_UP_CANDLES && (!bridged || inRow >= CANDLES_AFTER_GAP);

function readinessOf(progress: Progress): Readiness {
  const { sinceStart, inRow } = progress;
  if (sinceStart < WARM_UP_CANDLES) {
    const reason = `${sinceStart} of ${WARM_UP_CANDLES} candles in a row`;
    return { ready: false, have: sinceStart, need: WARM_UP_CANDLES, reason };
  }
  if (isReady(progress)) {
    return { ready: true, have: sinceStart, need: WARM_UP_CANDLES, reason: 'ready' };
  }
  const reason = `${inRow} of ${CANDLES_AFTER_GAP} candles since a short gap`;
  return { ready: false, have: inRow, need: CANDLES_AFTER_GAP, reason };
}

function refusalOf(candle: Candle): string | undefined {
  const fault = candleFault(candle);
  if (fault !== undefined) return fault;
  if (candle.openTime % HOUR !== 0) return `${candle.openTime} is no full hour`;
  return candle.volume > 0 ? undefined : 'nothing was traded in it (volume 0)';
}

const sameFigures = (one: Candle, other: Candle): boolean =>
  one.open === other.open &&
  one.high === other.high &&
  one.low === other.low &&
  one.close === other.close &&
  one.volume === other.volume;

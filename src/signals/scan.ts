import type { Instrument } from '../domain/instrument.ts';
import type { Signal } from '../domain/signal.ts';
import { intervalMs } from '../domain/candle.ts';
import { formatDuration, type Timestamp } from '../domain/time.ts';
import type { Evaluation } from './evaluate.ts';
import { within, type SignalLimits } from './parameters.ts';
import type { SymbolTracker } from './tracker.ts';

type NotReady = Extract<Evaluation, { kind: 'not-ready' }>;
type None = Extract<Evaluation, { kind: 'none' }>;

export interface ScanInput {
  readonly trackers: Iterable<SymbolTracker>;
  /** By symbol. A tracker without its instrument is listed as not ready. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Close of the newest closed candle: a tracker that lacks the one that closed then is not ready, whatever it says. */
  readonly closedAt: Timestamp;
  /** Those in force: what the gate would refuse for its score or prices is no signal. */
  readonly limits: SignalLimits;
}

export interface ScanResult {
  /** Best first (see `byRank`). Empty is a good answer. */
  readonly signals: readonly Signal[];
  readonly none: readonly None[];
  readonly notReady: readonly NotReady[];
  /** Symbols that gave an answer: signals and none. */
  readonly evaluated: number;
}

/** Asks every tracker and ranks what it finds. */
export function scan(input: ScanInput): ScanResult {
  const signals: Signal[] = [];
  const none: None[] = [];
  const notReady: NotReady[] = [];
  for (const tracker of input.trackers) {
    const answer = ask(tracker, input);
    if (answer.kind === 'signal') signals.push(answer.signal);
    else if (answer.kind === 'none') none.push(answer);
    else notReady.push(answer);
  }
  signals.sort(byRank);
  return { signals, none, notReady, evaluated: signals.length + none.length };
}

function ask(tracker: SymbolTracker, { instruments, closedAt, limits }: ScanInput): Evaluation {
  const { symbol, strategy } = tracker;
  const candleMs = intervalMs(strategy.interval);
  const candleOpenTime = closedAt - candleMs;
  const last = tracker.lastOpenTime();
  const { have, need } = tracker.readiness();
  if (last !== undefined && last < candleOpenTime) {
    const late = formatDuration(candleOpenTime - last);
    const reason = `the newest candle is missing: the last one is ${late} older`;
    return { kind: 'not-ready', symbol, have, need, reason };
  }
  if (last !== undefined && last > candleOpenTime) {
    const reason = `the last candle, closed at ${last + candleMs}, was not closed yet`;
    return { kind: 'not-ready', symbol, have, need, reason };
  }
  const instrument = instruments.get(symbol);
  if (instrument === undefined) {
    return { kind: 'not-ready', symbol, have, need, reason: 'its contract is unknown' };
  }
  return tracker.evaluate(instrument, within(strategy.parameters, limits));
}

/**
 * Order of signals from best to worst: clean ones, then turnover, then symbol and strategy; never 0 for different signals, so that a
 * scan is repeatable. What is traded more fills closer to its price. No score ranks: it carries no information about the result.
 * Nor does reward : risk: the target is set from it, so that signals differ by the rounding to their tick alone.
 */
export function byRank(one: Signal, other: Signal): number {
  const [clean, otherClean] = [one.clean === true, other.clean === true];
  if (clean !== otherClean) return clean ? -1 : 1;
  if (one.turnover !== other.turnover) return other.turnover - one.turnover;
  if (one.symbol !== other.symbol) return one.symbol < other.symbol ? -1 : 1;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}

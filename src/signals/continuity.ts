import { HOUR, type Timestamp } from '../domain/time.ts';
import { intervalMs, type Candle, type Interval } from '../domain/candle.ts';
import { createTickWatch } from '../indicators/bad-tick.ts';
import { candleFault } from '../indicators/candle-fault.ts';

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
  /** Why there are so few: nothing older is known, or a gap, or another price level, lies right before them. */
  readonly after: 'start' | 'gap';
}

/**
 * Which candles of a symbol are used, and whether enough of them follow on each other. The one judge for the tracker, which
 * is fed live, and for the columns of a backtest.
 */
export interface Continuity {
  /** Judges the next candle; what it says is what the caller does. The candle is not kept: the next may be the same object. */
  take(candle: Candle): FeedOutcome;
  isReady(): boolean;
  readiness(): Readiness;
  /** Open time of the newest candle used. */
  lastOpenTime(): Timestamp | undefined;
  counts(): FeedCounts;
}

type Newest = { -readonly [figure in keyof Candle]: Candle[figure] };

/** The candle's figures in the place of the last one's: an object for each of millions is more work than judging it. */
function copied({ openTime, open, high, low, close, volume }: Candle, into?: Newest): Newest {
  if (into === undefined) return { openTime, open, high, low, close, volume };
  into.openTime = openTime;
  into.open = open;
  into.high = high;
  into.low = low;
  into.close = close;
  into.volume = volume;
  return into;
}

const USED: FeedOutcome = { kind: 'used' };

/** What a strategy asks of the candles that it is fed. */
export interface Needed {
  readonly interval: Interval;
  /** Candles in a row before it is ready. */
  readonly minHistory: number;
  /** Missing candles in a row that are bridged; after more everything warms up again. */
  readonly bridgedGap: number;
  /** Candles in a row after a bridged gap before it is ready again. */
  readonly afterGap: number;
}

export function createContinuity(needed: Needed): Continuity {
  const { interval, minHistory, bridgedGap, afterGap } = needed;
  const candleMs = intervalMs(interval);
  let last: Newest | undefined;
  let sinceStart = 0;
  let inRow = 0;
  let bridged = false;
  let restarted = false;
  const tickOf = createTickWatch();
  const counts: Record<FeedOutcome['kind'], number> = { ...NOTHING_FED };

  function judge(candle: Candle): FeedOutcome {
    const refusal = refusalOf(candle, candleMs);
    if (refusal !== undefined) return { kind: 'refused', reason: refusal };
    if (last !== undefined && candle.openTime < last.openTime) {
      return { kind: 'ignored', why: 'out-of-order' };
    }
    const missing = last === undefined ? 0 : (candle.openTime - last.openTime) / candleMs - 1;
    const longGap = missing > bridgedGap;
    const tick = tickOf(candle, last?.close);
    if (typeof tick === 'object') return { kind: 'refused', reason: tick.reason };
    if (last?.openTime === candle.openTime) return repeated(last, candle);
    const restart = longGap || tick === 'new-level';
    if (restart) sinceStart = 0;
    restarted ||= restart;
    if (missing > 0) {
      inRow = 0;
      bridged = !restart;
    }
    last = copied(candle, last);
    sinceStart += 1;
    inRow += 1;
    if (missing === 0) return USED;
    return { kind: restart ? 'restarted' : 'used-after-gap', missing };
  }

  function repeated(before: Candle, candle: Candle): FeedOutcome {
    if (sameFigures(before, candle)) return { kind: 'ignored', why: 'duplicate' };
    last = copied(candle, last);
    return { kind: 'revised' };
  }

  const isReady = (): boolean => sinceStart >= minHistory && (!bridged || inRow >= afterGap);

  return {
    take(candle) {
      const outcome = judge(candle);
      counts[outcome.kind] += 1;
      return outcome;
    },
    isReady,
    readiness() {
      if (sinceStart < minHistory) {
        const reason = `${sinceStart} of ${minHistory} candles in a row`;
        const after = restarted ? 'gap' : 'start';
        return { ready: false, have: sinceStart, need: minHistory, reason, after };
      }
      if (isReady()) {
        return { ready: true, have: sinceStart, need: minHistory, reason: 'ready', after: 'start' };
      }
      const reason = `${inRow} of ${afterGap} candles since a short gap`;
      return { ready: false, have: inRow, need: afterGap, reason, after: 'gap' };
    },
    lastOpenTime: () => last?.openTime,
    counts: () => ({ ...counts }),
  };
}

function refusalOf(candle: Candle, candleMs: number): string | undefined {
  const fault = candleFault(candle);
  if (fault !== undefined) return fault;
  // By division: it is asked of every row of a backtest, and a remainder costs more.
  if (!Number.isInteger(candle.openTime / candleMs)) {
    const start = candleMs === HOUR ? 'a full hour' : `the start of ${candleMs / HOUR} h`;
    return `${candle.openTime} is not ${start}`;
  }
  return candle.volume > 0 ? undefined : 'nothing was traded in it (volume 0)';
}

const sameFigures = (one: Candle, other: Candle): boolean =>
  one.open === other.open &&
  one.high === other.high &&
  one.low === other.low &&
  one.close === other.close &&
  one.volume === other.volume;

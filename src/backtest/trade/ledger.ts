import { toNumber } from '../../domain/money/money.ts';
import type { Side } from '../../domain/position.ts';
import { intervalMs, type Candle, type Interval } from '../../domain/candle.ts';
import { strategyNamed } from '../../signals/strategies/list.ts';
import type { Signal } from '../../domain/signal.ts';
import { DAY, type Timestamp } from '../../domain/time.ts';
import { DEFAULT_COSTS, type TradingCosts } from './costs.ts';
import {
  beginTracking,
  endTracking,
  trackCandle,
  type Tracked,
  type TrackedResult,
} from './tracked.ts';

/**
 * What became of a signal. `taken`: an order was sent; `refused`: a limit said no, at the scan or at the tap; `watched`: its strategy is
 * followed silently.
 */
export type SignalOutcome =
  | 'taken'
  | 'rejected'
  | 'expired'
  | 'refused'
  | 'not best'
  | 'watched'
  | 'unknown';

/** `proposed` until it is known what the owner decided. */
export type OpenOutcome = 'proposed' | SignalOutcome;

/** A live signal on its way to its stop, its target or its expiry. */
export interface OpenSignal {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly strategy: string;
  readonly score?: number;
  readonly clean?: boolean;
  readonly rewardRisk: number;
  readonly stop: number;
  readonly target: number;
  /** Close of its candle, which is the open of the one it would be entered in. */
  readonly closedAt: Timestamp;
  readonly fate: OpenOutcome;
  /** Whether it belongs to the record: one tracked signal a symbol and strategy at a time, as in the backtest. */
  readonly counted: boolean;
  /** Signals of the same symbol, strategy and side that came while it was tracked. */
  readonly repeats: number;
  /** Open time of the newest candle it has seen. */
  readonly seenTo: Timestamp;
  readonly held?: Tracked;
  /** What its card said the stop would cost, USDT: one R of the size that was proposed. Absent where there was no card. */
  readonly riskUsdt?: number;
}

/** `no entry`: the next candle was missing or opened beyond stop or target; `no data`: its candles stopped coming. */
export type LedgerEnd = 'stop' | 'target' | 'expiry' | 'no entry' | 'no data';

export interface FinishedSignal {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly strategy: string;
  readonly score?: number;
  readonly clean?: boolean;
  readonly rewardRisk: number;
  readonly closedAt: Timestamp;
  readonly fate: SignalOutcome;
  readonly counted: boolean;
  readonly repeats: number;
  readonly end: LedgerEnd;
  readonly endedAt: Timestamp;
  /** Undefined where it was never entered or its end is not known. */
  readonly result?: TrackedResult;
  readonly riskUsdt?: number;
}

/** How it ended, before its outcome is looked up. */
export type Ended = Omit<FinishedSignal, 'fate'> & { readonly fate: OpenOutcome };

/** Time after which a signal that reached neither stop nor target is left at the close. */
const EXPIRES_AFTER_MS = 14 * DAY;

/** Silence of a symbol after which nothing more is expected of it: two days, and longer where its strategy bridges a longer gap. Milliseconds. */
export function silentAfter({ strategy }: Pick<Signal, 'strategy'>): number {
  const { bridgedGap = 0, interval = '1h' } = strategyNamed(strategy) ?? {};
  // From the open of the candle before the gap to the close of the one after it.
  return Math.max(2 * DAY, (bridgedGap + 2) * intervalMs(interval));
}
const NOTIONAL = 100;

/** Candles of this length a signal is tracked on: those of its strategy. */
export const intervalOf = ({ strategy }: Pick<Signal, 'strategy'>): Interval =>
  strategyNamed(strategy)?.interval ?? '1h';

const candleMsOf = (signal: Pick<Signal, 'strategy'>): number => intervalMs(intervalOf(signal));

/**
 * Takes up a new signal among those of its symbol. One that repeats what is tracked already (same symbol, strategy and side, no
 * card of its own, and the record tracks one) is counted there; one that is known changes nothing.
 */
export function admitSignal(
  known: readonly OpenSignal[],
  signal: Signal,
  fate: OpenOutcome,
): readonly OpenSignal[] {
  if (known.some(({ id }) => id === signal.id)) return known;
  const own = known.filter(({ strategy }) => strategy === signal.strategy);
  const same = own.find(({ side }) => side === signal.side);
  const counted = !own.some((each) => each.counted);
  if (same !== undefined && !counted && fate !== 'proposed') {
    return known.map((each) => (each === same ? { ...each, repeats: each.repeats + 1 } : each));
  }
  const fresh: OpenSignal = {
    id: signal.id,
    symbol: signal.symbol,
    side: signal.side,
    strategy: signal.strategy,
    ...(signal.score === undefined ? {} : { score: signal.score }),
    ...(signal.clean === undefined ? {} : { clean: signal.clean }),
    rewardRisk: signal.rewardRisk,
    stop: toNumber(signal.stop),
    target: toNumber(signal.target),
    closedAt: signal.candleClosedAt,
    fate,
    counted,
    repeats: 0,
    seenTo: signal.candleClosedAt - candleMsOf(signal),
  };
  return [...known, fresh];
}

/** Plays closed candles, oldest first; those it has seen are left out. The entry is the open of the candle right after the signal. */
export function advanceSignal(
  signal: OpenSignal,
  candles: readonly Candle[],
  costs: TradingCosts = DEFAULT_COSTS,
): OpenSignal | Ended {
  let held = signal.held === undefined ? undefined : copyOf(signal.held);
  let { seenTo } = signal;
  for (const candle of candles) {
    const time = candle.openTime;
    if (time <= seenTo) continue;
    seenTo = time;
    if (held === undefined) {
      const entered =
        time === signal.closedAt
          ? beginTracking({ ...signal, open: candle.open, time, notional: NOTIONAL }, costs)
          : undefined;
      if (entered === undefined) return endedAs(signal, { end: 'no entry', endedAt: time });
      held = entered;
    }
    const result = trackCandle(held, { ...candle, time }, costs);
    if (result !== undefined) {
      const end = result.reason === 'target' ? 'target' : 'stop';
      return endedAs(signal, { end, endedAt: time, result });
    }
    if (held.candles * candleMsOf(signal) >= EXPIRES_AFTER_MS) {
      const exit = { time, price: candle.close, reason: 'end', gap: false } as const;
      return endedAs(signal, {
        end: 'expiry',
        endedAt: time,
        result: endTracking(held, exit, costs),
      });
    }
  }
  return { ...signal, seenTo, ...(held === undefined ? {} : { held }) };
}

/** Ends what has not seen a candle for so long before `now` that none is bridged any more. */
export const endSilent = (signal: OpenSignal, now: Timestamp): OpenSignal | Ended =>
  now - signal.seenTo > silentAfter(signal)
    ? endedAs(signal, { end: 'no data', endedAt: now })
    : signal;

export const hasEnded = (signal: OpenSignal | Ended): signal is Ended => 'end' in signal;

function endedAs(
  signal: OpenSignal,
  how: Pick<FinishedSignal, 'end' | 'endedAt' | 'result'>,
): Ended {
  const { stop: _stop, target: _target, seenTo: _seenTo, held: _held, ...kept } = signal;
  return { ...kept, ...how };
}

/** What is stored stays as it was until the new state is. */
const copyOf = (held: Tracked): Tracked => ({
  ...held,
  excursion: { ...held.excursion },
});

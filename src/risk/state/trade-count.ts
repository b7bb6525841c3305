import { add, ZERO_USD, type Usd } from '../../domain/money/money.ts';
import { sureNet, type ClosedPosition, type Position, type Side } from '../../domain/position.ts';
import { DAY, type Timestamp } from '../../domain/time.ts';

/** A trade that lost, after all costs. */
export interface Loser {
  readonly symbol: string;
  readonly side: Side;
  readonly net: Usd;
  readonly at: Timestamp;
}

/** The limits that the counts go by. */
export interface TradeCountLimits {
  readonly lossStreak: number;
  readonly lossStreakCoolOffMs: number;
  readonly symbolCoolDownMs: number;
}

/** What is remembered of trades and their results. */
export interface TradeCount {
  /** Start of the current day. */
  readonly dayStart: Timestamp;
  readonly lossStreak: number;
  /** The trades of the streak, oldest first; the last ten of them. */
  readonly losers: readonly Loser[];
  readonly coolOffUntil?: Timestamp;
  /** Entries of the current day. */
  readonly tradesToday: number;
  /** Net result of the positions that closed today, by symbol. */
  readonly dayResults: Readonly<Record<string, Usd>>;
  /** Positions that were counted as entries of the current day. */
  readonly entriesCounted: readonly string[];
  /** Closed positions that were counted, oldest first; bounded. */
  readonly closesCounted: readonly string[];
  /** Last losing close per symbol. */
  readonly lossCloses: Readonly<Record<string, Timestamp>>;
}

/** What the exchange shows of trades. */
export interface TradeReading {
  readonly positions: readonly Position[];
  /** Closed positions from history; ones that were counted before are ignored, so overlap is harmless. */
  readonly closed: readonly ClosedPosition[];
  readonly now: Timestamp;
}

export type TradeCountEvent =
  | { readonly kind: 'trade-counted'; readonly positionId: string; readonly tradesToday: number }
  | {
      readonly kind: 'result-counted';
      readonly positionId: string;
      readonly net: Usd;
      readonly lossStreak: number;
    }
  | { readonly kind: 'cool-off'; readonly until: Timestamp; readonly lossStreak: number };

/** How many closed positions are remembered as counted: far more than a day's trades and a page of history. */
const REMEMBERED_CLOSES = 500;
const REMEMBERED_LOSERS = 10;

/** Counts entries of the current day, once per position id, from open positions and from ones that opened and closed unseen. */
export function countNewTrades(
  state: TradeCount,
  reading: Pick<TradeReading, 'positions' | 'closed'>,
  events: TradeCountEvent[],
): TradeCount {
  if (reading.positions.length + reading.closed.length === 0) return state;
  const known = new Set(state.entriesCounted);
  for (const each of [...reading.positions, ...reading.closed]) {
    if (each.openedAt < state.dayStart || known.has(each.id)) continue;
    known.add(each.id);
    events.push({ kind: 'trade-counted', positionId: each.id, tradesToday: known.size });
  }
  if (known.size === state.entriesCounted.length) return state;
  return { ...state, entriesCounted: [...known], tradesToday: known.size };
}

/**
 * Counts results in the order of their closing: a net loss lengthens the streak, a net profit ends it, an exact zero leaves it, and so does
 * a profit while its costs are unknown.
 * Reaching the limit starts a cool-off that counts from the close; when a cool-off has passed the streak begins anew.
 */
export function countResults(
  state: TradeCount,
  at: { readonly reading: TradeReading; readonly limits: TradeCountLimits },
  events: TradeCountEvent[],
): TradeCount {
  // Nearly always: hundreds of ids need not be looked through at each reading.
  if (at.reading.closed.length === 0) return endCoolOff(state, at.reading.now);
  const known = new Set(state.closesCounted);
  const fresh = at.reading.closed
    .filter((each) => !known.has(each.id))
    .toSorted((a, b) => a.closedAt - b.closedAt);
  let next = state;
  for (const each of fresh) {
    if (known.has(each.id)) continue;
    known.add(each.id);
    next = withResult(endCoolOff(next, each.closedAt), each, { limits: at.limits, events });
  }
  next = endCoolOff(next, at.reading.now);
  if (fresh.length === 0) return next;
  const remembered = [...known].slice(-REMEMBERED_CLOSES);
  return {
    ...next,
    closesCounted: remembered,
    lossCloses: recent(next.lossCloses, at.reading.now - at.limits.symbolCoolDownMs),
  };
}

function endCoolOff(state: TradeCount, now: Timestamp): TradeCount {
  if (state.coolOffUntil === undefined || state.coolOffUntil > now) return state;
  const { coolOffUntil: _passed, ...rest } = state;
  return { ...rest, lossStreak: 0, losers: [] };
}

function withResult(
  state: TradeCount,
  closed: ClosedPosition,
  to: { readonly limits: TradeCountLimits; readonly events: TradeCountEvent[] },
): TradeCount {
  const net = sureNet(closed);
  const lossStreak = net < 0n ? state.lossStreak + 1 : net > 0n ? 0 : state.lossStreak;
  to.events.push({ kind: 'result-counted', positionId: closed.id, net, lossStreak });
  const next = {
    ...state,
    lossStreak,
    losers: losersAfter(state, closed),
    ...dayResultAfter(state, closed),
  };
  const lost = net < 0n || closed.liquidated;
  const lossCloses = lost
    ? {
        ...state.lossCloses,
        [closed.symbol]: Math.max(state.lossCloses[closed.symbol] ?? 0, closed.closedAt),
      }
    : state.lossCloses;
  if (net >= 0n || lossStreak < to.limits.lossStreak) return { ...next, lossCloses };
  const until = Math.max(state.coolOffUntil ?? 0, closed.closedAt + to.limits.lossStreakCoolOffMs);
  to.events.push({ kind: 'cool-off', until, lossStreak });
  return { ...next, lossCloses, coolOffUntil: until };
}

function losersAfter({ losers }: TradeCount, closed: ClosedPosition): readonly Loser[] {
  const { symbol, side, closedAt } = closed;
  const net = sureNet(closed);
  if (net > 0n) return [];
  return net < 0n
    ? [...losers, { symbol, side, net, at: closedAt }].slice(-REMEMBERED_LOSERS)
    : losers;
}

function dayResultAfter(
  { dayStart, dayResults }: TradeCount,
  closed: ClosedPosition,
): Pick<TradeCount, 'dayResults'> {
  const { symbol, closedAt } = closed;
  if (closedAt < dayStart) return { dayResults };
  const result = add(dayResults[symbol] ?? ZERO_USD, sureNet(closed));
  return { dayResults: { ...dayResults, [symbol]: result } };
}

/** Closes are remembered a day longer than the pause lasts, so that a pause made longer still finds them. */
function recent(
  closes: Readonly<Record<string, Timestamp>>,
  since: Timestamp,
): Readonly<Record<string, Timestamp>> {
  const kept = Object.entries(closes).filter(([, at]) => at >= since - DAY);
  return Object.fromEntries(kept);
}

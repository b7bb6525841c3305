import { ExchangeFailure } from '../../domain/failure.ts';
import type { Clock } from '../../app/ports/clock.ts';
import { PRIORITIES, type Endpoint, type Priority } from './endpoint.ts';
import { wallMs } from './venue-time.ts';

/** A sliding window: at most so many sends in a venue second, by the priority of the call. */
interface Limit {
  readonly name: string;
  readonly count: Readonly<Record<Priority, number>>;
}

const forAll = (count: number): Limit['count'] => ({
  protect: count,
  trade: count,
  account: count,
  market: count,
  scan: count,
});

/**
 * Most requests of a priority that are under way at the same time: while answers take seconds, reads queue here, in their order of
 * priority, and not where nobody knows what is urgent. Protective calls never wait for an answer to another call.
 */
const UNDER_WAY: Readonly<Record<Priority, number>> = {
  protect: Number.POSITIVE_INFINITY,
  trade: 10,
  account: 10,
  market: 10,
  scan: 10,
};

/** What the exchange counts in, venue milliseconds. */
const SECOND_MS = 1_000;

/** For timers and clocks that differ a little. */
const SLACK_WALL_MS = 5;

/**
 * When a request was counted over there is unknown, but it was not after its answer arrived. An answer that takes longer than
 * this says more about the exchange's work than about the way there.
 */
const LONGEST_WAY_MS = 300;

/** Wall milliseconds by which a refusal widens the window, and the most that this comes to. */
const EXTRA_STEP_MS = 30;
const MOST_EXTRA_MS = 240;

const windowWallMs = (clock: Clock): number => wallMs(clock, SECOND_MS) + SLACK_WALL_MS;

/** Most requests that may wait at the same time. */
const MAX_WAITING = 5_000;

/**
 * What all calls of one scope share, each process for itself. A sweep leaves two of ten public calls to the others: processes on the same
 * machine are counted together, and one refusal holds up for a second whatever an approval or the owner waits for there. The documentation does not say whether limits are per endpoint or shared, and one report has
 * refusals at six private calls a second: so reads of the account get 5 a second, orders 8, and the documented 10 are for protective
 * calls alone, so that there is always room for two of them.
 */
const SHARED: Record<Endpoint['scope'], Limit> = {
  public: { name: 'public', count: { ...forAll(10), scan: 8 } },
  private: { name: 'private', count: { protect: 10, trade: 8, account: 5, market: 5, scan: 5 } },
};

/**
 * A read of the account that has waited so many venue milliseconds goes before orders and beside them, though reads alone never pass
 * their own count: the looks at a close that does not succeed would take every turn, and for as long as they go on nobody would know what
 * becomes of the rest of the account.
 */
const OVERDUE_MS = 1_000;

interface Waiting {
  /** Wall milliseconds of a steady clock. */
  readonly since: number;
  readonly resolve: (sent: Sent) => void;
  readonly reject: (failure: ExchangeFailure) => void;
}

/** The requests of one endpoint and priority, oldest first: when the first has to wait, all of them have. */
interface Lane {
  readonly limits: readonly Limit[];
  readonly priority: Priority;
  readonly queue: Waiting[];
}

type LaneKind = Pick<Lane, 'limits' | 'priority'>;

/** A request that may go now. */
export interface Sent {
  /** To be called when its answer is there, or none will come. */
  answered(): void;
}

export interface Pacer {
  /** Resolves when the request may be sent now; the send is counted from that moment. */
  turn(endpoint: Endpoint, priority: Priority): Promise<Sent>;
  /** Nothing of that scope goes out for so many venue milliseconds (after a refusal for frequency). */
  pause(scope: Endpoint['scope'], venueMs: number): void;
  /** How many requests wait. */
  waiting(): number;
  close(): void;
}

/** A window for every documented limit and one for each scope, with priorities. */
export function createPacer(clock: Clock): Pacer {
  const windows = createWindows(() => windowWallMs(clock));
  const lanes: Lanes = new Map(PRIORITIES.map((each) => [each, new Map()]));
  let timer: NodeJS.Timeout | undefined;
  const underWay = countUnderWay();
  let waiting = 0;
  let closed = false;

  /**
   * Lets go whatever may go; returns the wall time at which this lane's next request may, or infinity when none waits. `overdueMs`: only
   * what has waited for so long, as an order.
   */
  function release(lane: Lane, overdueMs = 0): number {
    for (let head = lane.queue[0]; head !== undefined; head = lane.queue[0]) {
      // The answer to another one pumps again.
      if (underWay.isFull(lane.priority)) return Number.POSITIVE_INFINITY;
      const now = performance.now();
      const at = Math.max(windows.roomAt(lane, overdueMs > 0, now), head.since + overdueMs);
      if (at > now) return at;
      const sent = windows.record(lane, now);
      lane.queue.shift();
      waiting -= 1;
      underWay.count(lane.priority, 1);
      head.resolve({
        answered: () => {
          if (sent.answeredAt !== undefined) return;
          sent.answeredAt = performance.now();
          underWay.count(lane.priority, -1);
          pump();
        },
      });
    }
    return Number.POSITIVE_INFINITY;
  }

  function pump(): void {
    clearTimeout(timer);
    let next = Number.POSITIVE_INFINITY;
    const overdueMs = wallMs(clock, OVERDUE_MS);
    for (const priority of PRIORITIES) {
      const before = priority === 'trade' ? lanes.get('account') : undefined;
      for (const lane of before?.values() ?? []) next = Math.min(next, release(lane, overdueMs));
      for (const lane of lanes.get(priority)?.values() ?? []) next = Math.min(next, release(lane));
    }
    if (next === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(pump, Math.max(0, Math.ceil(next - performance.now())));
  }

  return {
    turn(endpoint, priority) {
      if (closed) return Promise.reject(clientClosed());
      if (waiting >= MAX_WAITING) return Promise.reject(tooManyWaiting());
      return new Promise((resolve, reject) => {
        waiting += 1;
        laneOf(lanes, endpoint, priority).queue.push({ since: performance.now(), resolve, reject });
        pump();
      });
    },
    pause(scope, venueMs) {
      windows.pause(scope, performance.now() + wallMs(clock, venueMs));
    },
    waiting: () => waiting,
    close() {
      closed = true;
      clearTimeout(timer);
      rejectAll(lanes);
      waiting = 0;
    },
  };
}

type Lanes = Map<Priority, Map<string, Lane>>;

function rejectAll(lanes: Lanes): void {
  const all = [...lanes.values()].flatMap((each) => [...each.values()]);
  for (const entry of all.flatMap((lane) => lane.queue.splice(0))) entry.reject(clientClosed());
}

/** The queue of one call and priority, made when it is first asked for. */
function laneOf(lanes: Lanes, endpoint: Endpoint, priority: Priority): Lane {
  const ofPriority = lanes.get(priority) ?? new Map<string, Lane>();
  const found = ofPriority.get(endpoint.path);
  if (found !== undefined) return found;
  const own: Limit = { name: endpoint.path, count: forAll(endpoint.perSecond) };
  const lane: Lane = { limits: [SHARED[endpoint.scope], own], priority, queue: [] };
  ofPriority.set(endpoint.path, lane);
  return lane;
}

/** How many requests of each priority are sent and not answered, held against the most that may be. */
function countUnderWay() {
  const counts = new Map<Priority, number>();
  const of = (priority: Priority): number => counts.get(priority) ?? 0;
  return {
    count: (priority: Priority, by: 1 | -1): void => void counts.set(priority, of(priority) + by),
    isFull: (priority: Priority): boolean => of(priority) >= UNDER_WAY[priority],
  };
}

/** One use of a limit, in wall milliseconds. */
interface Use {
  readonly at: number;
  readonly priority: Priority;
  answeredAt: number | undefined;
}

/** The latest moment at which it was counted over there. */
const countedBy = ({ at, answeredAt }: Use): number =>
  Math.min(answeredAt ?? Number.POSITIVE_INFINITY, at + LONGEST_WAY_MS);

/** When each limit was used. */
function createWindows(windowOf: () => number): {
  /** `asOrder`: by the count of orders for all together, and by its own for its kind alone. */
  roomAt(lane: LaneKind, asOrder: boolean, now: number): number;
  record(lane: LaneKind, now: number): Use;
  pause(name: string, until: number): void;
} {
  const sent = new Map<string, Use[]>();
  const pausedUntil = new Map<string, number>();
  let extraMs = 0;
  let widenedAt = Number.NEGATIVE_INFINITY;

  /** A refusal means that the way there jitters more than was thought: once for all refusals of the same window. */
  function widen(): void {
    const now = performance.now();
    if (now - widenedAt < 2 * windowOf()) return;
    widenedAt = now;
    extraMs = Math.min(MOST_EXTRA_MS, extraMs + EXTRA_STEP_MS);
  }

  /** When there is room in one limit for one more of that priority, as if it were of another one where that is told. */
  function roomIn(
    { name, count }: Limit,
    { own, as }: { readonly own: Priority; readonly as: Priority },
    now: number,
  ): number {
    const windowMs = windowOf() + extraMs;
    const uses = (sent.get(name) ?? []).filter((use) => countedBy(use) > now - windowMs);
    sent.set(name, uses);
    const roomAmong = (counted: readonly Use[], most: number): number => {
      const blocking = counted.map(countedBy).sort((a, b) => b - a)[most - 1];
      return blocking === undefined ? now : blocking + windowMs;
    };
    const alike = uses.filter((use) => use.priority === own);
    return Math.max(
      pausedUntil.get(name) ?? now,
      roomAmong(uses, count[as]),
      roomAmong(alike, count[own]),
    );
  }

  return {
    roomAt: ({ limits, priority: own }, asOrder, now) => {
      const as = asOrder ? 'trade' : own;
      return Math.max(...limits.map((limit) => roomIn(limit, { own, as }, now)));
    },
    record({ limits, priority }, now) {
      const use: Use = { at: now, priority, answeredAt: undefined };
      for (const { name } of limits) sent.set(name, [...(sent.get(name) ?? []), use]);
      return use;
    },
    pause(name, until) {
      widen();
      pausedUntil.set(name, Math.max(until, pausedUntil.get(name) ?? 0));
    },
  };
}

export const clientClosed = (): ExchangeFailure =>
  new ExchangeFailure('the connection to the exchange is closed', {
    kind: 'closed',
    retriable: false,
  });

const tooManyWaiting = (): ExchangeFailure =>
  new ExchangeFailure(
    `more than ${MAX_WAITING} requests wait for the exchange: this one was not sent`,
    {
      kind: 'rate',
      retriable: true,
    },
  );

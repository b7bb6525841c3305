import { ExchangeFailure } from '../domain/failure.ts';
import type { Clock } from '../app/ports.ts';
import { PRIORITIES, type Endpoint, type Priority } from './endpoints.ts';
import { wallMs } from './venue-time.ts';

/**
 * A sliding window: at most `count` sends in `perMs` venue milliseconds, of which `reserved` are kept for calls of the priorities
 * `protect` and `trade`.
 */
interface Limit {
  readonly name: string;
  readonly count: number;
  readonly reserved: number;
}

/** What the exchange counts in, venue milliseconds. */
const SECOND_MS = 1_000;

/**
 * 60 ms more than that second: requests sent a second apart may arrive closer together. Measured against a server with 20 ms of
 * jitter: no refusals, 1 % from the ideal. The way there does not shorten in a fast demo, so 20 wall milliseconds always remain.
 */
const SLACK_MS = 60;
const LEAST_SLACK_WALL_MS = 20;

/** Wall milliseconds by which a refusal widens the window, and the most that this comes to. */
const EXTRA_STEP_MS = 30;
const MOST_EXTRA_MS = 240;

const windowWallMs = (clock: Clock): number =>
  wallMs(clock, SECOND_MS) + Math.max(wallMs(clock, SLACK_MS), LEAST_SLACK_WALL_MS);

/** Most requests that may wait at the same time. */
const MAX_WAITING = 5_000;

/**
 * What all calls of one scope share. The documentation does not say whether limits are per endpoint or shared, and one report has
 * refusals at six private calls a second: so reads of the account get 5 a second and protective calls 8.
 */
const SHARED: Record<Endpoint['scope'], Limit> = {
  public: { name: 'public', count: 10, reserved: 0 },
  private: { name: 'private', count: 8, reserved: 3 },
};

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (failure: ExchangeFailure) => void;
}

/** The requests of one endpoint and priority, oldest first: when the first has to wait, all of them have. */
interface Lane {
  readonly limits: readonly Limit[];
  readonly priority: Priority;
  readonly queue: Waiting[];
}

export interface Pacer {
  /** Resolves when the request may be sent now; the send is counted at that moment. */
  turn(endpoint: Endpoint, priority: Priority): Promise<void>;
  /** Nothing of that scope goes out for so many venue milliseconds (after a refusal for frequency). */
  pause(scope: Endpoint['scope'], venueMs: number): void;
  /** How many requests wait. */
  waiting(): number;
  close(): void;
}

/** A window for every documented limit and one for each scope, with priorities. */
export function createPacer(clock: Clock): Pacer {
  const windows = createWindows(() => windowWallMs(clock));
  const lanes = new Map<Priority, Map<string, Lane>>(PRIORITIES.map((each) => [each, new Map()]));
  let timer: NodeJS.Timeout | undefined;
  let waiting = 0;
  let closed = false;

  function laneOf(endpoint: Endpoint, priority: Priority): Lane {
    const ofPriority = lanes.get(priority) ?? new Map<string, Lane>();
    const found = ofPriority.get(endpoint.path);
    if (found !== undefined) return found;
    const own: Limit = { name: endpoint.path, count: endpoint.perSecond, reserved: 0 };
    const lane: Lane = { limits: [SHARED[endpoint.scope], own], priority, queue: [] };
    ofPriority.set(endpoint.path, lane);
    return lane;
  }

  /** Lets go whatever may go; returns the wall time at which this lane's next request may, or infinity when none waits. */
  function release(lane: Lane): number {
    for (let head = lane.queue[0]; head !== undefined; head = lane.queue[0]) {
      const now = performance.now();
      const at = windows.roomAt(lane.limits, lane.priority, now);
      if (at > now) return at;
      windows.record(lane.limits, now);
      lane.queue.shift();
      waiting -= 1;
      head.resolve();
    }
    return Number.POSITIVE_INFINITY;
  }

  function pump(): void {
    clearTimeout(timer);
    let next = Number.POSITIVE_INFINITY;
    for (const priority of PRIORITIES) {
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
        laneOf(endpoint, priority).queue.push({ resolve, reject });
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
      const all = [...lanes.values()].flatMap((each) => [...each.values()]);
      for (const entry of all.flatMap((lane) => lane.queue.splice(0))) entry.reject(clientClosed());
      waiting = 0;
    },
  };
}

/** When each limit was used, in wall milliseconds. */
function createWindows(windowOf: () => number): {
  roomAt(limits: readonly Limit[], priority: Priority, now: number): number;
  record(limits: readonly Limit[], now: number): void;
  pause(name: string, until: number): void;
} {
  const sent = new Map<string, number[]>();
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

  function roomIn(limit: Limit, priority: Priority, now: number): number {
    const times = sent.get(limit.name) ?? [];
    const windowMs = windowOf() + extraMs;
    while (times[0] !== undefined && times[0] <= now - windowMs) times.shift();
    const privileged = priority === 'protect' || priority === 'trade';
    const allowed = privileged ? limit.count : limit.count - limit.reserved;
    const blocking = times[times.length - allowed];
    const paused = pausedUntil.get(limit.name) ?? now;
    return Math.max(paused, blocking === undefined ? now : blocking + windowMs);
  }

  return {
    roomAt: (limits, priority, now) =>
      Math.max(...limits.map((limit) => roomIn(limit, priority, now))),
    record(limits, now) {
      for (const { name } of limits) sent.set(name, [...(sent.get(name) ?? []), now]);
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

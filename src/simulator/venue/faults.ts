import { performance } from 'node:perf_hooks';
import type { EngineFaults } from './engine/context.ts';
import { seededRandom, type Random } from './random.ts';

/** Faults that wait until something matches them. */
export const WAITING_FAULTS = [
  'lost-reply',
  'network-error',
  'rate-limited',
  'bad-sign',
  'html-403',
  'slow',
  'order-not-found',
  'stale-tpsl',
  'silent-sockets',
  'missed-event',
  'doubled-event',
  'reordered-event',
  'partial-then-cancel',
  'tpsl-fails',
  'negative-available',
  'no-liq-price',
  'clock-skew',
  'doubled-request',
] as const;

export type WaitingFault = (typeof WAITING_FAULTS)[number];

/** One fault as asked for. Without `forMs` it applies `count` times; with it, as often as it matches during that real time. */
export interface FaultRequest {
  readonly fault: WaitingFault;
  readonly count?: number;
  readonly forMs?: number;
  /** Only requests whose path contains this. */
  readonly path?: string;
  readonly symbol?: string;
  /** Only events of this private channel. */
  readonly channel?: string;
  /** Milliseconds of delay or skew, USDT, or a share, by the fault. */
  readonly amount?: number;
}

export interface FaultTarget {
  readonly path?: string;
  readonly symbol?: string;
  readonly channel?: string;
}

/** Faults by chance: each occasion draws from the seed. */
export interface FaultSchedule {
  readonly seed: number;
  /** Probability per occasion, 0 to 1. */
  readonly rate: number;
  readonly kinds: readonly WaitingFault[];
  /** Instead of the usual amount of a fault. */
  readonly amounts?: Partial<Readonly<Record<WaitingFault, number>>>;
}

interface Active {
  readonly request: FaultRequest;
  left: number;
  readonly until: number;
}

const DEFAULT_AMOUNTS: Partial<Readonly<Record<WaitingFault, number>>> = {
  slow: 2_000,
  'partial-then-cancel': 0.5,
  'negative-available': 1_000,
  'clock-skew': 120_000,
};

/** The faults in force. Asking for one uses it up. */
export class Faults implements EngineFaults {
  #active: Active[] = [];
  /** TP/SL lists as they were when the last stale-tpsl fault began, by account. */
  #oldTpsl: ReadonlyMap<string, Array<Record<string, unknown>>> = new Map();
  #schedule: FaultSchedule | undefined;
  #random: Random;

  constructor(schedule?: FaultSchedule) {
    this.#schedule = schedule;
    this.#random = seededRandom(schedule?.seed ?? 0);
  }

  add(request: FaultRequest): void {
    const timed = request.forMs !== undefined;
    const until = timed ? performance.now() + (request.forMs ?? 0) : Infinity;
    this.#active.push({ request, left: timed ? Infinity : (request.count ?? 1), until });
  }

  /** Keeps TP/SL lists for a stale-tpsl fault. */
  rememberTpsl(lists: ReadonlyMap<string, Array<Record<string, unknown>>>): void {
    this.#oldTpsl = lists;
  }

  /** The old TP/SL list of an account while a stale-tpsl fault applies. */
  staleTpsl(uid: string): Array<Record<string, unknown>> | undefined {
    return this.take('stale-tpsl') === undefined ? undefined : this.#oldTpsl.get(uid);
  }

  /** From now on faults come by chance, drawn anew from this seed. */
  byChance(schedule: FaultSchedule): void {
    this.#schedule = schedule;
    this.#random = seededRandom(schedule.seed);
  }

  clear(): void {
    this.#active = [];
    this.#schedule = undefined;
  }

  /** What is still waiting, for the control page. */
  list(): FaultRequest[] {
    this.#expire();
    return this.#active.map(({ request }) => request);
  }

  /** The fault's amount when it applies to the target now, using it up once; undefined otherwise. */
  take(kind: WaitingFault, target: FaultTarget = {}): number | undefined {
    const found = this.#find(kind, target);
    if (found !== undefined) {
      found.left -= 1;
      return found.request.amount ?? DEFAULT_AMOUNTS[kind] ?? 1;
    }
    const chance = this.#schedule;
    if (chance === undefined || !chance.kinds.includes(kind) || this.#random() >= chance.rate)
      return undefined;
    return chance.amounts?.[kind] ?? DEFAULT_AMOUNTS[kind] ?? 1;
  }

  /** The amount of a fault in force, without using it up. */
  peek(kind: WaitingFault): number | undefined {
    const found = this.#find(kind, {});
    return found === undefined ? undefined : (found.request.amount ?? DEFAULT_AMOUNTS[kind] ?? 1);
  }

  partialThenCancel(symbol: string): number | undefined {
    return this.take('partial-then-cancel', { symbol });
  }

  tpslFails(symbol: string): boolean {
    return this.take('tpsl-fails', { symbol }) !== undefined;
  }

  #find(kind: WaitingFault, target: FaultTarget): Active | undefined {
    if (this.#active.length === 0) return undefined;
    this.#expire();
    return this.#active.find(({ request }) => {
      if (request.fault !== kind) return false;
      if (request.path !== undefined && target.path?.includes(request.path) !== true) return false;
      if (request.symbol !== undefined && request.symbol !== target.symbol) return false;
      return request.channel === undefined || request.channel === target.channel;
    });
  }

  #expire(): void {
    const now = performance.now();
    this.#active = this.#active.filter(({ left, until }) => left > 0 && until > now);
  }
}

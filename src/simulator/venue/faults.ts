import { performance } from 'node:perf_hooks';
import type { EngineFaults } from './engine/context.ts';
import type { Account } from './engine/account.ts';
import { FAULT_KINDS, type Fault } from './fault-kinds.ts';
import { copyOf, emptied, PastAccounts } from './past-accounts.ts';
import { seededRandom, type Random } from './random.ts';

/** One fault as asked for. Without `forMs` it applies `count` times; with it, as often as it matches during that real time. */
export interface FaultRequest {
  readonly fault: Fault;
  readonly count?: number;
  readonly forMs?: number;
  /** Only requests whose path contains this. */
  readonly path?: string;
  readonly symbol?: string;
  /** Only events of this private channel; sockets of this side. */
  readonly channel?: string;
  /** Milliseconds, USDT, a share or a code, by the fault. */
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
  readonly kinds: readonly Fault[];
  /** Instead of the usual amount of a fault. */
  readonly amounts?: Partial<Readonly<Record<Fault, number>>>;
}

interface Active {
  readonly request: FaultRequest;
  left: number;
  readonly until: number;
}

/** Real milliseconds that a lasting fault goes on for when chance began it. */
const CHANCE_LASTS_MS = 1_000;
const TPSL_LIST = 'tpsl/get_pending_orders';

/** The faults in force. Asking for one uses it up. */
export class Faults implements EngineFaults {
  #active: Active[] = [];
  /** Accounts as they were when the last stale-tpsl fault was armed. */
  #armed: ReadonlyMap<string, Account> = new Map();
  readonly #past = new PastAccounts();
  /** Orders that no list shows yet, with the venue time at which they appear. */
  readonly #hidden = new Map<string, number>();
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

  /** Keeps accounts as they are now, for a stale-tpsl fault that is being armed. */
  armTpsl(accounts: readonly Account[]): void {
    this.#armed = new Map(accounts.map((each) => [each.uid, copyOf(each)]));
  }

  /** Keeps an account after a change of it, for lists that lag. */
  noteChange(account: Account, time: number): void {
    this.#past.note(account, time);
  }

  /** The account as a list of that path shows it: another one than it is while a fault of lists applies. */
  seen(account: Account, { path, now }: { readonly path: string; readonly now: number }): Account {
    if (this.take('empty-list', { path }) !== undefined) return emptied(account);
    const lag = this.take('lagging-list', { path });
    if (lag !== undefined) return this.#past.asOf(account, now - lag);
    if (!path.includes(TPSL_LIST)) return account;
    if (this.#use('stale-tpsl', {}) !== undefined) return this.#armed.get(account.uid) ?? account;
    const stale = this.#draw('stale-tpsl');
    return stale === undefined ? account : this.#past.asOf(account, now - stale);
  }

  /** Says of a fresh order until when no list shows it, when a hidden-order fault applies. */
  hide(orderId: string, order: { readonly symbol: string; readonly now: number }): void {
    const forMs = this.take('hidden-order', { symbol: order.symbol });
    if (forMs !== undefined) this.#hidden.set(orderId, order.now + forMs);
  }

  isHidden(orderId: string, now: number): boolean {
    const until = this.#hidden.get(orderId);
    if (until === undefined) return false;
    if (until > now) return true;
    this.#hidden.delete(orderId);
    return false;
  }

  /** From now on faults come by chance, drawn anew from this seed. */
  byChance(schedule: FaultSchedule): void {
    this.#schedule = schedule;
    this.#random = seededRandom(schedule.seed);
  }

  clear(): void {
    this.#active = [];
    this.#schedule = undefined;
    this.#hidden.clear();
  }

  /** What is still waiting, for the control page. */
  list(): FaultRequest[] {
    this.#expire();
    return this.#active.map(({ request }) => request);
  }

  /** The fault's amount when it applies to the target now, using it up once; undefined otherwise. */
  take(kind: Fault, target: FaultTarget = {}): number | undefined {
    return this.#use(kind, target) ?? this.#draw(kind);
  }

  /** The amount of a fault that lasts for a time, without using it up; chance may begin one now. */
  lasting(kind: 'silent-sockets' | 'clock-skew'): number | undefined {
    const found = this.#find(kind, {})?.request;
    if (found !== undefined) return found.amount ?? FAULT_KINDS[kind].amount;
    const amount = this.#draw(kind);
    if (amount !== undefined) this.add({ fault: kind, forMs: CHANCE_LASTS_MS, amount });
    return amount;
  }

  partialThenCancel(symbol: string): number | undefined {
    return this.take('partial-then-cancel', { symbol });
  }

  tpslFails(symbol: string): boolean {
    return this.take('tpsl-fails', { symbol }) !== undefined;
  }

  /** By the schedule alone: asked for through the control API these happen at once. */
  happens(kind: 'order-system-cancel' | 'tpsl-system-cancel' | 'delist' | 'drop-sockets'): boolean {
    return this.#draw(kind) !== undefined;
  }

  #use(kind: Fault, target: FaultTarget): number | undefined {
    const found = this.#find(kind, target);
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.request.amount ?? FAULT_KINDS[kind].amount;
  }

  #draw(kind: Fault): number | undefined {
    const chance = this.#schedule;
    if (chance === undefined || !chance.kinds.includes(kind) || this.#random() >= chance.rate)
      return undefined;
    return chance.amounts?.[kind] ?? FAULT_KINDS[kind].amount;
  }

  #find(kind: Fault, target: FaultTarget): Active | undefined {
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

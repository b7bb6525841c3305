import type { JsonObject } from '../wire/json.ts';

/** Telegram keeps an update for a day. */
const KEEP_MS = 24 * 60 * 60 * 1000;

/** Kinds that a bot gets only when it asks for them by name. */
const OFF_BY_DEFAULT = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

/** One thing for the bot to handle. */
export interface Update {
  readonly id: number;
  readonly kind: string;
  readonly body: JsonObject;
  readonly createdAtMs: number;
}

/** What survives a restart. */
export interface UpdatesSnapshot {
  readonly updates: readonly Update[];
  readonly nextId: number;
  readonly allowed: readonly string[];
}

/** The queue between the phone and the bot. */
export class Updates {
  readonly #now: () => number;
  #queue: Update[] = [];
  #nextId: number;
  #allowed: readonly string[] = [];
  #wake: (() => void) | undefined;

  constructor(now: () => number) {
    this.#now = now;
    // Begins at the clock, so that a bot that keeps its offset over a restart of the emulator still gets every update.
    this.#nextId = Math.max(1, Math.floor(now() / 1000));
  }

  /** Queues an update and returns its id, or undefined when the bot has not asked for this kind. */
  push(kind: string, body: JsonObject): number | undefined {
    const wanted =
      this.#allowed.length > 0 ? this.#allowed.includes(kind) : !OFF_BY_DEFAULT.has(kind);
    if (!wanted) return undefined;
    const update = { id: this.#nextId, kind, body, createdAtMs: this.#now() };
    this.#nextId += 1;
    this.#queue.push(update);
    this.#wake?.();
    return update.id;
  }

  /** Remembers the kinds wanted from now on; an empty list means the default. */
  allow(kinds: readonly string[]): void {
    this.#allowed = kinds;
  }

  get allowed(): readonly string[] {
    return this.#allowed;
  }

  /** Forgets what the offset confirms and what is older than a day, then returns up to `limit` updates. */
  take(offset: number, limit: number): Update[] {
    const oldest = this.#now() - KEEP_MS;
    this.#queue = this.#queue.filter((update) => update.createdAtMs >= oldest);
    if (offset < 0) this.#queue = this.#queue.slice(offset);
    else if (offset > 0) this.#queue = this.#queue.filter((update) => update.id >= offset);
    return this.#queue.slice(0, limit);
  }

  clear(): void {
    this.#queue = [];
  }

  get pending(): number {
    return this.#queue.length;
  }

  /** Calls back at the next update; only the last one to ask is called. */
  onNext(wake: (() => void) | undefined): void {
    this.#wake = wake;
  }

  snapshot(): UpdatesSnapshot {
    return { updates: this.#queue, nextId: this.#nextId, allowed: this.#allowed };
  }

  restore(snapshot: UpdatesSnapshot): void {
    this.#queue = [...snapshot.updates];
    this.#nextId = Math.max(this.#nextId, snapshot.nextId);
    this.#allowed = snapshot.allowed;
  }
}

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Account } from './engine/account.ts';
import type { IdCounters } from './engine/context.ts';
import type { MarketMove } from './market/market.ts';

/** Everything that a venue needs to go on where it stopped. Secret keys are not in it. */
export interface SavedVenue {
  readonly version: 1;
  readonly time: number;
  readonly speed: number;
  /** Where the market began: a generated one depends on it. */
  readonly marketBegan: number;
  readonly ids: IdCounters;
  readonly moves: readonly MarketMove[];
  readonly accounts: readonly Account[];
}

/** Bigints as {"$n":"5"} and maps as {"$m":[…]}: no text that a user can send looks like either. */
function pack(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { $n: String(value) };
  return value instanceof Map ? { $m: [...value] } : value;
}

function unpack(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$n' in value && typeof value.$n === 'string') return BigInt(value.$n);
  if ('$m' in value && Array.isArray(value.$m)) return new Map(value.$m);
  return value;
}

/** Writes the state beside the file and puts it in its place in one step, so that a crash leaves the old or the new one. */
export function saveVenue(file: string, state: SavedVenue): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(state, pack), { mode: 0o600 });
  renameSync(temporary, file);
}

/** The saved state, or undefined when there is none yet; throws when the file is something else. */
export function loadVenue(file: string): SavedVenue | undefined {
  if (!existsSync(file)) return undefined;
  let state: unknown;
  try {
    state = JSON.parse(readFileSync(file, 'utf8'), unpack);
  } catch (error) {
    throw new Error(`The venue's file ${file} cannot be read; move it away to start afresh`, {
      cause: error,
    });
  }
  if (!isSavedVenue(state))
    throw new Error(`The venue's file ${file} is of another version; move it away to start afresh`);
  return state;
}

function isSavedVenue(state: unknown): state is SavedVenue {
  return (
    typeof state === 'object' &&
    state !== null &&
    'version' in state &&
    state.version === 1 &&
    'accounts' in state
  );
}

/** Keeps a venue's state in its file, if it has one. */
export class Keeper {
  readonly #file: string | undefined;
  readonly #state: () => SavedVenue;
  #mark: number | undefined;

  constructor(file: string | undefined, state: () => SavedVenue) {
    this.#file = file;
    this.#state = state;
  }

  save(): void {
    if (this.#file !== undefined) saveVenue(this.#file, this.#state());
  }

  /** Saves when the mark, which grows with time and with every change, is another one than the last time. */
  saveIfChanged(mark: number): void {
    if (mark === this.#mark) return;
    this.#mark = mark;
    this.save();
  }
}

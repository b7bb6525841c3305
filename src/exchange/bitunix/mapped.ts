import type { z } from 'zod';
import type { Log } from '../../app/ports/log.ts';
import { shapeFailure } from '../http/failures.ts';
import { idText } from '../wire/wire-value.ts';

/** A row as the domain knows it, or in plain words why it cannot be used. Mapping never throws. */
export type Mapped<T> = { readonly value: T } | { readonly problem: string };

/** Told of every word that the mapper does not know. */
export type OnUnknown = (field: string, word: string) => void;

/** Checks one row against its schema. */
export function checked<S extends z.ZodType>(schema: S, row: unknown): Mapped<z.output<S>> {
  const result = schema.safeParse(row);
  if (result.success) return { value: result.data };
  const issue = result.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  return { problem: `${field === '' ? 'the row' : field} ${issue?.message ?? 'is wrong'}` };
}

/** Checks one row and turns it into the domain's form. */
export function mapRow<S extends z.ZodType, T>(
  schema: S,
  row: unknown,
  map: (row: z.output<S>) => Mapped<T>,
): Mapped<T> {
  const parsed = checked(schema, row);
  return 'problem' in parsed ? parsed : map(parsed.value);
}

/**
 * The list of a reply: the reply itself, or what it holds under `key`. Everything else is no answer, because nothing that was read is
 * not "nothing there": ExchangeFailure.
 */
export function listOf(data: unknown, key?: string): readonly unknown[] {
  const list = key === undefined ? data : isRecord(data) ? data[key] : undefined;
  if (Array.isArray(list)) return list;
  throw shapeFailure(
    key === undefined
      ? `a list was expected, not ${nameOf(data)}`
      : `a list was expected as "${key}" of ${nameOf(data)}`,
  );
}

const nameOf = (data: unknown): string => {
  if (data === undefined) return 'an answer without data';
  if (data === null || data === '') return 'empty data';
  if (Array.isArray(data)) return 'a list';
  return isRecord(data) ? 'an object' : 'a single value';
};

/** The one object of a reply, whether it came alone or as the only one of a list; ExchangeFailure when there is none or more. */
export function onlyRow(data: unknown, what: string): Readonly<Record<string, unknown>> {
  const rows: readonly unknown[] = Array.isArray(data) ? data : [data];
  const [row] = rows;
  if (rows.length === 1 && isRecord(row)) return row;
  throw shapeFailure(`${what}: one object was expected, not ${nameOf(data)}`);
}

/** The single object of a frame or of a write's reply, whether it came alone or in an array; undefined when there is none. */
export const objectOf = (data: unknown): unknown => (Array.isArray(data) ? data[0] : data);

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All rows, or ExchangeFailure at the first that cannot be used: for the account, where a missing row would be a lie. */
export function everyRow<T>(
  rows: readonly unknown[],
  what: string,
  map: (row: unknown) => Mapped<T>,
): T[] {
  return rows.map((row) => oneRow(row, what, map));
}

/** The row, or ExchangeFailure. */
export function oneRow<T>(row: unknown, what: string, map: (row: unknown) => Mapped<T>): T {
  const mapped = map(row);
  if ('problem' in mapped) throw shapeFailure(`${what}: ${mapped.problem}`);
  return mapped.value;
}

/** Rows by what identifies them, in their order. */
interface DistinctRows {
  /** Each once; those whose id cannot be read stay as they are, for the mapper to refuse. */
  readonly rows: readonly unknown[];
  /** Ids under which the list has rows that differ: one of them is wrong, and nobody knows which. */
  readonly disputed: ReadonlySet<string>;
}

/** What identifies a row; undefined when it has nothing there that can be read. */
export const rowId = (row: unknown, idKey: string): string | undefined =>
  isRecord(row) ? idText(row[idKey]) : undefined;

function distinctRows(rows: readonly unknown[], idKey: string): DistinctRows {
  const seen = new Map<string, string>();
  const disputed = new Set<string>();
  const kept = rows.filter((row) => {
    const id = rowId(row, idKey);
    if (id === undefined) return true;
    const text = JSON.stringify(row);
    const before = seen.get(id);
    if (before !== undefined && before !== text) disputed.add(id);
    if (before === undefined) seen.set(id, text);
    return before === undefined;
  });
  return { rows: kept, disputed };
}

/** Each row once; ExchangeFailure when one has no id, or two rows of one id differ. */
export function agreedRows(
  rows: readonly unknown[],
  idKey: string,
  what: string,
): readonly unknown[] {
  if (rows.some((row) => rowId(row, idKey) === undefined)) {
    throw shapeFailure(`${what}: a row has no ${idKey} that can be read`);
  }
  const { rows: once, disputed } = distinctRows(rows, idKey);
  const [id] = disputed;
  if (id === undefined) return once;
  throw shapeFailure(`${what}: two different rows have the same ${idKey} ${id}`);
}

interface MarketRows {
  readonly what: string;
  readonly log: Log;
  /** The field that identifies a row; rows of one that differ are left out, all of them. */
  readonly idKey: string;
}

/**
 * The rows that can be used; the others are counted in the log. For market data, where one odd contract spoils nothing; when none can be
 * used, that is no empty market: ExchangeFailure.
 */
export function usableRows<T>(
  rows: readonly unknown[],
  { what, log, idKey }: MarketRows,
  map: (row: unknown) => Mapped<T>,
): T[] {
  const usable: T[] = [];
  let first: string | undefined;
  const { rows: once, disputed } = distinctRows(rows, idKey);
  for (const row of once) {
    const id = rowId(row, idKey);
    const mapped: Mapped<T> =
      id !== undefined && disputed.has(id)
        ? { problem: `two different rows have the same ${idKey} ${id}` }
        : map(row);
    if ('value' in mapped) usable.push(mapped.value);
    else first ??= mapped.problem;
  }
  const skipped = once.length - usable.length;
  if (usable.length === 0 && first !== undefined) throw shapeFailure(`${what}: ${first}`);
  if (skipped > 0) {
    log.warn(`exchange: rows of ${what} left out`, { skipped, of: rows.length, first });
  }
  return usable;
}

/** The list, or ExchangeFailure when nothing is in it although there is always something. */
export function notEmpty<T>(rows: readonly T[], what: string): readonly T[] {
  if (rows.length > 0) return rows;
  throw shapeFailure(`${what}: the list is empty`);
}

/** A reporter that tells the log of each unknown word once. */
export function unknownWords(log: Log): OnUnknown {
  const reported = new Set<string>();
  return (field, word) => {
    const key = `${field}=${word}`;
    if (reported.has(key) || reported.size > 500) return;
    reported.add(key);
    log.warn('exchange: unknown word', { field, word: word.slice(0, 60) });
  };
}

import type { z } from 'zod';
import type { Log } from '../app/ports.ts';
import { shapeFailure } from './failures.ts';

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

/** An array, an object that stands for an array of one, or an object that holds the list under `key`. */
export function listOf(data: unknown, key?: string): readonly unknown[] {
  const inner = key !== undefined && isRecord(data) && key in data ? data[key] : data;
  if (Array.isArray(inner)) return inner;
  if (inner === null || inner === undefined || inner === '') return [];
  if (isRecord(inner)) return key === undefined || inner !== data ? [inner] : [];
  throw shapeFailure(`a list was expected, not ${typeof inner}`);
}

/** The single object of a reply, whether it came alone or in an array. */
export const objectOf = (data: unknown): unknown => (Array.isArray(data) ? data[0] : data);

export const isRecord = (value: unknown): value is Record<string, unknown> =>
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

/** The rows that can be used; the others are counted in the log. For market data, where one odd contract spoils nothing. */
export function usableRows<T>(
  rows: readonly unknown[],
  source: { readonly what: string; readonly log: Log },
  map: (row: unknown) => Mapped<T>,
): T[] {
  const usable: T[] = [];
  let first: string | undefined;
  for (const row of rows) {
    const mapped = map(row);
    if ('value' in mapped) usable.push(mapped.value);
    else first ??= mapped.problem;
  }
  const skipped = rows.length - usable.length;
  if (skipped > 0) {
    source.log.warn(`exchange: rows of ${source.what} left out`, {
      skipped,
      of: rows.length,
      first,
    });
  }
  return usable;
}

/** A reporter that tells the log of each unknown word once. */
export function unknownWords(log: Log): OnUnknown {
  const told = new Set<string>();
  return (field, word) => {
    const key = `${field}=${word}`;
    if (told.has(key) || told.size > 500) return;
    told.add(key);
    log.warn('exchange: unknown word', { field, word: word.slice(0, 60) });
  };
}

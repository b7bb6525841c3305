import type { OutboxQueue } from '../../src/app/ports/outbox.ts';
import { rankOf, type Alert, type Finding } from '../../src/domain/alert.ts';

type Row = { -readonly [Key in keyof Alert]: Alert[Key] };

/** An outbox in memory with the promises of the real one: numbers without gaps, one telling for each key, claims. */
export interface FakeOutbox extends OutboxQueue {
  readonly rows: readonly Alert[];
  /** While true every call fails, as with the store down. */
  broken: boolean;
}

export function createFakeOutbox(): FakeOutbox {
  const rows: Row[] = [];
  const claims = new Set<number>();
  const changed = new Set<number>();
  const listeners: ((number: number) => void)[] = [];
  const tell = (number: number): void => listeners.forEach((each) => each(number));
  const outbox: FakeOutbox = {
    rows,
    broken: false,
    raise: guarded(async (found: Finding) => {
      if (rows.some((each) => each.key === found.key)) return undefined;
      const row: Row = { ...found, number: rows.length + 1, status: 'queued', attempts: 0 };
      rows.push(row);
      tell(row.number);
      for (const { key, ...text } of found.revises ?? []) await outbox.revise(key, text);
      return { ...row };
    }),
    revise: async (key, text) => {
      const row = rows.find((each) => each.key === key);
      if (row === undefined) return;
      Object.assign(row, text);
      delete row.buttons;
      changed.add(row.number);
      tell(row.number);
    },
    pending: guarded(async (limit: number) =>
      rows
        .filter((each) => each.status !== 'sent')
        .toSorted((a, b) => rankOf(a) - rankOf(b) || a.number - b.number)
        .slice(0, limit)
        .map((each) => ({ ...each })),
    ),
    revised: async (limit) =>
      rows.filter((each) => changed.has(each.number) && each.status === 'sent').slice(0, limit),
    claim: guarded(async (number: number) => {
      const row = rows.find((each) => each.number === number);
      if (row === undefined || claims.has(number)) return false;
      claims.add(number);
      row.attempts += 1;
      return true;
    }),
    reword: async ({ number, title, lines, at }) => {
      const row = rows.find((each) => each.number === number && each.status !== 'sent');
      if (row !== undefined) Object.assign(row, { title, lines, at });
    },
    withdraw: async ({ number }, message) => {
      claims.delete(number);
      const row = rows.find((each) => each.number === number);
      if (row !== undefined)
        Object.assign(row, message, { status: 'sent', key: `${row.key}#${number}` });
    },
    markSent: guarded(async (number: number, message: { chatId: number; messageId: number }) => {
      claims.delete(number);
      const row = rows.find((each) => each.number === number);
      if (row !== undefined) Object.assign(row, message, { status: 'sent' });
    }),
    markRevised: async (number) => {
      changed.delete(number);
    },
    release: guarded(async (number: number) => {
      claims.delete(number);
    }),
    recent: async (limit) => rows.toReversed().slice(0, limit),
    onNews: (listener) => {
      listeners.push(listener);
      return () => void listeners.splice(listeners.indexOf(listener), 1);
    },
  };

  function guarded<Arguments extends unknown[], Result>(
    call: (...args: Arguments) => Promise<Result>,
  ): (...args: Arguments) => Promise<Result> {
    return (...args) =>
      outbox.broken ? Promise.reject(new Error('the store does not answer')) : call(...args);
  }
  return outbox;
}

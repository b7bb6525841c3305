import { MINUTE, utcOf } from '../../domain/time.ts';
import { plainNumber } from './plain-number.ts';

/** How the times of a file are written. */
export type TimeWriting = 'seconds' | 'milliseconds' | 'microseconds' | 'dates';

/** How a report says it. */
export const timesText = (writing: TimeWriting): string => `times in ${writing}`;

/** 1973 and 5138, in milliseconds: what lies outside is hardly a time in them. */
const EARLIEST = 1e11;
const LATEST = 1e14;
/** The same for microseconds. */
const LATEST_MICRO = 1e17;
/** So large a part of a file in another writing is no slip but a mixture. */
const MIXED = 0.1;

const NUMBER = /^\d+(\.\d+)?(e\+?\d+)?$/i;
const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(?: ?(Z|UTC|[+-]\d\d(?::?\d\d)?))?$/i;

/** Reads the times of one file. */
export interface TimeReader {
  readonly writing: TimeWriting;
  /** A time as whole Unix milliseconds, rounded down, or what is wrong with it. */
  read(text: string): number | string;
}

/**
 * A reader for times that are written as most of these are. Whole minutes of milliseconds between the first ones make even early ones milliseconds, which candles
 * counted in seconds never lie apart (1000 minutes are no candle's length). Throws RangeError for a mixture, and for dates of another order.
 */
export function timeReaderOf(times: readonly string[]): TimeReader {
  const counts = new Map<TimeWriting, number>();
  const small = times.slice(0, 100).filter((each) => NUMBER.test(each) && Number(each) < EARLIEST);
  const early = areMinutesApart(small.map(Number)) ? 'milliseconds' : 'seconds';
  for (const each of times) {
    const writing = writtenAs(each, early);
    if (writing !== undefined) counts.set(writing, (counts.get(writing) ?? 0) + 1);
  }
  const [most, next] = [...counts].toSorted(([, one], [, other]) => other - one);
  if (most === undefined) throw new RangeError(unreadable(times));
  if (next !== undefined && next[1] > Math.max(1, times.length * MIXED)) {
    throw new RangeError(`its times are in ${most[0]} and in ${next[0]}; write all in one way`);
  }
  const [writing] = most;
  return { writing, read: (text) => timeOf(text, writing, early) };
}

const unreadable = (times: readonly string[]): string => {
  const [first = ''] = times;
  return `the time "${first.slice(0, 40)}" cannot be read; write Unix seconds, milliseconds or microseconds, or 2021-09-01 13:00:00 (UTC unless a zone follows)`;
};

/** A count of time units; undefined for a date and for what is no time. */
function countOf(text: string): number | undefined {
  const plain = plainNumber(text);
  if (!Number.isNaN(plain)) return plain;
  return NUMBER.test(text) ? Number(text) : undefined;
}

function writtenAs(text: string, early: TimeWriting): TimeWriting | undefined {
  const value = countOf(text);
  if (value !== undefined) return countedIn(value, early);
  return DATE.test(text) ? 'dates' : undefined;
}

/** Whether a count of time units is one of milliseconds, whatever else its file holds. */
export const isMilliseconds = (value: number): boolean => value >= EARLIEST && value < LATEST;

function countedIn(value: number, early: TimeWriting): TimeWriting | undefined {
  if (value < EARLIEST) return early;
  if (value < LATEST) return 'milliseconds';
  return value < LATEST_MICRO ? 'microseconds' : undefined;
}

function areMinutesApart(times: readonly number[]): boolean {
  const steps = times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? NaN)));
  const least = Math.min(...steps.filter((step) => step > 0));
  return least % MINUTE === 0;
}

function timeOf(text: string, writing: TimeWriting, early: TimeWriting): number | string {
  if (writing === 'dates') return dateOf(text) ?? `the time "${text.slice(0, 40)}" is not a date`;
  const value = countOf(text);
  if (value === undefined) return 'the time is not a number';
  const looks = countedIn(value, early);
  if (looks !== undefined && looks !== writing) {
    return `time ${text} looks like ${looks}; Unix ${writing} are needed`;
  }
  if (writing === 'microseconds') return Math.floor(value / 1_000);
  return Math.floor(writing === 'seconds' ? value * 1_000 : value);
}

function dateOf(text: string): number | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', part = '', zone = 'Z'] =
    DATE.exec(text) ?? [];
  const at = utcOf(`${year}-${month}-${day}`, `${hour}:${minute}:${second}`);
  if (at === undefined) return undefined;
  return at + Math.floor(Number(`0.${part}0`) * 1_000) - offsetOf(zone);
}

function offsetOf(zone: string): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offset = Number(hours) * 60 + Number(minutes);
  return (sign === '-' ? -offset : offset) * MINUTE;
}

/** Whether a date names its zone. */
export const namesZone = (text: string): boolean => DATE.exec(text)?.[8] !== undefined;

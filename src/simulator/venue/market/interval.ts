const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Candle lengths by their REST name, milliseconds; a month is counted by the calendar. */
const REST_MS: ReadonlyMap<string, number> = new Map([
  ['1m', MINUTE],
  ['3m', 3 * MINUTE],
  ['5m', 5 * MINUTE],
  ['15m', 15 * MINUTE],
  ['30m', 30 * MINUTE],
  ['1h', HOUR],
  ['2h', 2 * HOUR],
  ['4h', 4 * HOUR],
  ['6h', 6 * HOUR],
  ['8h', 8 * HOUR],
  ['12h', 12 * HOUR],
  ['1d', DAY],
  ['3d', 3 * DAY],
  ['1w', 7 * DAY],
  ['1M', 30 * DAY],
]);

const STREAM_NAMES: ReadonlyMap<string, string> = new Map([
  ['1min', '1m'],
  ['3min', '3m'],
  ['5min', '5m'],
  ['15min', '15m'],
  ['30min', '30m'],
  ['60min', '1h'],
  ['2h', '2h'],
  ['4h', '4h'],
  ['6h', '6h'],
  ['8h', '8h'],
  ['12h', '12h'],
  ['1day', '1d'],
  ['3day', '3d'],
  ['1week', '1w'],
  ['1month', '1M'],
]);

/** 1970-01-05, a Monday: weeks are counted from it. */
const FIRST_MONDAY = 4 * DAY;

/** One candle length. `floor` gives the open time of the candle that holds `time`, `next` the open of the one after. */
export interface Interval {
  readonly name: string;
  readonly ms: number;
  floor(time: number): number;
  next(open: number): number;
}

function fixed(name: string, ms: number): Interval {
  const offset = name === '1w' ? FIRST_MONDAY : 0;
  return {
    name,
    ms,
    floor: (time) => Math.floor((time - offset) / ms) * ms + offset,
    next: (open) => open + ms,
  };
}

function month(): Interval {
  return {
    name: '1M',
    ms: 30 * DAY,
    floor: (time) => {
      const date = new Date(time);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    },
    next: (open) => {
      const date = new Date(open);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
    },
  };
}

const INTERVALS: ReadonlyMap<string, Interval> = new Map(
  [...REST_MS].map(([name, ms]) => [name, name === '1M' ? month() : fixed(name, ms)]),
);

/** Interval of a REST name; 3m exists on the stream alone. */
export function restInterval(name: string): Interval | undefined {
  return name === '3m' ? undefined : INTERVALS.get(name);
}

/** Interval of a stream name such as 60min. */
export function streamInterval(name: string): Interval | undefined {
  const rest = STREAM_NAMES.get(name);
  return rest === undefined ? undefined : INTERVALS.get(rest);
}

/** REST names, for the message that lists what is allowed. */
export const REST_INTERVALS: readonly string[] = [...REST_MS.keys()].filter(
  (name) => name !== '3m',
);

import type { Candle } from '../domain/candle.ts';
import { DAY, formatUtc, MINUTE } from '../domain/time.ts';
import { badTick, createTickWatch, type TickVerdict } from '../indicators/bad-tick.ts';
import { candleFault } from '../indicators/candle-fault.ts';
import { columnsOf, type CandleColumns } from './candle-columns.ts';
import { rowsInOrder } from './row-order.ts';

/** Why a row was not used. */
export const ROW_FAULTS = [
  'unreadable',
  'impossible',
  'repeated',
  'out of order',
  'bad tick',
] as const;
export type RowFaultKind = (typeof ROW_FAULTS)[number];

/** A row that was not used, with its line number in the file. */
export interface RowFault {
  readonly line: number;
  readonly kind: RowFaultKind;
  readonly reason: string;
}

export interface ParsedCandles {
  readonly columns: CandleColumns;
  readonly faults: readonly RowFault[];
  /** Bad ticks that were used because the reader asked for it. */
  readonly usedTicks: readonly RowFault[];
  /** Most decimals that a price of the file has: the tick that it was recorded with. */
  readonly priceDecimals: number;
}

const NAMES = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** 1973 and 5138: what lies outside is hardly a time in milliseconds. */
const EARLIEST = 1e11;
const LATEST = 1e14;
/** So many rows tell whether an early time is in milliseconds. */
const ROWS_FOR_UNIT = 100;

/** What becomes of rows whose prices jump as no market's do: left out, or used and named. */
export type BadTicks = 'left-out' | 'used';

/**
 * Reads recorded candles: a first line that names at least time, open, high, low, close and volume, in any order; time is the
 * open in Unix milliseconds UTC. Rows that cannot be read, are impossible, repeated or out of order are left out and named, where
 * one row with a wrong time makes no other one wrong; bad ticks as `badTicks` says. Throws RangeError for another first line, and,
 * unless bad ticks are used, for prices that jump to another level and stay there.
 */
export function parseCandleCsv(text: string, badTicks: BadTicks = 'left-out'): ParsedCandles {
  const rows = readRows(text.split('\n'));
  const sound = rows.filter(({ fault }) => fault === undefined);
  const kept = rowsInOrder(sound.map(({ candle }) => candle.openTime));
  const ordered = new Set(sound.filter((_, index) => kept.has(index)));
  const candles: Candle[] = [];
  const faults: RowFault[] = [];
  const usedTicks: RowFault[] = [];
  const tickOf = badTicks === 'used' ? judgeAlone : createTickWatch();
  let last: Candle | undefined;
  let priceDecimals = 0;
  for (const row of rows) {
    const { line, candle } = row;
    const fault = row.fault ?? orderFault(candle.openTime, last?.openTime, ordered.has(row));
    if (fault !== undefined) {
      faults.push({ line, ...fault });
      continue;
    }
    const before =
      last !== undefined && candle.openTime - last.openTime <= DAY ? last.close : undefined;
    const tick = tickOf(candle, before);
    if (tick === 'new-level') throw newLevel(line, before);
    if (tick !== 'sound') {
      const named = badTicks === 'used' ? usedTicks : faults;
      named.push({ line, kind: 'bad tick', reason: tick.reason });
      if (badTicks === 'left-out') continue;
    }
    last = candle;
    candles.push(candle);
    priceDecimals = Math.max(priceDecimals, row.decimals);
  }
  return { columns: columnsOf(candles), faults, usedTicks, priceDecimals };
}

type Fault = Omit<RowFault, 'line'>;

interface Row {
  readonly line: number;
  readonly candle: Candle;
  /** Most decimals of its close and high. */
  readonly decimals: number;
  /** What is wrong with the row alone. */
  readonly fault: Fault | undefined;
}

function readRows(lines: readonly string[]): readonly Row[] {
  const { places, width } = readHeader(lines[0] ?? '');
  const earliest = earliestOf(lines, places.time);
  const rows: Row[] = [];
  for (let index = 1; index < lines.length; index += 1) {
    const text = lines[index]?.trim() ?? '';
    if (text === '') continue;
    const fields = text.split(',');
    const candle = candleOf(fields, places);
    const fault: Fault | undefined =
      fields.length === width
        ? faultOf(candle, earliest)
        : { kind: 'unreadable', reason: `${fields.length} fields, expected ${width}` };
    const decimals = Math.max(decimalsOf(fields[places.close]), decimalsOf(fields[places.high]));
    rows.push({ line: index + 1, candle, decimals, fault });
  }
  return rows;
}

/** Where nothing is left out, another level is a jump and then the price. */
const judgeAlone = (candle: Candle, before: number | undefined): TickVerdict =>
  badTick(candle, before) ?? 'sound';

/**
 * The earliest time that is one in milliseconds: 0 where the first rows lie whole minutes of milliseconds apart, which candles
 * counted in seconds never do (1000 minutes are no candle's length), else 1973.
 */
function earliestOf(lines: readonly string[], place: number): number {
  const times = lines
    .slice(1, ROWS_FOR_UNIT)
    .map((line) => Number(line.split(',')[place] ?? NaN))
    .filter((time) => !Number.isNaN(time));
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? NaN));
  const least = Math.min(...steps.filter((step) => step > 0));
  return least % MINUTE === 0 ? 0 : EARLIEST;
}

type Places = Readonly<Record<(typeof NAMES)[number], number>>;

function readHeader(line: string): { readonly places: Places; readonly width: number } {
  // trim() takes a byte order mark off as well.
  const names = line
    .trim()
    .split(',')
    .map((name) => name.trim().toLowerCase());
  const missing = NAMES.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new RangeError(
      `the first line "${line.trim().slice(0, 60)}" names no ${missing.join(', ')}; it must be ${NAMES.join(',')}, in any order`,
    );
  }
  const places = Object.fromEntries(NAMES.map((name) => [name, names.indexOf(name)]));
  return { places: places as Places, width: names.length };
}

function candleOf(fields: readonly string[], places: Places): Candle {
  const figure = (index: number): number => {
    const text = fields[index];
    return text === undefined || text.trim() === '' ? NaN : Number(text);
  };
  return {
    openTime: figure(places.time),
    open: figure(places.open),
    high: figure(places.high),
    low: figure(places.low),
    close: figure(places.close),
    volume: figure(places.volume),
  };
}

function faultOf(candle: Candle, earliest: number): Fault | undefined {
  const unit = unitFault(candle.openTime, earliest);
  if (unit !== undefined) return { kind: 'unreadable', reason: unit };
  const reason = candleFault(candle);
  if (reason === undefined) return undefined;
  const readable = Object.values(candle).every((each) => Number.isFinite(each));
  return { kind: readable ? 'impossible' : 'unreadable', reason };
}

/** `last`: the time of the row used before it. */
function orderFault(time: number, last: number | undefined, ordered: boolean): Fault | undefined {
  if (time === last) return { kind: 'repeated', reason: 'the same time as the row before' };
  if (ordered) return undefined;
  const reason =
    last === undefined || time > last
      ? `${formatUtc(time)} is later than the rows after it`
      : 'earlier than the row before';
  return { kind: 'out of order', reason };
}

function unitFault(time: number, earliest: number): string | undefined {
  if (Number.isNaN(time)) return 'the time is no number';
  if (time < earliest) return `time ${time} looks like seconds; Unix milliseconds are needed`;
  if (time >= LATEST) return `time ${time} looks like microseconds; Unix milliseconds are needed`;
  return undefined;
}

const newLevel = (line: number, before: number | undefined): RangeError =>
  new RangeError(
    `the prices jump away from ${before} before line ${line} and stay there: another scale or another contract. Cut the file there`,
  );

function decimalsOf(text: string | undefined): number {
  const point = text?.indexOf('.') ?? -1;
  return text === undefined || point < 0 ? 0 : text.trim().length - point - 1;
}

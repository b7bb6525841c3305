import type { Candle } from '../domain/candle.ts';
import { DAY } from '../domain/time.ts';
import { createTickWatch } from '../indicators/bad-tick.ts';
import { candleFault } from '../indicators/candle-fault.ts';
import { columnsOf, type CandleColumns } from './candle-columns.ts';

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
  /** Most decimals that a price of the file has: the tick that it was recorded with. */
  readonly priceDecimals: number;
}

const NAMES = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** 1973 and 5138: what lies outside is no time in milliseconds. */
const EARLIEST = 1e11;
const LATEST = 1e14;

/**
 * Reads recorded candles: a first line that names at least time, open, high, low, close and volume, in any order; time is the
 * open in Unix milliseconds UTC. Rows that cannot be read, are impossible, repeated, out of order or hold a bad tick are left out
 * and named. Throws RangeError for another first line, and for prices that jump to another level and stay there.
 */
export function parseCandleCsv(text: string): ParsedCandles {
  const lines = text.split('\n');
  const { places, width } = readHeader(lines[0] ?? '');
  const candles: Candle[] = [];
  const faults: RowFault[] = [];
  const tickOf = createTickWatch();
  let last: Candle | undefined;
  let priceDecimals = 0;
  for (let index = 1; index < lines.length; index += 1) {
    const row = lines[index]?.trim() ?? '';
    if (row === '') continue;
    const fields = row.split(',');
    const line = index + 1;
    const candle = candleOf(fields, places);
    const fault = faultOf(candle, { fields, width, last });
    if (fault !== undefined) {
      faults.push({ line, ...fault });
      continue;
    }
    const before =
      last !== undefined && candle.openTime - last.openTime <= DAY ? last.close : undefined;
    const tick = tickOf(candle, before);
    if (tick === 'new-level') throw newLevel(line, before);
    if (tick !== 'sound') {
      faults.push({ line, kind: 'bad tick', reason: tick.reason });
      continue;
    }
    last = candle;
    candles.push(candle);
    priceDecimals = Math.max(
      priceDecimals,
      decimalsOf(fields[places.close]),
      decimalsOf(fields[places.high]),
    );
  }
  return { columns: columnsOf(candles), faults, priceDecimals };
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

interface Row {
  readonly fields: readonly string[];
  readonly width: number;
  readonly last: Candle | undefined;
}

function faultOf(candle: Candle, { fields, width, last }: Row): Omit<RowFault, 'line'> | undefined {
  if (fields.length !== width) {
    return { kind: 'unreadable', reason: `${fields.length} fields, expected ${width}` };
  }
  const unit = unitFault(candle.openTime);
  if (unit !== undefined) return { kind: 'unreadable', reason: unit };
  const reason = candleFault(candle);
  if (reason !== undefined) {
    const readable = Object.values(candle).every((each) => Number.isFinite(each));
    return { kind: readable ? 'impossible' : 'unreadable', reason };
  }
  if (last === undefined || candle.openTime > last.openTime) return undefined;
  return candle.openTime === last.openTime
    ? { kind: 'repeated', reason: 'the same time as the row before' }
    : { kind: 'out of order', reason: 'earlier than the row before' };
}

function unitFault(time: number): string | undefined {
  if (Number.isNaN(time)) return 'the time is no number';
  if (time < EARLIEST) return `time ${time} looks like seconds; Unix milliseconds are needed`;
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

import type { Candle } from '../../domain/candle.ts';
import { candleFault } from '../../indicators/candle-fault.ts';
import type { RowFaultKind } from './row-fault.ts';
import { layoutOf, type Figure, type Layout } from './candle-layout.ts';
import { namesZone, timeReaderOf, timesText, type TimeReader } from './candle-time.ts';
import {
  decimalMarkOf,
  decimalsOf,
  numberOf,
  readDelimited,
  type DecimalMark,
  type DelimitedRow,
} from './delimited.ts';

/** One row of a file, as it was understood. */
export interface CandleRow {
  readonly file: string;
  readonly line: number;
  readonly candle: Candle;
  /** Most decimals of its close and high. */
  readonly decimals: number;
  /** What is wrong with the row alone. */
  readonly fault: { readonly kind: RowFaultKind; readonly reason: string } | undefined;
}

/** Where a row stands, as one looks it up. */
export const placeOf = ({ file, line }: CandleRow): string =>
  file === '' ? `line ${line}` : `${file} line ${line}`;

export interface CandleRows {
  readonly rows: readonly CandleRow[];
  /** Whether the times are said to be the ends of the candles. */
  readonly isCloseTime: boolean;
  /** How the file is written, in plain words. */
  readonly said: readonly string[];
}

/** A file of candles and what its name says. */
export interface CandleText {
  readonly file: string;
  readonly text: string;
  readonly isJson?: boolean;
  /** Contract and coin, where they are known: rows of another contract are refused. */
  readonly symbol?: string;
  readonly base?: string | undefined;
}

const FIGURES: readonly Exclude<Figure, 'time'>[] = ['open', 'high', 'low', 'close', 'volume'];

/** The rows of one file. Throws RangeError where it cannot be told what its columns, times or numbers mean. */
export function readCandleRows(source: CandleText): CandleRows {
  const {
    rows: table,
    skipped,
    delimiter,
    isQuoted,
  } = source.isJson ? jsonTable(source.text) : csvTable(source.text);
  const layout = source.isJson ? JSON_LAYOUT : layoutOf(table[0]?.cells ?? [''], source.base);
  const body = table.slice(layout.header);
  checkSymbol(body, layout, source.symbol);
  const whole = body.filter(({ cells }) => cells.length === layout.width);
  const times = whole.map(({ cells }) => cells[layout.places.time] ?? '');
  const said = [
    ...skipped.map((line) => `"${line.slice(0, 60)}" passed over`),
    ...layout.said,
    ...(delimiter === ',' ? [] : [`cells between ${delimiter === ';' ? 'semicolons' : 'tabs'}`]),
  ];
  if (whole.length === 0) {
    return {
      rows: body.map((row) => unreadable(row, layout, source.file)),
      isCloseTime: layout.isCloseTime,
      said,
    };
  }
  const reader = timeReaderOf(times);
  // Where commas part the cells no cell has one.
  const mark =
    delimiter === ',' && !isQuoted
      ? '.'
      : decimalMarkOf(
          whole.flatMap(({ cells }) => FIGURES.map((name) => cells[layout.places[name]] ?? '')),
        );
  const zone =
    reader.writing === 'dates' && !times.some(namesZone) ? ' without a zone, read as UTC' : '';
  return {
    rows: body.map((row) => rowOf(row, { file: source.file, layout, reader, mark })),
    isCloseTime: layout.isCloseTime,
    said: [
      ...said,
      `${timesText(reader.writing)}${zone}`,
      ...(mark === ',' ? ['decimal commas'] : []),
    ],
  };
}

const csvTable = readDelimited;

const JSON_LAYOUT: Layout = {
  places: { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 },
  symbolPlace: undefined,
  width: 6,
  header: 0,
  isCloseTime: false,
  said: ['a list of [time, open, high, low, close, volume]'],
};

/** freqtrade's list of rows; what a row has beyond six figures is not looked at. */
function jsonTable(text: string): ReturnType<typeof readDelimited> {
  const found = parsed(text);
  if (!Array.isArray(found) || !found.every((row) => Array.isArray(row))) {
    throw new RangeError('it is not a list of rows [time, open, high, low, close, volume]');
  }
  const rows = found.map((row: readonly unknown[], index) => ({
    line: index + 1,
    cells: row.slice(0, JSON_LAYOUT.width).map((cell) => String(cell)),
  }));
  return { rows, skipped: [], delimiter: ',', isQuoted: true };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new RangeError('it is not complete JSON');
  }
}

/** A contract as files write it: BTC/USDT, BTC-USDT and BTCUSDT.P are BTCUSDT. */
const nameOf = (text: string): string =>
  text
    .toUpperCase()
    .replace(/:.*$|\.P$/, '')
    .replaceAll(/[^A-Z0-9]/g, '');

function checkSymbol(
  rows: readonly DelimitedRow[],
  { symbolPlace }: Layout,
  symbol: string | undefined,
): void {
  if (symbolPlace === undefined) return;
  const names = [...new Set(rows.map(({ cells }) => nameOf(cells[symbolPlace] ?? '')))];
  if (names.length > 1) {
    throw new RangeError(
      `it holds several contracts: ${names.slice(0, 3).join(', ')}; write a file for each`,
    );
  }
  const [name] = names;
  if (name !== undefined && symbol !== undefined && name !== symbol) {
    throw new RangeError(`its rows are of ${name}, its name says ${symbol}`);
  }
}

const unreadable = (row: DelimitedRow, { width }: Layout, file: string): CandleRow => ({
  file,
  line: row.line,
  candle: { openTime: NaN, open: NaN, high: NaN, low: NaN, close: NaN, volume: NaN },
  decimals: 0,
  fault: { kind: 'unreadable', reason: `${row.cells.length} fields, expected ${width}` },
});

interface Reading {
  readonly file: string;
  readonly layout: Layout;
  readonly reader: TimeReader;
  readonly mark: DecimalMark;
}

function rowOf(row: DelimitedRow, { file, layout, reader, mark }: Reading): CandleRow {
  const { places, width } = layout;
  const { cells, line } = row;
  if (cells.length !== width) return unreadable(row, layout, file);
  const time = reader.read(cells[places.time] ?? '');
  const high = cells[places.high] ?? '';
  const close = cells[places.close] ?? '';
  const candle = {
    openTime: typeof time === 'number' ? time : NaN,
    open: numberOf(cells[places.open], mark),
    high: numberOf(high, mark),
    low: numberOf(cells[places.low], mark),
    close: numberOf(close, mark),
    volume: numberOf(cells[places.volume], mark),
  };
  const decimals = Math.max(decimalsOf(close, candle.close), decimalsOf(high, candle.high));
  return { file, line, candle, decimals, fault: faultOf(candle, time) };
}

function faultOf(candle: Candle, time: number | string): CandleRow['fault'] {
  if (typeof time === 'string') return { kind: 'unreadable', reason: time };
  const reason = candleFault(candle);
  if (reason === undefined) return undefined;
  const readable = Object.values(candle).every((each) => Number.isFinite(each));
  return { kind: readable ? 'impossible' : 'unreadable', reason };
}

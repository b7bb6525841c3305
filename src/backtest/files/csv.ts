import type { Candle } from '../../domain/candle.ts';
import { formatUtc, formatUtcExactly } from '../../domain/time.ts';
import { columnsOf, type CandleColumns } from '../candles/candle-columns.ts';
import { gridOf } from './candle-grid.ts';
import { layoutOf } from './candle-layout.ts';
import { placeOf, readCandleRows, type CandleRow, type CandleText } from './candle-rows.ts';
import { lengthText } from '../candles/candle-length.ts';
import { timesText } from './candle-time.ts';
import { PLAIN_NAMES, plainCandles } from './plain-candles.ts';
import type { RowFault, RowFaultKind } from './row-fault.ts';
import { inOrder } from './row-order.ts';
import { judgeTicks, type BadTicks } from './tick-judge.ts';

export interface ParsedCandles {
  readonly columns: CandleColumns;
  readonly faults: readonly RowFault[];
  /** Bad ticks that were used because the reader asked for it. */
  readonly usedTicks: readonly RowFault[];
  /** Most decimals that a price of the file has: the tick that it was recorded with. */
  readonly priceDecimals: number;
  /** How the files were understood, in plain words. */
  readonly understood: string;
}

/** One file as `parseCandles` takes it. */
export type CandleFile = CandleText & {
  /** The length of its candles, where the name says it. */
  readonly namedMs?: number | undefined;
  /** The text as UTF-8, where it is at hand: of a plain file nothing else is read. */
  readonly bytes?: Uint8Array;
};

/** `parseCandles` of one file without a name. */
export const parseCandleCsv = (text: string, badTicks: BadTicks = 'left-out'): ParsedCandles =>
  parseCandles([{ file: '', text }], badTicks);

/**
 * The candles of one contract from one or several files, in any of the writings that `layoutOf` and `timeReaderOf` know; time is the open.
 * Rows may come in any order. Rows that cannot be read, are impossible, repeated, alone far from the others or beside the others' grid are left
 * out and named; bad ticks as `badTicks` says. Throws RangeError, with the file's name where there are several, for a file that cannot
 * be understood, for files of different lengths, for two rows of one time that differ, and, unless bad ticks are used, for prices that
 * jump to another level and stay there.
 */
export function parseCandles(files: readonly CandleFile[], badTicks: BadTicks): ParsedCandles {
  const plain = plainOf(files);
  if (plain !== undefined) return plain;
  const read = files.map((file) => named(files, file, () => readFile(file)));
  checkLengths(read);
  const places = new Map(files.map(({ file }, index) => [file, index]));
  const { rows, faults: unordered } = joined(read.flatMap((each) => each.rows));
  const { used, ticks } = judgeTicks(rows, badTicks);
  const found = ticks.map(({ row, reason }): Faulty => ({
    row,
    fault: { kind: 'bad tick', reason },
  }));
  const byPlace = (one: CandleRow, other: CandleRow): number =>
    (places.get(one.file) ?? 0) - (places.get(other.file) ?? 0) || one.line - other.line;
  const faults = [
    ...read.flatMap((each) => each.faults),
    ...unordered,
    ...(badTicks === 'left-out' ? found : []),
  ]
    .toSorted((one, other) => byPlace(one.row, other.row))
    .map((each) => faultOf(each, files.length));
  return {
    columns: columnsOf(used.map(({ candle }) => candle)),
    faults,
    usedTicks: (badTicks === 'used' ? found : []).map((each) => faultOf(each, files.length)),
    priceDecimals: used.reduce((most, { decimals }) => Math.max(most, decimals), 0),
    understood: understoodOf(read),
  };
}

/** The one file, where it is a plain one. */
function plainOf([file, ...others]: readonly CandleFile[]): ParsedCandles | undefined {
  if (file?.bytes === undefined || file.isJson === true || others.length > 0) return undefined;
  const plain = plainCandles(file.bytes, file.namedMs);
  if (plain === undefined) return undefined;
  const { columns, priceDecimals, stepMs } = plain;
  const said = [...layoutOf(PLAIN_NAMES, file.base).said, timesText('milliseconds')];
  const understood = understoodOf([{ said, stepMs }]);
  return { columns, priceDecimals, understood, faults: [], usedTicks: [] };
}

interface Faulty {
  readonly row: CandleRow;
  readonly fault: { readonly kind: RowFaultKind; readonly reason: string };
}

const faultOf = ({ row, fault }: Faulty, files: number): RowFault => ({
  ...(files > 1 ? { file: row.file } : {}),
  line: row.line,
  ...fault,
});

/** What goes wrong in one of several files names it. */
function named<T>(files: readonly CandleFile[], { file }: CandleFile, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (files.length < 2 || !(error instanceof RangeError)) throw error;
    throw new RangeError(`${file}: ${error.message}`);
  }
}

interface ReadFile {
  readonly file: string;
  readonly rows: readonly CandleRow[];
  readonly faults: readonly Faulty[];
  readonly stepMs: number | undefined;
  readonly said: readonly string[];
}

function readFile(file: CandleFile): ReadFile {
  const { rows, isCloseTime, said } = readCandleRows(file);
  const faults: Faulty[] = [];
  const sound: CandleRow[] = [];
  for (const row of rows) {
    if (row.fault === undefined) sound.push(row);
    else faults.push({ row, fault: row.fault });
  }
  const { ordered, strays, stood } = inOrder(sound, ({ candle }) => candle.openTime);
  const times = ordered.map(({ candle }) => candle.openTime);
  const grid = gridOf(times, { isCloseTime, namedMs: file.namedMs });
  const shifted = grid.shiftMs === 0 ? ordered : ordered.map((row) => shift(row, grid.shiftMs));
  const beside = shifted.filter(({ candle }) => !grid.fits(candle.openTime));
  const order = stood === 'oldest first' ? [] : [stood === 'mixed' ? 'rows in no order' : stood];
  return {
    file: file.file,
    rows: shifted.filter(({ candle }) => grid.fits(candle.openTime)),
    faults: [
      ...faults,
      ...strays.map(({ row, isLate }) => ({ row, fault: strayFault(row, isLate) })),
      ...beside.map((row) => ({ row, fault: gridFault(row) })),
    ],
    stepMs: grid.stepMs,
    said: [...said, ...order, ...grid.said],
  };
}

const shift = (row: CandleRow, by: number): CandleRow => ({
  ...row,
  candle: { ...row.candle, openTime: row.candle.openTime + by },
});

const strayFault = ({ candle }: CandleRow, isLate: boolean): Faulty['fault'] => ({
  kind: 'out of order',
  reason: isLate
    ? `${formatUtc(candle.openTime)} is later than the rows after it`
    : 'earlier than the row before',
});

const gridFault = ({ candle }: CandleRow): Faulty['fault'] => ({
  kind: 'off the grid',
  reason: `${formatUtcExactly(candle.openTime)} lies within a candle of the others`,
});

/** Files of different candle lengths are no one recording. */
function checkLengths(read: readonly ReadFile[]): void {
  const [first, ...rest] = read.filter(({ stepMs }) => stepMs !== undefined);
  const other = rest.find(({ stepMs }) => stepMs !== first?.stepMs);
  if (first === undefined || other === undefined) return;
  throw new RangeError(
    `${first.file} has candles of ${lengthText(first.stepMs ?? NaN)}, ${other.file} of ${lengthText(other.stepMs ?? NaN)}; keep one length`,
  );
}

/** All rows in the order of time, each time once. Throws RangeError where two rows of one time differ. */
function joined(rows: readonly CandleRow[]): { rows: readonly CandleRow[]; faults: Faulty[] } {
  const sorted = rows.toSorted((one, other) => one.candle.openTime - other.candle.openTime);
  const kept: CandleRow[] = [];
  const faults: Faulty[] = [];
  for (const row of sorted) {
    const last = kept.at(-1);
    if (last?.candle.openTime !== row.candle.openTime) {
      kept.push(row);
      continue;
    }
    if (!isSame(last.candle, row.candle)) throw contradiction(last, row);
    // The same row in two files is how files overlap; twice in one it is worth a word.
    if (last.file === row.file) faults.push({ row, fault: REPEATED });
  }
  return { rows: kept, faults };
}

const REPEATED = { kind: 'repeated', reason: 'the same as a row before' } as const;

const isSame = (one: Candle, other: Candle): boolean =>
  one.open === other.open &&
  one.high === other.high &&
  one.low === other.low &&
  one.close === other.close &&
  one.volume === other.volume;

const contradiction = (one: CandleRow, other: CandleRow): RangeError =>
  new RangeError(
    `${placeOf(one)} and ${placeOf(other)} are both of ${formatUtc(one.candle.openTime)} and differ; keep the right one`,
  );

/** Each way in which files are written once, and the length of the candles. */
function understoodOf(read: readonly Pick<ReadFile, 'said' | 'stepMs'>[]): string {
  const ways = [...new Set(read.map(({ said }) => said.join(', ')))];
  const stepMs = read.find((each) => each.stepMs !== undefined)?.stepMs;
  return [
    ...(read.length > 1 ? [`${read.length} files joined`] : []),
    ways.join('; also '),
    ...(stepMs === undefined ? [] : [`candles of ${lengthText(stepMs)}`]),
  ].join(', ');
}

import { HOUR } from '../../domain/time.ts';
import { adxColumn } from '../../indicators/adx.ts';
import { closingRows } from '../../indicators/aggregate.ts';
import { atrMeanColumns } from '../../indicators/atr.ts';
import { bollingerColumns } from '../../indicators/bollinger-bands.ts';
import { emptyColumn } from '../../indicators/column.ts';
import { macdColumns } from '../../indicators/macd.ts';
import { rsiColumn } from '../../indicators/rsi.ts';
import { smaColumn } from '../../indicators/sma.ts';
import { volumeMeanColumn } from '../../indicators/volume-mean.ts';
import { createContinuity, type FeedCounts } from '../../signals/continuity.ts';
import type { Snapshot } from '../../signals/snapshot.ts';
import { areNeighbours, candleAt, pickRows, type CandleColumns } from './candle-columns.ts';

export type SnapshotFields = Readonly<Record<keyof Snapshot, Float64Array>>;

/** What the tracker would know after each row, to the last bit. Computed once; any number of variants read it. */
export interface SnapshotColumns {
  readonly candles: CandleColumns;
  readonly fields: SnapshotFields;
  /** 1 where there is a snapshot. */
  readonly ready: Uint8Array;
  readonly counts: FeedCounts;
}

/**
 * Rows are used, refused and bridged as the tracker of the live scan does; the indicators come as columns instead of candle by
 * candle. Of a row that is repeated with other figures only the last version has a snapshot.
 */
export function snapshotColumns(candles: CandleColumns): SnapshotColumns {
  const { length } = candles;
  const continuity = createContinuity();
  const stretches: number[][] = [];
  let stretch: number[] = [];
  const ready = new Uint8Array(length);
  for (let row = 0; row < length; row += 1) {
    const { kind } = continuity.take(candleAt(candles, row));
    if (kind === 'refused' || kind === 'ignored') continue;
    if (kind === 'restarted') stretch = [];
    if (kind === 'revised') ready[stretch.pop() ?? row] = 0;
    if (stretch.length === 0) stretches.push(stretch);
    stretch.push(row);
    if (continuity.isReady()) ready[row] = 1;
  }
  const fields = emptyFields(length);
  for (const rows of stretches) {
    const known = stretchFields(pickRows(candles, rows));
    for (const name of FIELDS) place(known[name], rows, fields[name]);
  }
  for (let row = 0; row < length; row += 1) {
    // 150 candles suffice for everything else; 4 h candles may be missing because of bridged gaps.
    if (Number.isNaN(fields.sma4h[row])) ready[row] = 0;
  }
  return { candles, fields, ready, counts: continuity.counts() };
}

/** The fields over candles that belong together, NaN where they have no value yet: `createHistory` as columns. */
function stretchFields(candles: CandleColumns): SnapshotFields {
  const { time, close, volume } = candles;
  const bands = bollingerColumns(close);
  const macd = macdColumns(close);
  const atr = atrMeanColumns(candles);
  return {
    closedAt: closeTimes(time),
    close,
    volume,
    volumeMean: volumeMeanColumn(volume),
    sma20: bands.middle,
    sma50: smaColumn(close, 50),
    upperBand: bands.upper,
    lowerBand: bands.lower,
    rsi: rsiColumn(close),
    macd: macd.macd,
    macdSignal: macd.signal,
    adx: adxColumn(candles),
    atr: atr.atr,
    atrMean: atr.mean,
    ...higherFields(candles),
  };
}

function closeTimes(openTimes: Float64Array): Float64Array {
  const times = emptyColumn(openTimes.length);
  for (let row = 0; row < times.length; row += 1) times[row] = (openTimes[row] ?? NaN) + HOUR;
  return times;
}

/** Close and SMA 20 of the newest closed 4 h candle, on every row until the next one closes. */
function higherFields({ time, close }: CandleColumns): Pick<SnapshotFields, 'close4h' | 'sma4h'> {
  const rows = closingRows(time, { from: '1h', to: '4h' });
  const closes = new Float64Array(rows.length);
  for (const [index, row] of rows.entries()) closes[index] = close[row] ?? NaN;
  const means = smaColumn(closes, 20);
  const close4h = emptyColumn(time.length);
  const sma4h = emptyColumn(time.length);
  let closed = 0;
  for (let row = rows[0] ?? time.length; row < time.length; row += 1) {
    if (rows[closed] === row) closed += 1;
    close4h[row] = closes[closed - 1] ?? NaN;
    sma4h[row] = means[closed - 1] ?? NaN;
  }
  return { close4h, sma4h };
}

const FIELDS = [
  'closedAt',
  'close',
  'volume',
  'volumeMean',
  'sma20',
  'sma50',
  'upperBand',
  'lowerBand',
  'rsi',
  'macd',
  'macdSignal',
  'adx',
  'atr',
  'atrMean',
  'close4h',
  'sma4h',
] as const satisfies readonly (keyof Snapshot)[];

const emptyFields = (length: number): SnapshotFields =>
  Object.fromEntries(FIELDS.map((field) => [field, emptyColumn(length)])) as SnapshotFields;

/** Writes a column of picked rows back to where they came from. */
function place(column: Float64Array, rows: readonly number[], into: Float64Array): void {
  if (areNeighbours(rows)) into.set(column, rows[0]);
  else rows.forEach((row, index) => (into[row] = column[index] ?? NaN));
}

/** The snapshot after row `row`; undefined where the tracker had none. */
export function viewAt({ fields, ready }: SnapshotColumns, row: number): Snapshot | undefined {
  if (ready[row] !== 1) return undefined;
  // Each column by its name: to look it up by a variable costs several times as much, at every row of every variant.
  return {
    closedAt: fields.closedAt[row] ?? NaN,
    close: fields.close[row] ?? NaN,
    volume: fields.volume[row] ?? NaN,
    volumeMean: fields.volumeMean[row] ?? NaN,
    sma20: fields.sma20[row] ?? NaN,
    sma50: fields.sma50[row] ?? NaN,
    upperBand: fields.upperBand[row] ?? NaN,
    lowerBand: fields.lowerBand[row] ?? NaN,
    rsi: fields.rsi[row] ?? NaN,
    macd: fields.macd[row] ?? NaN,
    macdSignal: fields.macdSignal[row] ?? NaN,
    adx: fields.adx[row] ?? NaN,
    atr: fields.atr[row] ?? NaN,
    atrMean: fields.atrMean[row] ?? NaN,
    close4h: fields.close4h[row] ?? NaN,
    sma4h: fields.sma4h[row] ?? NaN,
  };
}

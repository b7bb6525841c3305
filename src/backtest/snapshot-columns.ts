import type { Snapshot } from '../signals/snapshot.ts';
import { createTracker, type FeedCounts } from '../signals/tracker.ts';
import { candleAt, type CandleColumns } from './candle-columns.ts';

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

/** What the tracker knew after each row. Computed once by the tracker of the live scan; any number of variants read it. */
export interface SnapshotColumns {
  readonly candles: CandleColumns;
  readonly fields: Readonly<Record<keyof Snapshot, Float64Array>>;
  /** 1 where there is a snapshot. */
  readonly ready: Uint8Array;
  readonly counts: FeedCounts;
}

export function snapshotColumns(symbol: string, candles: CandleColumns): SnapshotColumns {
  const fields = Object.fromEntries(
    FIELDS.map((field) => [field, new Float64Array(candles.length).fill(NaN)]),
  ) as Record<keyof Snapshot, Float64Array>;
  const ready = new Uint8Array(candles.length);
  const tracker = createTracker(symbol);
  for (let row = 0; row < candles.length; row += 1) {
    const { kind } = tracker.feed(candleAt(candles, row));
    if (kind === 'refused' || kind === 'ignored') continue;
    const view = tracker.snapshot();
    if (view === undefined) continue;
    ready[row] = 1;
    for (const field of FIELDS) fields[field][row] = view[field];
  }
  return { candles, fields, ready, counts: tracker.counts() };
}

/** The snapshot after row `row`; undefined where the tracker had none. */
export function viewAt({ fields, ready }: SnapshotColumns, row: number): Snapshot | undefined {
  if (ready[row] !== 1) return undefined;
  const read = (field: keyof Snapshot): number => fields[field][row] ?? NaN;
  return {
    closedAt: read('closedAt'),
    close: read('close'),
    volume: read('volume'),
    volumeMean: read('volumeMean'),
    sma20: read('sma20'),
    sma50: read('sma50'),
    upperBand: read('upperBand'),
    lowerBand: read('lowerBand'),
    rsi: read('rsi'),
    macd: read('macd'),
    macdSignal: read('macdSignal'),
    adx: read('adx'),
    atr: read('atr'),
    atrMean: read('atrMean'),
    close4h: read('close4h'),
    sma4h: read('sma4h'),
  };
}

import type { Candle } from '../domain/candle.ts';
import { candleFault } from '../indicators/candle-fault.ts';
import { columnsOf, type CandleColumns } from './candle-columns.ts';

/** A row that was not used, with its line number in the file. */
export interface RowFault {
  readonly line: number;
  readonly reason: string;
}

export interface ParsedCandles {
  readonly columns: CandleColumns;
  readonly faults: readonly RowFault[];
  /** Most decimals that a price of the file has: the tick that it was recorded with. */
  readonly priceDecimals: number;
}

const HEADER = 'time,open,high,low,close,volume';

/**
 * Reads candles recorded as `time,open,high,low,close,volume` (time: the open in Unix milliseconds UTC). Rows that cannot be
 * read, are faulty, repeated or out of order are left out and named. Throws RangeError when the first line is another header.
 */
export function parseCandleCsv(text: string): ParsedCandles {
  const lines = text.split('\n');
  const header = lines[0]?.trim();
  if (header !== HEADER)
    throw new RangeError(`the first line is "${header}", expected "${HEADER}"`);
  const candles: Candle[] = [];
  const faults: RowFault[] = [];
  let last = -Infinity;
  let priceDecimals = 0;
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index]?.trim() ?? '';
    if (line === '') continue;
    const fields = line.split(',');
    const candle = candleOf(fields);
    const reason =
      fields.length === 6
        ? (candleFault(candle) ?? orderFault(candle.openTime, last))
        : `${fields.length} fields, expected 6`;
    if (reason !== undefined) {
      faults.push({ line: index + 1, reason });
      continue;
    }
    last = candle.openTime;
    candles.push(candle);
    priceDecimals = Math.max(priceDecimals, decimalsOf(fields[4]), decimalsOf(fields[2]));
  }
  return { columns: columnsOf(candles), faults, priceDecimals };
}

function candleOf(fields: readonly string[]): Candle {
  const figure = (index: number): number => {
    const text = fields[index];
    return text === undefined || text.trim() === '' ? NaN : Number(text);
  };
  return {
    openTime: figure(0),
    open: figure(1),
    high: figure(2),
    low: figure(3),
    close: figure(4),
    volume: figure(5),
  };
}

function orderFault(time: number, last: number): string | undefined {
  if (time > last) return undefined;
  return time === last ? 'the same time as the row before' : 'earlier than the row before';
}

function decimalsOf(text: string | undefined): number {
  const point = text?.indexOf('.') ?? -1;
  return text === undefined || point < 0 ? 0 : text.length - point - 1;
}

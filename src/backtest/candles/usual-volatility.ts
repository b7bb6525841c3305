import { createAtr } from '../../indicators/atr.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { BtcAtr } from '../../risk/terms/market-reading.ts';
import { isRecent, usualSince, volatilityOf } from '../../signals/market-volatility.ts';
import { candleAt, closedRows, type CandleColumns } from './candle-columns.ts';

/** As a share of the limit. Below it the quick figure decides: its seeds differ from the exact one's by far less than the rest. */
const NEAR = 0.9;
/** Windows that are shorter are always worked out exactly: early figures depend on their seeds. */
const LONG_ENOUGH = 150;

/**
 * Bitcoin's volatility as it was known at full hours, asked in order of time. The exact figure is that of the live bot, worked out
 * from a month of candles; it is worked out only where a running one comes near the limit, `multiple` times the usual.
 */
export function createUsualVolatility(
  candles: CandleColumns,
  multiple: number,
  candleMs: number,
): (at: Timestamp) => BtcAtr | undefined {
  const running = createRunning(candles, candleMs);
  let known: { readonly at: Timestamp; readonly value: BtcAtr | undefined } | undefined;

  function valueAt(at: Timestamp): BtcAtr | undefined {
    const last = Math.floor(at / candleMs) * candleMs - candleMs;
    const quick = running(usualSince(last), at);
    const calm = quick !== undefined && quick.now / quick.median < NEAR * multiple;
    if (calm && isRecent(quick.newest, at, candleMs)) return quick;
    const rows = closedRows(candles, { from: usualSince(last), at, candleMs });
    const newest = rows.at(-1)?.openTime;
    return newest === undefined || !isRecent(newest, at, candleMs) ? undefined : volatilityOf(rows);
  }

  return (at) => {
    if (known?.at !== at) known = { at, value: valueAt(at) };
    return known.value;
  };
}

type Quick = BtcAtr & { readonly newest: Timestamp };

/** One ATR over the whole history and a sorted window that slides along it. */
function createRunning(
  candles: CandleColumns,
  candleMs: number,
): (from: Timestamp, at: Timestamp) => Quick | undefined {
  const atr = createAtr();
  const shares = new Float64Array(candles.length);
  const sorted: number[] = [];
  let first = 0;
  let end = 0;
  let usable = true;

  function take(row: number): void {
    const candle = candleAt(candles, row);
    atr.update(candle);
    shares[row] = (atr.value() ?? 0) / candle.close;
    sorted.splice(placeOf(sorted, shares[row] ?? 0), 0, shares[row] ?? 0);
  }

  function slide(from: Timestamp, at: Timestamp): void {
    for (; (candles.time[end] ?? Infinity) + candleMs <= at; end += 1) take(end);
    for (; (candles.time[first] ?? Infinity) < from; first += 1) {
      sorted.splice(placeOf(sorted, shares[first] ?? 0), 1);
    }
  }

  return (from, at) => {
    if (!usable) return undefined;
    try {
      slide(from, at);
    } catch {
      // A candle that no indicator takes: the exact figure says what to make of it.
      usable = false;
    }
    const hours = end - first;
    if (!usable || hours < LONG_ENOUGH) return undefined;
    const median = sorted[Math.floor(hours / 2)] ?? NaN;
    return { now: shares[end - 1] ?? NaN, median, hours, newest: candles.time[end - 1] ?? NaN };
  };
}

/** First place in an ascending list whose value is not below `value`. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

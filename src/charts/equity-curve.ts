import { ChartDataError, requireFinite } from './chart-config.ts';
import type { Reading } from './time-slots.ts';

/** The figures behind an equity chart. */
export interface EquityCurve {
  /** Ascending in time, one a moment (the last given wins). */
  readonly readings: readonly Reading[];
  /** Percent below the highest reading so far, 0 or negative; readings before a first positive peak are left out. */
  readonly drawdowns: readonly Reading[];
  readonly first: Reading;
  readonly last: Reading;
  readonly lowest: number;
  readonly highest: number;
  /** Change from first to last in percent; undefined when the first is not positive. */
  readonly change: number | undefined;
  readonly deepest: Reading | undefined;
}

/** Throws `ChartDataError` without points or with a value that is not a number. */
export function equityCurve(
  points: readonly { readonly at: number; readonly equity: number }[],
): EquityCurve {
  const byMoment = new Map<number, number>();
  points.forEach((point, i) => {
    const at = requireFinite(point.at, `time of equity reading ${i + 1}`);
    byMoment.set(at, requireFinite(point.equity, `equity of reading ${i + 1}`));
  });
  const readings = [...byMoment]
    .map(([at, value]) => ({ at, value }))
    .toSorted((a, b) => a.at - b.at);
  const first = readings[0];
  const last = readings.at(-1);
  if (first === undefined || last === undefined) {
    throw new ChartDataError('The equity chart cannot be drawn: there is no equity reading yet.');
  }
  const drawdowns = drawdownsOf(readings);
  return {
    readings,
    drawdowns,
    first,
    last,
    lowest: readings.reduce((min, r) => Math.min(min, r.value), first.value),
    highest: readings.reduce((max, r) => Math.max(max, r.value), first.value),
    change: first.value > 0 ? (last.value / first.value - 1) * 100 : undefined,
    deepest: drawdowns.reduce<Reading | undefined>(
      (worst, r) => (worst === undefined || r.value < worst.value ? r : worst),
      undefined,
    ),
  };
}

function drawdownsOf(readings: readonly Reading[]): Reading[] {
  let peak = 0;
  const drawdowns: Reading[] = [];
  for (const { at, value } of readings) {
    peak = Math.max(peak, value);
    if (peak > 0) drawdowns.push({ at, value: (value / peak - 1) * 100 });
  }
  return drawdowns;
}

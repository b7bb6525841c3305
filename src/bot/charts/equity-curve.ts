import { ChartDataError, requireFinite } from './chart.ts';
import type { Reading } from './axes/time-slots.ts';

export interface EquityReading {
  readonly at: number;
  readonly equity: number;
  /** Percent from the high-water mark of that moment, 0 or negative; absent: from the highest reading so far. */
  readonly drawdown?: number | undefined;
}

/** The figures behind an equity chart. */
export interface EquityCurve {
  /** Ascending in time, one a moment (the last given wins). */
  readonly readings: readonly Reading[];
  /** Percent below the mark of each reading, 0 or negative; readings before a first positive peak are left out. */
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
export function equityCurve(points: readonly EquityReading[]): EquityCurve {
  const byMoment = new Map<number, EquityReading>();
  points.forEach((point, i) => {
    const at = requireFinite(point.at, `time of equity reading ${i + 1}`);
    requireFinite(point.equity, `equity of reading ${i + 1}`);
    byMoment.set(at, point);
  });
  const sorted = [...byMoment.values()].toSorted((a, b) => a.at - b.at);
  const readings = sorted.map(({ at, equity }) => ({ at, value: equity }));
  const first = readings[0];
  const last = readings.at(-1);
  if (first === undefined || last === undefined) {
    throw new ChartDataError('The equity chart cannot be drawn: there is no equity reading yet.');
  }
  const drawdowns = drawdownsOf(sorted);
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

function drawdownsOf(readings: readonly EquityReading[]): Reading[] {
  let peak = 0;
  const drawdowns: Reading[] = [];
  for (const { at, equity, drawdown } of readings) {
    peak = Math.max(peak, equity);
    if (drawdown !== undefined) drawdowns.push({ at, value: drawdown });
    else if (peak > 0) drawdowns.push({ at, value: (equity / peak - 1) * 100 });
  }
  return drawdowns;
}

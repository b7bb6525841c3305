import type { Timestamp } from '../../domain/time.ts';
import { toNumber, usdFromNumber, type Usd } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import type { Returns } from './correlation.ts';
import { valueOf } from '../../domain/position.ts';

/** Fewer periods than this give no estimate. */
export const MIN_PERIODS = 100;

/** Value at risk and expected shortfall with what they rest on. Amounts are losses, 0 or more. */
export interface TailRisk {
  /** The loss that is reached or passed in (1 - level) of the periods. */
  readonly valueAtRisk: Usd;
  /** Mean loss of those periods; at least `valueAtRisk`. */
  readonly expectedShortfall: Usd;
  /** 0.95 is 95 %. */
  readonly level: number;
  /** Periods it was measured on. */
  readonly n: number;
  readonly method: 'historical simulation';
  /** Open symbols that had no returns and are not in the figure. */
  readonly unknown: readonly string[];
}

/** P&L in USDT that today's positions would have had in each past period that all of them have. */
export function simulatedPnl(
  positions: readonly Position[],
  returns: ReadonlyMap<string, Returns>,
): readonly number[] {
  const known = positions.flatMap((position) => {
    const series = returns.get(position.symbol);
    if (series === undefined) return [];
    const sign = position.side === 'long' ? 1 : -1;
    return [{ series, value: sign * toNumber(valueOf(position)) }];
  });
  const [first, ...rest] = known;
  if (first === undefined) return [];
  const times: Timestamp[] = [...first.series.keys()].filter((at) =>
    rest.every((each) => each.series.has(at)),
  );
  return times.map((at) =>
    known.reduce((sum, each) => sum + each.value * (each.series.get(at) ?? 0), 0),
  );
}

/**
 * Historical simulation for one period of the returns (an hour when they are hourly): the k-th worst result, k = (1 - level) × n
 * rounded up, and the mean of the k worst. Undefined with fewer than 100 common periods or without positions.
 */
export function tailRisk(
  positions: readonly Position[],
  returns: ReadonlyMap<string, Returns>,
  level = 0.95,
): TailRisk | undefined {
  const results = simulatedPnl(positions, returns);
  const n = results.length;
  if (n < MIN_PERIODS || !(level > 0 && level < 1)) return undefined;
  // 1 - 0.95 is 0.05000000000000004 as a double: without the correction the 100th part would be rounded up to one more.
  const k = Math.max(1, Math.ceil((1 - level) * n - 1e-9));
  const worst = results.toSorted((a, b) => a - b).slice(0, k);
  const kth = worst.at(-1) ?? 0;
  const mean = worst.reduce((sum, each) => sum + each, 0) / k;
  return {
    valueAtRisk: usdFromNumber(Math.max(0, -kth)),
    expectedShortfall: usdFromNumber(Math.max(0, -mean)),
    level,
    n,
    method: 'historical simulation',
    unknown: positions.map((each) => each.symbol).filter((symbol) => !returns.has(symbol)),
  };
}

import { weekStart, type Timestamp } from '../../domain/time.ts';
import type { Trade } from '../trade/trade.ts';
import { deflatedSharpe, luckyT } from './luck.ts';
import { meanInterval, meanOf, Z } from './statistics.ts';

/** How a result lies in time: many signals of one close are one happening, and a record that lives on few weeks says so. */
export interface Weeks {
  /** Weeks, Monday to Sunday UTC, in which at least one trade was entered. */
  readonly n: number;
  /** Mean of the weeks' mean results in R, each week the same: an ordinary week. NaN without one. */
  readonly meanR: number;
  /** Sum of the five best weeks as a share of the whole sum; above 1 where the others lost. Undefined where the whole is not above 0. */
  readonly bestFiveShare: number | undefined;
  /** Longest time below the highest sum of R so far, by exits; it may not have ended. */
  readonly underWater: { readonly ms: number; readonly from: Timestamp; readonly ended: boolean };
  /** Mean ÷ its standard error with weeks as clusters; NaN below two of them. */
  readonly t: number;
  /** How many variants were tried before this one was looked at. */
  readonly tried: number;
  /** The t that the best of so many worthless ones would show, on average. */
  readonly luckyT: number;
  /** Chance that the weekly Sharpe ratio is above what the best of so many worthless ones shows. NaN below three weeks. */
  readonly deflatedSharpe: number;
}

const BEST = 5;

/** Rules of the study that the built-in strategies come from. */
export const STUDIED_RULES = 288;

/** `to`: where the data end. */
export function weeksOf(trades: readonly Trade[], to: Timestamp, tried = STUDIED_RULES): Weeks {
  const byWeek = new Map<Timestamp, number[]>();
  for (const { entryTime, pnl, risk } of trades) {
    const week = weekStart(entryTime);
    const own = byWeek.get(week);
    if (own === undefined) byWeek.set(week, [pnl / risk]);
    else own.push(pnl / risk);
  }
  const weeks = [...byWeek.values()];
  const sums = weeks.map(sumOf);
  const total = sumOf(sums);
  const best = sumOf(sums.toSorted((one, other) => other - one).slice(0, BEST));
  return {
    n: weeks.length,
    meanR: meanOf(weeks.map(meanOf)),
    bestFiveShare: total > 0 ? best / total : undefined,
    underWater: underWater(trades, to),
    t: tOf(trades),
    tried,
    luckyT: luckyT(tried),
    deflatedSharpe: deflatedSharpe(sums, tried),
  };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0);

function tOf(trades: readonly Trade[]): number {
  const { mean, low } = meanInterval(
    trades.map(({ pnl, risk, entryTime }) => ({
      value: pnl / risk,
      cluster: weekStart(entryTime),
    })),
  );
  // The interval is the mean and Z standard errors on either side.
  return (Z * mean) / (mean - low);
}

function underWater(trades: readonly Trade[], to: Timestamp): Weeks['underWater'] {
  const byExit = trades.toSorted((one, other) => one.exitTime - other.exitTime);
  let sum = 0;
  let top = 0;
  let topAt = byExit[0]?.entryTime ?? to;
  let longest = { ms: 0, from: topAt, ended: true };
  for (const { exitTime, pnl, risk } of byExit) {
    sum += pnl / risk;
    if (sum < top) continue;
    if (exitTime - topAt > longest.ms) longest = { ms: exitTime - topAt, from: topAt, ended: true };
    top = sum;
    topAt = exitTime;
  }
  const rest = to - topAt;
  return sum < top && rest > longest.ms ? { ms: rest, from: topAt, ended: false } : longest;
}

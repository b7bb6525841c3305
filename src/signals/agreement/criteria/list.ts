import type { WeightedCriterion } from '../criterion.ts';
import { averagesInOrder } from './averages-in-order.ts';
import { awayFromBands } from './away-from-bands.ts';
import { bandPositionAgrees } from './band-position.ts';
import { higherTrend } from './higher-trend.ts';
import { macdAgrees } from './macd-agrees.ts';
import { rsiInRange } from './rsi-in-range.ts';
import { trendClear } from './trend-clear.ts';
import { volatilityManageable } from './volatility-manageable.ts';
import { volumePresent } from './volume-present.ts';

/** Conditions of the market itself, the same for both sides: 20 points together. */
export const FILTERS: readonly WeightedCriterion[] = [
  { ...trendClear, weight: 5 },
  { ...volatilityManageable, weight: 5 },
  { ...volumePresent, weight: 5 },
  { ...awayFromBands, weight: 5 },
];

/** What speaks for one side: 80 points together. */
export const CONFIRMATIONS: readonly WeightedCriterion[] = [
  { ...averagesInOrder, weight: 20 },
  { ...higherTrend, weight: 20 },
  { ...rsiInRange, weight: 15 },
  { ...macdAgrees, weight: 15 },
  { ...bandPositionAgrees, weight: 10 },
];

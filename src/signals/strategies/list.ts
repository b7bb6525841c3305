import type { Strategy } from '../strategy.ts';
import { agreement } from './agreement.ts';
import { bandReversion } from './band-reversion.ts';
import { breakdown } from './breakdown.ts';
import { breakout } from './breakout.ts';

/** Every strategy there is. The first one is meant where none is named. */
export const STRATEGIES: readonly [Strategy, ...Strategy[]] = [
  agreement,
  breakdown,
  breakout,
  bandReversion,
];

/** Those that the live scan asks. */
export const SCANNED: readonly Strategy[] = STRATEGIES.filter(({ isScanned }) => isScanned);

/** The strategy of that name; undefined where there is none, such as one that was taken out since its signals were stored. */
export const strategyNamed = (name: string): Strategy | undefined =>
  STRATEGIES.find((each) => each.name === name);

/** The contracts of a generated market that break down by arrangement. */
import { expect, it } from 'vitest';
import { generatedSeeds } from '../../../../src/simulator/venue/market/generated-symbols.ts';
import { HourWalk, type HourBars } from '../../../../src/simulator/venue/market/hour-walk.ts';

const FLOOR_HOURS = 55 * 24;
const FROM = FLOOR_HOURS + 40;

/** Which contracts close below the lowest price of the 55 days before the four hours that end there. */
function below(bars: readonly HourBars[], end: number): readonly number[] {
  const lowest = (low: Float64Array): number =>
    Math.min(...low.subarray(end - 4 - FLOOR_HOURS, end - 4));
  return bars.flatMap(({ close, low }, at) => ((close[end - 1] ?? 0) < lowest(low) ? [at] : []));
}

it.each([1, 7, 12])(
  'one falls below its floor in each candle of 4 h, each another one (seed %i)',
  (seed) => {
    const seeds = generatedSeeds(30);
    const walk = new HourWalk(seeds, seed, { contracts: 3, from: FROM });
    // Hour by hour, as time goes on.
    for (let hours = FROM - 1; hours <= FROM + 12; hours += 1) walk.extend(hours);
    const fallen = [4, 8, 12].map((hours) => below(walk.bars, FROM + hours));
    expect(fallen.every((each) => each.length > 0)).toBe(true);
    expect(new Set(fallen.flat()).size).toBeGreaterThanOrEqual(3);
    const atOnce = new HourWalk(seeds, seed, { contracts: 3, from: FROM });
    atOnce.extend(FROM + 12);
    expect(below(atOnce.bars, FROM + 12)).toEqual(fallen[2]);
  },
);

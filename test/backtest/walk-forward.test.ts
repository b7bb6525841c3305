import { describe, expect, it } from 'vitest';
import {
  foldLengths,
  foldsOf,
  splitTrades,
  walkForward,
} from '../../src/backtest/honesty/walk-forward.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { trade } from './samples.ts';

const T0 = 1_700_006_400_000;

describe('walk-forward', () => {
  const year = foldsOf({ from: T0, to: T0 + 10 * DAY }, { inMs: 4 * DAY, outMs: 3 * DAY });

  it('moves in-sample and out-of-sample parts forward without overlap of the latter', () => {
    expect(
      year.map(({ from, split, to }) => [from, split, to].map((at) => (at - T0) / DAY)),
    ).toEqual([
      [0, 4, 7],
      [3, 7, 10],
    ]);
  });

  it.each([
    [5.9, undefined],
    [6, 2],
    [21, 7],
    [539, 179],
    [1000, 180],
  ])('chooses on a third of %d days, 180 at most: %s', (days, inDays) => {
    const lengths = foldLengths({ from: T0, to: T0 + days * DAY });
    expect(lengths?.inMs).toBe(inDays === undefined ? undefined : inDays * DAY);
    expect(lengths?.outMs).toBe(inDays === undefined ? undefined : (inDays * DAY) / 2);
  });

  it('reports out-of-sample what the in-sample winner did', () => {
    const on = (day: number, pnl: number) =>
      trade({ entryTime: T0 + day * DAY, exitTime: T0 + day * DAY + HOUR, pnl });
    const results = walkForward(
      [
        { name: 'early', trades: [on(1, 2), on(5, -2), on(8, -2)] },
        { name: 'late', trades: [on(1, -2), on(5, 4), on(8, 6)] },
      ],
      year,
    );
    expect(
      results.folds.map(({ chosen, inSampleR, outOfSampleR }) => [
        chosen,
        inSampleR.mean,
        outOfSampleR.mean,
      ]),
    ).toEqual([
      ['early', 1, -1],
      ['late', 2, 3],
    ]);
    // Chosen: -2 then 6 at a risk of 2; without choosing: -2 and -2.
    expect(results.chosenR).toMatchObject({ n: 2, mean: 1 });
    expect(results.firstR).toMatchObject({ n: 2, mean: -1 });
  });

  it('splits trades at a moment and drops those that span it from the first part', () => {
    const spanning = trade({ entryTime: T0, exitTime: T0 + 2 * DAY });
    const later = trade({ entryTime: T0 + DAY, exitTime: T0 + 2 * DAY });
    expect(splitTrades([spanning, later], T0 + DAY)).toEqual({
      inSample: [],
      outOfSample: [later],
    });
  });
});

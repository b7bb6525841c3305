/** The short one of `npm run sim -- taps`. */
import { afterEach, expect, it } from 'vitest';
import { movesOf } from '../../scripts/sim/taps/moves.ts';
import { openStage, type Stage } from '../../scripts/sim/taps/stage.ts';
import { runTaps } from '../../scripts/sim/taps/trial.ts';
import { seed } from '../seed.ts';

let stage: Stage | undefined;

afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

it('taps and words by chance change nothing that was not shown and confirmed, and nothing twice', async () => {
  stage = await openStage(seed);
  const report = await runTaps(stage, { seed, count: 80 });
  // How soon is measured by the command, on a machine that does nothing else.
  const slow = /answered|under way/;
  expect(report.broken.filter((each) => !slow.test(each))).toEqual([]);
  expect(Object.keys(report.written).length).toBeGreaterThan(0);
  expect(report.ended).toBeGreaterThan(0);
});

it('the same seed draws the same moves', () => {
  expect(movesOf(7, 500)).toEqual(movesOf(7, 500));
  expect(movesOf(7, 500)).not.toEqual(movesOf(8, 500));
});

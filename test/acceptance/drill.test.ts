/** The short ones of `npm run drill`, as they are made there. */
import { expect, test } from 'vitest';
import { DRILLS } from '../../scripts/drill/drills.ts';
import { runDrill } from '../../scripts/drill/run-drill.ts';
import { seed } from '../seed.ts';
import { runStorm, STORM } from '../../scripts/drill/storm.ts';
import { MODES } from '../../scripts/drill/rig.ts';

const SHORT = ['private-redis-killed', 'main-frozen', 'clock-back'];
const LASTS_S = 10;

test('every drill has a name of its own, a meaning and a limit that is not above the law', () => {
  expect(new Set(DRILLS.map(({ name }) => name)).size).toBe(DRILLS.length);
  for (const { name, meaning, withinS, modes } of DRILLS) {
    expect(meaning, name).not.toBe('');
    const law = name.includes('redis') ? 15 : modes.includes('watched') ? 90 : 60;
    expect(withinS, name).toBeLessThanOrEqual(law);
    expect(modes.filter((mode) => !(mode in MODES))).toEqual([]);
  }
});

test.each(SHORT)('%s: the owner knows, and nothing is lost or comes twice', async (name) => {
  const drill = DRILLS.find((each) => each.name === name);
  if (drill === undefined) throw new Error(`there is no drill ${name}`);
  const report = await runDrill({ ...drill, lastsS: LASTS_S }, 'one');
  expect(report.broken, report.raised.join('\n')).toEqual([]);
});

test('a storm of stalls and kills: every opening and every missing stop is told once, and nothing is loosened', async () => {
  const report = await runStorm('one', { ...STORM, seconds: 25, positions: 4, seed });
  expect(report.broken, report.raised.join('\n')).toEqual([]);
  expect(report.knewS).toBeLessThan(60);
});

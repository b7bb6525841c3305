import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge, PAIRS, runPairs } from '../../scripts/sim/fault-matrix.ts';
import { openRig, type Rig } from '../../scripts/sim/rig.ts';
import { MATRIX_WRITES, type Ready } from '../../scripts/sim/matrix-writes.ts';
import type { Truth } from '../../scripts/sim/promises.ts';
import { FAULTS } from '../../src/simulator/venue/fault-kinds.ts';

const AT_ONCE = 8;

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

describe('the fault matrix', () => {
  it('has every fault against every write', () => {
    expect(PAIRS).toHaveLength(FAULTS.length * MATRIX_WRITES.length);
    expect(MATRIX_WRITES.map(({ name }) => name)).toEqual([
      'leverage',
      'entry',
      'protect',
      'move stop',
      'cancel',
      'close',
      'panic',
    ]);
  });

  it.each(MATRIX_WRITES)(
    '$name ends as one successful call ends it, or an alert says that it did not, under every fault',
    async ({ name }) => {
      const reports = await runPairs(
        PAIRS.filter(({ write }) => write.name === name),
        rig,
        AT_ONCE,
      );
      expect(reports.filter(({ broken }) => broken !== undefined)).toEqual([]);
      // Most faults are overcome: else silence and refusals would pass for success.
      const done = reports.filter(({ end }) => end === 'done').length;
      expect(done).toBeGreaterThan(FAULTS.length / 2);
    },
  );

  it.each([
    ['done', true, false, undefined, undefined],
    ['told', false, true, 'Not finished', undefined],
    ['told', false, true, undefined, 'nobody says so'],
    ['told', false, false, 'Not finished', 'something in between'],
    ['done', true, true, undefined, 'cannot be told apart'],
  ])('judges: %s when done is %s, undone %s and told %s', (end, done, undone, told, broken) => {
    const ready: Ready = {
      make: () => Promise.resolve(undefined),
      done: () => done,
      undone: () => undone,
      notDone: /x/,
    };
    const truth: Truth = {
      positions: [],
      closedPositions: [],
      orders: [],
      orderHistory: [],
      tpsl: [],
    };
    const report = judge(ready, truth, told);
    expect(report.end).toBe(end);
    if (broken === undefined) expect(report.broken).toBeUndefined();
    else expect(report.broken).toContain(broken);
  });
});

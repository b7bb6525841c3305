import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Moment } from '../../src/alerts/pulse/judge.ts';
import { createQueues, type Queues } from '../../src/jobs/queues/queues.ts';
import { JOBS } from '../../src/jobs/list.ts';
import { keepSchedules } from '../../src/process/keep-schedules.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';

const SCHEDULED = JOBS.filter(({ everyMs }) => everyMs !== undefined).map(({ name }) => name);
const WALL = Date.UTC(2025, 9, 26, 0, 59);

let redis: RealRedis;
let queues: Queues;
let stop: (() => void) | undefined;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
beforeEach(() => {
  queues = createQueues(redis.connect(), 'schedules');
});
afterEach(async () => {
  stop?.();
  await queues.close();
});

/** What is kept over a clock that the test moves; `moved` resolves to what that look repaired, undefined when it looked at nothing. */
async function keep() {
  let at: Moment = { steady: 0, wall: WALL };
  const repaired: { readonly all: boolean; readonly names: readonly string[] }[] = [];
  let kept = 0;
  let calls = 0;
  let speed = 1;
  const keeping = keepSchedules({
    repair: async (now, all = false) => {
      calls += 1;
      const names = await queues.repair(now, all);
      repaired.push({ all, names });
      return names;
    },
    speed: () => speed,
    kept: () => (kept += 1),
    log: { warn: () => undefined },
    now: () => at,
  });
  ({ stop } = keeping);
  await eventually('the first look', () => kept === 1);
  return {
    setSpeed: (to: number) => (speed = to),
    moved: async (steady: number, wall: number) => {
      const before = kept;
      const asked = calls;
      at = { steady: at.steady + steady, wall: at.wall + wall };
      keeping.look();
      // A look that has something to do begins before `look` returns.
      if (asked === calls) return undefined;
      await eventually('the look', () => kept > before);
      return repaired.at(-1);
    },
  };
}

describe('schedules', () => {
  it('are put back within a minute after the store was emptied, and left alone where they are whole', async () => {
    const { moved } = await keep();
    expect(await moved(4_000, 4_000)).toBeUndefined();
    await redis.connect().flushall();
    for (let each = 0; each < 13; each += 1) expect(await moved(4_000, 4_000)).toBeUndefined();
    expect(await moved(3_999, 3_999)).toBeUndefined();
    const repaired = await moved(1, 1);
    expect([...(repaired?.names ?? [])].toSorted()).toEqual(SCHEDULED.toSorted());
    expect(repaired?.all).toBe(false);
  });

  it('are made for its speed at the next look when the clock goes at another one', async () => {
    const { moved, setSpeed } = await keep();
    setSpeed(20);
    const repaired = await moved(1_000, 1_000);
    expect(repaired?.all).toBe(false);
    expect(repaired?.names).toContain('account');
    expect(await moved(1_000, 1_000)).toBeUndefined();
  });

  it.each([
    ['an hour back', 1_000 - 3_600_000, true],
    ['an hour ahead', 3_601_000, true],
    ['5 s back', 1_000 - 5_000, true],
    ['5 s ahead', 6_000, true],
    ['a little less back', 1_000 - 4_999, false],
    ['a little less ahead', 5_999, false],
  ])('are all made anew at once when the clock jumps: %s', async (_what, wall, all) => {
    const { moved } = await keep();
    const repaired = await moved(1_000, wall);
    expect(repaired?.all).toBe(all ? true : undefined);
    if (all) expect([...(repaired?.names ?? [])].toSorted()).toEqual(SCHEDULED.toSorted());
  });
});

/** The store is flushed at every step between a signal and its order. Until a person says so nothing is ordered any more. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootMode } from '../../src/app/halt/boot-mode.ts';
import { changeLimit } from '../../src/app/limits/change-limit.ts';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { judgeAndPropose } from '../../src/app/approval/propose.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { resume } from '../../src/app/halt/resume.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { live, oneSignal, runOver } from './lossy-run.ts';
import { approved, aSignal } from './signals.ts';
import { openVigil, shownToResume, type Vigil } from './vigil.ts';

let redis: RealRedis;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());

describe('a store that is lost at any step of a run', () => {
  let vigil: Vigil;
  let saved: readonly (readonly [string, Buffer])[];

  beforeEach(async () => {
    vigil = await openVigil({ redis, venue: { speed: 100 } });
    await refreshAccount(vigil.ports);
    // Something that the owner has changed, so that it can be lost.
    const request = { id: 'maxPositions', to: 2 } as const;
    await changeLimit(vigil.ports, { request, by: 1, shown: 'applied' });
    saved = await dump();
  });
  afterEach(() => vigil.close());

  const keys = async (): Promise<string[]> =>
    (await vigil.wiring.redis.keys(`${vigil.wiring.store.keys.mode.replace(/:mode$/, '')}:*`))
      .filter((key) => !key.includes(':bull:'))
      .toSorted();
  const dump = async () =>
    Promise.all(
      (await keys()).map(async (key) => [key, await vigil.wiring.redis.dumpBuffer(key)] as const),
    ) as Promise<[string, Buffer][]>;
  const restore = async (): Promise<void> => {
    await vigil.wiring.redis.flushall();
    for (const [key, value] of saved) await vigil.wiring.redis.restore(key, 0, value, 'REPLACE');
  };

  it('orders nothing when everything is flushed before any call of the run', async () => {
    const honest = vigil.ports;
    const dry = runOver(honest, []);
    await oneSignal(dry.ports, honest, 'first');
    // The run does order, so that a loss has something to prevent; from there on the order is on its way.
    const last = dry.calls.indexOf('trading.placeEntry');
    expect(last).toBeGreaterThan(20);
    const broken: string[] = [];
    for (let at = 1; at <= last; at += 1) {
      await restore();
      const what = async () => void (await vigil.wiring.redis.flushall());
      const run = runOver(honest, [{ at, what }]);
      await live(run, honest);
      if (run.ordered.length > 0) broken.push(`${at}: ${dry.calls[at - 1]}`);
    }
    expect(broken).toEqual([]);
  });
});

describe('after a flushed store', () => {
  it('a start is halted with the reason, and only a person opens again', async () => {
    const vigil = await openVigil({ redis, venue: { speed: 10 } });
    const { ports } = vigil;
    await refreshAccount(ports);
    await vigil.wiring.redis.flushall();
    const state = await bootMode(ports, true);
    expect(state).toMatchObject({ mode: 'halted', reasons: [{ trigger: 'memory-lost' }] });
    // Where its strategy had been put is forgotten too.
    await ports.places.save('agreement', { place: 'push', by: 'owner', at: ports.clock.now() });
    await refreshAccount(ports);
    await refreshAccount(ports);
    const [entry] = await judgeAndPropose(ports, [await aSignal(ports)]);
    expect(entry?.fate).toBe('refused');
    expect(await resume(ports, await shownToResume(ports))).toMatchObject({ kind: 'resumed' });
    const after = await approved(ports, { id: 'after' });
    await executeProposal(ports, after.id);
    expect((await vigil.truth()).orderHistory).toHaveLength(1);
    await vigil.close();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { halt } from '../../src/app/halt/halt.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { resume } from '../../src/app/halt/resume.ts';
import { watchHealth } from '../../src/app/account/watch-health.ts';
import { watchClock } from '../../src/alerts/watch/clock-watch.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { approved, aSignal, gateInputFor } from './signals.ts';
import { openVigil, shownToResume } from './vigil.ts';

let redis: RealRedis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());

describe('a machine whose clock is off', () => {
  it.each([
    [-10 * MINUTE, "This machine's clock is 10 min behind the exchange's"],
    [-30 * SECOND, "This machine's clock is 30 s behind the exchange's"],
    [-3 * SECOND, undefined],
    [3 * SECOND, undefined],
    [30 * SECOND, "This machine's clock is 30 s ahead of the exchange's"],
    [10 * MINUTE, "This machine's clock is 10 min ahead of the exchange's"],
  ])('by %i ms: entries and /resume work, and it is told once, as the cause', async (off, told) => {
    let ahead = off;
    const vigil = await openVigil({
      redis,
      venue: { speed: 1 },
      machineAheadMs: () => ahead,
    });
    try {
      const { ports } = vigil;
      expect(Math.abs(ports.clock.now() - vigil.venue.now())).toBeLessThan(1_500);
      await vigil.control('position', {
        symbol: 'ETHUSDT',
        side: 'LONG',
        notional: '500',
        leverage: 5,
        marginMode: 'ISOLATION',
      });
      await refreshAccount(ports);
      await refreshAccount(ports);
      await watchHealth(ports);
      const titles = async (): Promise<string[]> =>
        (await vigil.alerts())
          .map((each) => each.title)
          .filter((each) => /clock|future|hold|halt/i.test(each))
          .map((each) => each.replace('9 min', '10 min').replace(/\b(29|31) s/, '30 s'));
      expect(await titles()).toEqual(told === undefined ? [] : [told]);
      const signal = await aSignal(ports, { symbol: 'SOLUSDT' });
      const verdict = checkEntry(await gateInputFor(ports, signal, undefined));
      expect(verdict.kind === 'refused' ? verdict.refusals : []).toEqual([]);
      const { id } = await approved(ports, { symbol: 'SOLUSDT' });
      await executeProposal(ports, id);
      expect(await ports.proposals.byId(id)).toMatchObject({ status: 'done' });
      await halt(ports, 1);
      await refreshAccount(ports);
      expect(await resume(ports, await shownToResume(ports))).toMatchObject({ kind: 'resumed' });
      ahead = 0;
      await refreshAccount(ports);
      await refreshAccount(ports);
      const right = (await vigil.alerts()).filter((each) => each.title.endsWith('right again'));
      expect(right).toHaveLength(told === undefined ? 0 : 1);
    } finally {
      await vigil.close();
    }
  });
});

describe('the watch on this machine’s clock', () => {
  const at = Date.UTC(2025, 9, 6);
  const look = (offsetMs: number, since?: number) => {
    const { findings, ...rest } = watchClock({ since, offsetMs, now: at });
    return [rest.since, ...findings.map((each) => each.title)];
  };
  it('begins above 5 s, ends below 3 s, in both directions, and tells each once', () => {
    expect(look(5_000)).toEqual([undefined]);
    expect(look(-5_000)).toEqual([undefined]);
    expect(look(5_001)).toEqual([at, "This machine's clock is 5 s behind the exchange's"]);
    expect(look(-5_001)).toEqual([at, "This machine's clock is 5 s ahead of the exchange's"]);
    expect(look(60_000, at - 1)).toEqual([at - 1]);
    expect(look(3_000, at - 1)).toEqual([at - 1]);
    expect(look(-3_000, at - 1)).toEqual([at - 1]);
    expect(look(2_999, at - MINUTE)).toEqual([undefined, "This machine's clock is right again"]);
    expect(look(-2_999, at - MINUTE)).toEqual([undefined, "This machine's clock is right again"]);
  });
});

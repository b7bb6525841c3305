import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { toNumber } from '../../src/domain/money/money.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { decodeRiskState } from '../../src/store/repositories/account-store.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

/** The store as the version before left it: a risk state without the week, and the equity curve. */
async function storedBefore(curve: readonly (readonly [daysAgo: number, equity: number])[]) {
  vigil = await openVigil({ redis, venue: { speed: 1 } });
  const { ports, store } = vigil.wiring;
  const { keys } = store;
  const connection = redis.connect();
  await refreshAccount(ports);
  const now = ports.clock.now();
  const text = (await connection.get(keys.riskState)) ?? '';
  const { week: _week, flows: _flows, ...stored } = JSON.parse(text) as Record<string, unknown>;
  await connection.set(keys.riskState, JSON.stringify(stored));
  for (const [daysAgo, equity] of curve) {
    const at = now - daysAgo * DAY;
    await connection.zadd(keys.equity, at, JSON.stringify({ at, equity }));
  }
  expect(decodeRiskState(JSON.stringify(stored)).week).toBeUndefined();
  return { ports, now };
}

describe('a store of the version that kept no week', () => {
  it('goes on with the recorded equity of the last 7 days', async () => {
    const { ports, now } = await storedBefore([
      [8, 12_000],
      [7.5, 11_000],
      [3, 10_500],
    ]);
    await refreshAccount(ports);
    const week = (await ports.accounts.riskState())?.week ?? [];
    expect(week.slice(0, 2).map(({ equity }) => toNumber(equity))).toEqual([11_000, 10_500]);
    expect(week.every(({ at }) => at <= ports.clock.now())).toBe(true);
    await refreshAccount(ports);
    expect((await ports.accounts.riskState())?.week?.[0]?.at).toBe(now - 7.5 * DAY);
  });

  it('goes on from the start of its day where no equity was recorded', async () => {
    const { ports } = await storedBefore([]);
    await redis.connect().del(vigil.wiring.store.keys.equity);
    const { dayStart = 0 } = (await ports.accounts.riskState()) ?? {};
    await refreshAccount(ports);
    const [first] = (await ports.accounts.riskState())?.week ?? [];
    expect(first?.at).toBe(dayStart);
    expect(ports.clock.now() - dayStart).toBeLessThan(24 * HOUR);
  });
});

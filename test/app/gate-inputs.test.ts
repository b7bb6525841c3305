import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports/ports.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { toNumber } from '../../src/domain/money/money.ts';
import { readMarginRatio } from '../../src/app/reading/read-market-risk.ts';
import { fetchSnapshot } from '../../src/app/reading/read-account.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { storeHours, wave } from './candles.ts';
import { failing } from './failing.ts';
import { aSignal, gateInputFor } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

async function open(): Promise<void> {
  const position = { side: 'LONG', leverage: 5, notional: '500', stop: '1' } as const;
  vigil = await openVigil({
    redis,
    venue: { open: [{ ...position, symbol: 'ETHUSDT' }] },
  });
  ({ ports } = vigil);
  await refreshAccount(ports);
}
const input = async (side: 'long' | 'short' = 'long') =>
  gateInputFor(ports, await aSignal(ports, { symbol: 'SOLUSDT', side }), undefined);
const codes = async (): Promise<readonly string[]> => {
  const verdict = checkEntry(await input());
  return verdict.kind === 'refused' ? verdict.refusals.map((each) => each.code) : [];
};

describe('positions that move with a candidate', () => {
  it('are counted from the stored hours of the last 7 days', async () => {
    await open();
    await storeHours(ports, 'ETHUSDT', { count: 168, move: wave(1) });
    await storeHours(ports, 'SOLUSDT', { count: 168, move: (hour) => 1.5 * wave(1)(hour) });
    expect((await input()).correlatedSameSide).toBe(1);
    expect((await input('short')).correlatedSameSide).toBe(0);
  });

  it('are none when the hours say that they go their own ways', async () => {
    await open();
    await storeHours(ports, 'ETHUSDT', { count: 168, move: wave(1) });
    await storeHours(ports, 'SOLUSDT', { count: 168, move: wave(5) });
    expect((await input()).correlatedSameSide).toBe(0);
  });

  it('are all of its side while the hours are too few or cannot be read', async () => {
    await open();
    await storeHours(ports, 'ETHUSDT', { count: 40, move: wave(1) });
    await storeHours(ports, 'SOLUSDT', { count: 40, move: wave(5) });
    expect((await input()).correlatedSameSide).toBe(1);
    ports = { ...ports, candles: failing(ports.candles, 'since') };
    expect((await input()).correlatedSameSide).toBe(1);
  });
});

describe('failed reads', () => {
  it('since the last good one refuse at the limit and not one earlier', async () => {
    await open();
    for (let failed = 1; failed < ports.limits().maxFailedReads; failed += 1) {
      await ports.accounts.recordFailedRead();
    }
    expect(await codes()).not.toContain('reads-failing');
    await ports.accounts.recordFailedRead();
    expect((await input()).state?.failedReads).toBe(5);
    expect(await codes()).toContain('reads-failing');
  });
});

describe('the margin ratio', () => {
  it('is maintenance margin against equity, by the risk ladder of the exchange', async () => {
    await open();
    const [tier] = await ports.market.riskTiers('ETHUSDT');
    const ratio = await readMarginRatio(ports, await fetchSnapshot(ports));
    const expected = (500 * toNumber(tier?.maintenanceRate ?? (0n as never))) / 10_000;
    expect(ratio === undefined ? 0 : toNumber(ratio)).toBeCloseTo(expected, 4);
  });

  it('is unknown when a ladder cannot be read', async () => {
    await open();
    const market = failing(ports.market, 'riskTiers');
    expect(await readMarginRatio({ ...ports, market }, await fetchSnapshot(ports))).toBeUndefined();
  });
});

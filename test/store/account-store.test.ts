import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import type { AccountCommit, AccountStore } from '../../src/app/ports/account-store.ts';
import type { OutboxQueue } from '../../src/app/ports/outbox.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { usd } from '../../src/domain/money/money.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { eventually, openRedis, type RealRedis } from './real-redis.ts';
import { finding, NOW, riskState, snapshot } from './samples.ts';

let rig: RealRedis;
let redis: Redis;
let accounts: AccountStore;
let outbox: OutboxQueue;
const keys = storeKeys('test');

beforeAll(async () => {
  rig = await openRedis();
  ({ redis, accounts, outbox } = rig.store());
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

const change = (over: Partial<AccountCommit> = {}): AccountCommit => ({
  snapshot: snapshot(),
  riskState: riskState({ dayStartEquity: usd('1000.25') }),
  equity: { at: NOW, equity: 1_000 },
  findings: [],
  ...over,
});

describe('a commit', () => {
  it('stores read, risk state, equity and alerts together', async () => {
    await accounts.recordFailedRead();
    await accounts.commit(change({ findings: [finding('one'), finding('two')] }));
    expect(await accounts.snapshot()).toEqual(snapshot());
    expect(await accounts.riskState()).toEqual(riskState({ dayStartEquity: usd('1000.25') }));
    expect(await accounts.equity(0)).toEqual([{ at: NOW, equity: 1_000 }]);
    expect(await accounts.failedReads()).toBe(0);
    expect((await outbox.pending(5)).map((each) => each.key)).toEqual(['one', 'two']);
  });

  it('stores nothing of it when one part cannot be stored', async () => {
    await accounts.commit(change());
    await accounts.recordFailedRead();
    const kept = await redis.get(keys.snapshot);
    const later = change({
      snapshot: snapshot(NOW + 1),
      equity: { at: NOW + 1, equity: 2_000 },
      findings: [finding('one')],
    });
    await redis.config('SET', 'maxmemory', '1');
    await expect(accounts.commit(later)).rejects.toThrow();
    await redis.config('SET', 'maxmemory', '0');
    expect(await redis.get(keys.snapshot)).toBe(kept);
    expect(await accounts.equity(0)).toEqual([{ at: NOW, equity: 1_000 }]);
    expect(await outbox.pending(5)).toEqual([]);
    expect(await accounts.failedReads()).toBe(1);
  });

  it('stores nothing of it when the risk state was changed in between, as by a person', async () => {
    await accounts.commit(change());
    const read = await accounts.riskState();
    const rebased = riskState({ peakEquity: usd('900') });
    await accounts.reviseRiskState(() => rebased);
    if (read === undefined) throw new Error('nothing is stored');
    const late = change({ basedOn: read, findings: [finding('one')] });
    await expect(accounts.commit(late)).rejects.toThrow('has changed');
    expect(await accounts.riskState()).toEqual(rebased);
    expect(await outbox.pending(5)).toEqual([]);
    await accounts.commit(change({ basedOn: rebased }));
    expect(await accounts.riskState()).toEqual(change().riskState);
  });

  it('is heard by other processes', async () => {
    let heard = 0;
    rig.store().accounts.onCommit(() => (heard += 1));
    await eventually('the news', async () => {
      await accounts.commit(change());
      return heard > 0;
    });
  });
});

describe('the equity history', () => {
  it('keeps the last point of each hour once it is older than eight days', async () => {
    const begin = Math.floor(NOW / HOUR) * HOUR;
    const fine = 8 * DAY;
    for (const minute of [0, 20, 59, 60, 70]) {
      await accounts.commit(change({ equity: { at: begin + minute * MINUTE, equity: minute } }));
    }
    const kept = async () => (await accounts.equity(0)).map((each) => each.equity);
    await accounts.commit(change({ equity: { at: begin + 59 * MINUTE + fine, equity: 1 } }));
    expect(await kept()).toEqual([59, 60, 70, 1]);
    await accounts.commit(change({ equity: { at: begin + 65 * MINUTE + fine, equity: 2 } }));
    expect(await kept()).toEqual([59, 70, 1, 2]);
  });

  it('has one point a minute, the last one of it', async () => {
    for (const [seconds, equity] of [
      [0, 1],
      [30, 2],
      [59.999, 3],
      [60, 4],
      [125, 5],
    ] as const) {
      await accounts.commit(change({ equity: { at: NOW + seconds * 1_000, equity } }));
    }
    expect((await accounts.equity(0)).map((each) => each.equity)).toEqual([3, 4, 5]);
    expect((await accounts.equity(NOW + MINUTE)).map((each) => each.equity)).toEqual([4, 5]);
  });

  it('keeps equal equities of different minutes apart', async () => {
    for (const minute of [0, 1, 2]) {
      await accounts.commit(change({ equity: { at: NOW + minute * MINUTE, equity: 7 } }));
    }
    expect(await accounts.equity(0)).toHaveLength(3);
  });

  it('forgets what is older than 400 days', async () => {
    await accounts.commit(change({ equity: { at: NOW - 401 * DAY, equity: 1 } }));
    await accounts.commit(change({ equity: { at: NOW - 399 * DAY, equity: 2 } }));
    await accounts.commit(change());
    expect((await accounts.equity(0)).map((each) => each.equity)).toEqual([2, 1_000]);
  });
});

describe('what is not there', () => {
  it('is undefined, never a zero', async () => {
    expect(await accounts.snapshot()).toBeUndefined();
    expect(await accounts.riskState()).toBeUndefined();
    expect(await accounts.equity(0)).toEqual([]);
    expect(await accounts.failedReads()).toBe(0);
    expect(await accounts.priceTimes()).toEqual(new Map());
  });

  it('is refused when it is corrupt', async () => {
    await accounts.commit(change());
    const text = (await redis.get(keys.riskState)) ?? '';
    await redis.set(keys.riskState, text.replace('{"$fixed":"1000.25"}', '1000.25'));
    await redis.set(keys.snapshot, '{}');
    await expect(accounts.riskState()).rejects.toThrow(StoreUnreadable);
    await expect(accounts.snapshot()).rejects.toThrow(StoreUnreadable);
  });
});

describe('failed reads', () => {
  it('are counted in a row over all processes', async () => {
    const other = rig.store().accounts;
    const counts = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? accounts : other).recordFailedRead(),
      ),
    );
    expect(counts.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await accounts.failedReads()).toBe(10);
  });
});

describe('price times', () => {
  it('are kept by symbol and overwritten one by one', async () => {
    await accounts.savePriceTimes(
      new Map([
        ['BTCUSDT', NOW],
        ['ETHUSDT', NOW],
      ]),
    );
    await accounts.savePriceTimes(new Map([['BTCUSDT', NOW + 5]]));
    await accounts.savePriceTimes(new Map());
    expect(await accounts.priceTimes()).toEqual(
      new Map([
        ['BTCUSDT', NOW + 5],
        ['ETHUSDT', NOW],
      ]),
    );
  });
});

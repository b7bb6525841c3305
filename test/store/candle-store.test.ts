import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import type { CandleStore } from '../../src/app/ports/candle-store.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { HOUR } from '../../src/domain/time.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { openRedis, type RealRedis } from './real-redis.ts';

let rig: RealRedis;
let redis: Redis;
let candles: CandleStore;
const keys = storeKeys('test');

beforeAll(async () => {
  rig = await openRedis();
  ({ redis, candles } = rig.store());
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

const candle = (hour: number, close = 1.25): Candle => ({
  openTime: hour * HOUR,
  open: 1.1,
  high: 1.5e-7,
  low: 0.1 + 0.2,
  close,
  volume: 123_456_789.123,
});
const run = (from: number, count: number): Candle[] =>
  Array.from({ length: count }, (_, index) => candle(from + index));
const times = (list: readonly Candle[]): number[] => list.map((each) => each.openTime / HOUR);

describe('stored candles', () => {
  it('come back to the last digit, oldest first', async () => {
    await candles.append('ETHUSDT', '1h', run(1, 3));
    expect(await candles.since('ETHUSDT', '1h', 0)).toEqual(run(1, 3));
  });

  it('are given from after a time on', async () => {
    await candles.append('ETHUSDT', '1h', run(1, 5));
    expect(times(await candles.since('ETHUSDT', '1h', 3 * HOUR))).toEqual([4, 5]);
    expect(await candles.since('ETHUSDT', '1h', 5 * HOUR)).toEqual([]);
  });

  it('are replaced by a newer row of the same hour', async () => {
    await candles.append('ETHUSDT', '1h', run(1, 3));
    await candles.append('ETHUSDT', '1h', [candle(3, 9), candle(4)]);
    const stored = await candles.since('ETHUSDT', '1h', 0);
    expect(times(stored)).toEqual([1, 2, 3, 4]);
    expect(stored[2]?.close).toBe(9);
  });

  it('are the newest 600', async () => {
    await candles.append('ETHUSDT', '1h', run(1, 590));
    await candles.append('ETHUSDT', '1h', run(591, 20));
    const stored = await candles.since('ETHUSDT', '1h', 0);
    expect(stored).toHaveLength(600);
    expect(times(stored)[0]).toBe(11);
    expect(times(stored).at(-1)).toBe(610);
  });

  it('of each symbol and interval stand apart', async () => {
    await candles.append('ETHUSDT', '1h', run(1, 1));
    await candles.append('ETHUSDT', '4h', run(4, 1));
    await candles.append('BTCUSDT', '1h', run(2, 1));
    const newest = await candles.newest(['BTCUSDT', 'XRPUSDT', 'ETHUSDT'], '1h');
    expect([...newest]).toEqual([
      ['BTCUSDT', 2 * HOUR],
      ['ETHUSDT', HOUR],
    ]);
    expect(await candles.newest([], '1h')).toEqual(new Map());
    expect(times(await candles.since('ETHUSDT', '4h', 0))).toEqual([4]);
  });

  it('do not look older after an old page was added', async () => {
    await candles.append('ETHUSDT', '1h', run(10, 3));
    await candles.append('ETHUSDT', '1h', run(1, 3));
    expect((await candles.newest(['ETHUSDT'], '1h')).get('ETHUSDT')).toBe(12 * HOUR);
  });

  it.each(['1,2,3,4,5', '1,2,3,4,5,6,7', '1,2,3,x,5,6', '1,2,3,4,5,Infinity', ''])(
    'are refused when one reads %j',
    async (text) => {
      await redis.zadd(keys.candles('ETHUSDT', '1h'), 1, text);
      await expect(candles.since('ETHUSDT', '1h', 0)).rejects.toThrow(StoreUnreadable);
    },
  );
});

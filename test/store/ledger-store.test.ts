import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  advanceSignal,
  hasEnded,
  type FinishedSignal,
  type OpenSignal,
} from '../../src/backtest/trade/ledger.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { openRedis, type RealRedis } from './real-redis.ts';

const HOUR = 3_600_000;
const AT = 1_760_122_800_000;

const open = (id: string, symbol = 'SOLUSDT'): OpenSignal => ({
  id,
  symbol,
  side: 'long',
  strategy: 'agreement',
  score: 80,
  rewardRisk: 2,
  stop: 0.1 + 0.2,
  target: 0.7,
  closedAt: AT,
  fate: 'refused',
  counted: true,
  repeats: 2,
  seenTo: AT - HOUR,
});

const finished = (id: string, endedAt = AT): FinishedSignal => ({
  id,
  symbol: 'SOLUSDT',
  side: 'long',
  strategy: 'agreement',
  score: 80,
  rewardRisk: 2,
  closedAt: AT,
  fate: 'rejected',
  counted: true,
  repeats: 0,
  end: 'no entry',
  endedAt,
});

let redis: RealRedis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());

it('gives another process what is open, to the last digit, with a trade under way', async () => {
  const candle = { openTime: AT, open: 0.5, high: 0.6, low: 0.4, close: 0.5, volume: 1 };
  const held = advanceSignal(open('a'), [candle]);
  if (hasEnded(held)) throw new Error('ended');
  const signals = new Map([['SOLUSDT', [held]]]);
  await redis.store('ledger-1').ledger.save({ open: signals, finished: [] });
  expect(await redis.store('ledger-1').ledger.open()).toEqual([held]);
});

it('forgets a symbol without open signals and counts what ended once', async () => {
  const { ledger } = redis.store('ledger-2');
  await ledger.save({ open: new Map([['SOLUSDT', [open('a')]]]), finished: [] });
  const change = { open: new Map([['SOLUSDT', []]]), finished: [finished('a')] };
  await ledger.save(change);
  await ledger.save(change);
  expect(await ledger.open()).toEqual([]);
  expect(await ledger.finished()).toEqual([finished('a')]);
});

it('keeps the newest 5,000 that ended', async () => {
  const { ledger } = redis.store('ledger-3');
  const many = Array.from({ length: 5_003 }, (_, i) => finished(`s${i}`, AT + i));
  await ledger.save({ open: new Map(), finished: many });
  const kept = await ledger.finished();
  expect(kept).toHaveLength(5_000);
  expect(kept.some(({ id }) => id === 's2')).toBe(false);
  expect(kept.some(({ id }) => id === 's3')).toBe(true);
});

it('refuses a corrupted record by name', async () => {
  const { ledger, keys, redis: raw } = redis.store('ledger-4');
  await raw.hset(keys.ledgerOpen, 'SOLUSDT', '[{"id":1}]');
  await expect(ledger.open()).rejects.toThrow(StoreUnreadable);
});

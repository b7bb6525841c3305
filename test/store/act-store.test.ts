import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import type { ActStore } from '../../src/app/ports/act-store.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { price } from '../../src/domain/money/money.ts';
import type { OwnAct } from '../../src/domain/own-act.ts';
import { DAY } from '../../src/domain/time.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { openRedis, type RealRedis } from './real-redis.ts';
import { NOW } from './samples.ts';

let rig: RealRedis;
let redis: Redis;
let acts: ActStore;

beforeAll(async () => {
  rig = await openRedis();
  ({ redis, acts } = rig.store());
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

const ACTS: readonly OwnAct[] = [
  { kind: 'close', positionId: '1', at: NOW },
  { kind: 'protect', positionId: '2', stop: price('1.000000000000000001'), at: NOW + 1 },
  { kind: 'cancel-order', orderId: '3', at: NOW + 2 },
  { kind: 'leverage', symbol: 'BTCUSDT', leverage: 5, at: NOW + 3 },
];

it('keeps what was asked for, to the last digit, in order', async () => {
  for (const act of ACTS.toReversed()) await acts.note(act);
  expect(await acts.since(NOW)).toEqual(ACTS);
  expect(await acts.since(NOW + 2)).toEqual(ACTS.slice(2));
});

it('forgets it after two days', async () => {
  await acts.note({ kind: 'close', positionId: '1', at: NOW });
  await acts.note({ kind: 'close', positionId: '2', at: NOW + 2 * DAY });
  expect((await acts.since(0)).map((each) => each.at)).toEqual([NOW + 2 * DAY]);
});

it('says that it cannot be read when something else stands there', async () => {
  await redis.zadd(storeKeys('test').acts, NOW, '{"kind":"nothing","at":1}');
  await expect(acts.since(0)).rejects.toThrow(StoreUnreadable);
});

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import type { ActionLog } from '../../src/app/ports/action-log.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { price } from '../../src/domain/money/money.ts';
import type { OwnAction } from '../../src/domain/own-action.ts';
import { DAY } from '../../src/domain/time.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { openRedis, type RealRedis } from './real-redis.ts';
import { NOW } from './samples.ts';

let rig: RealRedis;
let redis: Redis;
let actions: ActionLog;

beforeAll(async () => {
  rig = await openRedis();
  ({ redis, actions } = rig.store());
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

const ACTIONS: readonly OwnAction[] = [
  { kind: 'close', positionId: '1', at: NOW },
  { kind: 'protect', positionId: '2', stop: price('1.000000000000000001'), at: NOW + 1 },
  { kind: 'cancel-order', orderId: '3', at: NOW + 2 },
  { kind: 'leverage', symbol: 'BTCUSDT', leverage: 5, at: NOW + 3 },
];

it('keeps what was asked for, to the last digit, in order', async () => {
  for (const action of ACTIONS.toReversed()) await actions.note(action);
  expect(await actions.since(NOW)).toEqual(ACTIONS);
  expect(await actions.since(NOW + 2)).toEqual(ACTIONS.slice(2));
});

it('forgets it after two days', async () => {
  await actions.note({ kind: 'close', positionId: '1', at: NOW });
  await actions.note({ kind: 'close', positionId: '2', at: NOW + 2 * DAY });
  expect((await actions.since(0)).map((each) => each.at)).toEqual([NOW + 2 * DAY]);
});

it('says that it cannot be read when something else stands there', async () => {
  await redis.zadd(storeKeys('test').actions, NOW, '{"kind":"nothing","at":1}');
  await expect(actions.since(0)).rejects.toThrow(StoreUnreadable);
});

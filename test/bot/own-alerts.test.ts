import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRig, openRedis, type Rig, type RedisRig } from './rig.ts';

let redisRig: RedisRig;
let rig: Rig;
beforeAll(async () => {
  redisRig = await openRedis();
  rig = await openRig({ redis: redisRig.redis });
});
afterAll(async () => {
  await rig.close();
  await redisRig.close();
});

it('sets, lists and deletes own alerts by words and by taps, and answers plainly what cannot be read', async () => {
  const { phone, world } = rig;
  await phone.send('/alert');
  const list = await phone.hears('You have set none.');
  await phone.tap(list.id, 'q:add');
  await phone.tap(list.id, 'q:of-ETHUSDT');
  await phone.tap(list.id, 'q:set-ETHUSDT_-5_1h');
  await phone.hears('I tell you: ETHUSDT -5 % within 60 min.');
  expect(world.ownAlerts).toMatchObject([{ id: 1, symbol: 'ETHUSDT', repeat: false }]);
  await phone.tap(list.id, 'q:at-ETHUSDT_10');
  await phone.hears('I tell you: ETHUSDT at ');
  await phone.send('/alert funding ETH 0.1% repeat');
  await phone.hears('Your own alerts (3 of 50)');
  await phone.send('/alert ETH abc');
  await phone.hears('"abc" is not a price');
  await phone.tap(list.id, 'q:delete-1');
  await phone.hears('Deleted: ETHUSDT -5 % within 60 min.');
  expect(world.ownAlerts.map(({ id }) => id)).toEqual([2, 3]);
});

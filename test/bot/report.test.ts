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

it('/daily, /weekly and /monthly tell what was and draw the days; /daily sets the hour', async () => {
  const { phone, world } = rig;
  for (const [command, title] of [
    ['/daily', 'Report of the last 24 hours'],
    ['/weekly', 'Report of the last 7 days'],
    ['/monthly', 'Report of the last 30 days'],
  ] as const) {
    await phone.send(command);
    await phone.hears(title);
    await phone.hears('Result by day: ');
  }
  await phone.send('/daily 7:30');
  await phone.hears('The report comes each day at 07:30 (UTC).');
  expect(world.loudness.report).toBe(450);
  await phone.send('/daily at noon');
  await phone.hears('The hour of the report is written like 7:30');
  await phone.send('/daily off');
  await phone.hears('The report does not come by itself.');
});

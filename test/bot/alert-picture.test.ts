import { afterAll, beforeAll, expect, it } from 'vitest';
import { rules } from '../../src/alerts/explain/with-basis.ts';
import { price, usd } from '../../src/domain/money/money.ts';
import { closedPosition } from '../alerts/fixtures.ts';
import { eventually, textOf } from './phone.ts';
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

it('a closed trade is told at once, and the same message gets its picture', async () => {
  const { phone, world } = rig;
  const at = world.now;
  const closed = closedPosition({ net: usd('-20'), openedAt: at - 3_600_000, closedAt: at });
  await world.outbox.raise(rules.positionClosed(closed, { stop: price('2900') }));
  const told = await phone.hears('held 60 min');
  const drawn = await eventually(
    async () => (await phone.messages()).find(({ id, photo }) => id === told.id && photo),
    () => 'its picture',
  );
  expect(textOf(drawn)).toContain('#1 · ');
  expect((await phone.messages()).filter((each) => each.from === 'bot')).toHaveLength(1);
});

it('the morning message comes whole, and its picture below it without a sound', async () => {
  const { phone, world } = rig;
  const bars = [{ date: '2025-11-28', net: usd('12'), closed: 1, parts: 0 }];
  const lines = Array.from(
    { length: 30 },
    (_, line) => `A line of the report, number ${line}, with words.`,
  );
  const report = { date: '2025-11-28', lines, shown: { step: 'day', bars } };
  await world.outbox.raise(rules.morningReport(report, world.now));
  await phone.hears('Your report of 2025-11-28');
  const picture = await phone.hears('Result by day: 12.00 USDT in 1 days.');
  expect(picture.photo).toBeDefined();
});

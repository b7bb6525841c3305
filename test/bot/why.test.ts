import { afterAll, beforeAll, expect, it } from 'vitest';
import { rules } from '../../src/alerts/explain/with-basis.ts';
import { price } from '../../src/domain/money/money.ts';
import { closedPosition, position } from '../alerts/fixtures.ts';
import { openRig, openRedis, type Rig, type RedisRig } from './rig.ts';
import { textOf } from './phone.ts';

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

it('/why tells rule, figures and loudness of an alert, and shows a closed trade as a picture', async () => {
  const { phone, world } = rig;
  const known = { stop: price('2955'), target: price('3120') };
  await world.outbox.raise(rules.positionClosed(closedPosition(), known));
  const opened = rules.positionOpened(undefined, position());
  if (opened === undefined) return expect.fail('an opening is told');
  await world.outbox.raise(rules.notOurs(opened));
  await phone.send('/why 1');
  await phone.hears("Told when a position ended by the exchange's own list of closed ones.");
  await phone.hears('the same.');
  await phone.hears('ETHUSDT long, closed');
  await phone.send('/why #2');
  await phone.hears('• entry: 3,000');
  await phone.send('/why 99');
  await phone.hears('There is no alert #99');
  await phone.send('/why it rained');
  const which = await phone.hears('Which alert?');
  // All that was told by taps, too.
  await phone.tap(which.id, 'u:say-why-2');
  await phone.hears((each) => each.id > which.id && textOf(each).startsWith('Why #2'));
});

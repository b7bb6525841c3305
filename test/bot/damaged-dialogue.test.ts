import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { openHouse, openRedis, OWNER, type House, type RedisHouse } from './house.ts';
import { textOf } from './phone.ts';

let redisHouse: RedisHouse;
let house: House;

beforeAll(async () => {
  redisHouse = await openRedis();
});
afterAll(() => redisHouse.close());
afterEach(() => house.close());

/** Sends /resume and waits for its question after the message with that id; returns the question's id. */
async function asksAfter(id: number): Promise<number> {
  await house.phone.send('/resume');
  const fresh = await house.phone.hears(
    (each) => each.id > id && textOf(each).includes('Resume trading?'),
  );
  return fresh.id;
}

/** The key under which an open question is kept, and that question. */
async function openQuestion(): Promise<{ readonly key: string; readonly asked: number }> {
  house = await openHouse({ redis: redisHouse.redis });
  const { world } = house;
  // Nothing is open, and the account was read just now: /resume asks only then.
  world.account = { ...world.account, available: usd('10000'), margin: ZERO_USD };
  const { account, positions, protections, openOrders, now: at } = world;
  world.snapshot = { account, positions, protections, openOrders, at };
  await house.phone.send('/halt');
  await house.phone.hears('New trades are paused');
  const asked = await asksAfter(0);
  const [key] = await redisHouse.redis.keys(`vigil:dialogue:*${OWNER}*`);
  if (key === undefined) throw new Error('no dialogue is stored');
  return { key, asked };
}

describe('a stored dialogue that is damaged does not stand before a command', () => {
  it.each([
    ['as no JSON', '{"version":'],
    ['as a number', '7'],
    ['as null', 'null'],
    ['without a state', '{}'],
    ['as another shape', '{"version":[0,2],"state":{"resume":5}}'],
    ['as the right version of nothing', '{"version":[0,2],"state":null}'],
  ])('%s', async (_, text) => {
    const { key, asked } = await openQuestion();
    await redisHouse.redis.set(key, text);
    await asksAfter(asked);
  });

  it('as a key of another kind', async () => {
    const { key, asked } = await openQuestion();
    await redisHouse.redis.del(key);
    await redisHouse.redis.rpush(key, 'x');
    await asksAfter(asked);
  });
});

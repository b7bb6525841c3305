import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openHouse, openRedis, type House, type RedisHouse } from './house.ts';
import { textOf } from './phone.ts';

let redisHouse: RedisHouse;
let house: House;

beforeAll(async () => {
  redisHouse = await openRedis();
});
afterAll(() => redisHouse.close());
afterEach(() => house.close());

describe('/policy', () => {
  it('is off, is signed only after a confirmation, shown in /status, and revoked at once', async () => {
    house = await openHouse({ redis: redisHouse.redis });
    const { phone, world } = house;
    await phone.send('/policy');
    await phone.hears('Off. Vigil never closes a position without asking you.');
    await phone.send('/policy sign daily-loss losing');
    const card = await phone.hears('Sign this?');
    expect(textOf(card)).toContain(
      'When the daily loss reaches its limit, the losing positions are closed without asking you.',
    );
    expect(world.policy).toBeUndefined();
    const confirm = (card.keyboard ?? []).flat().find((each) => each.text === 'Confirm: sign');
    await phone.tap(card.id, confirm?.callback_data ?? '');
    await phone.hears('Signed. It counts from now on');
    expect(world.policy).toMatchObject({ signedBy: 1001, triggers: ['daily-loss'] });
    await phone.send('/status');
    await phone.hears(/Closing without asking: signed .* for daily-loss \(losing\)/);
    await phone.send('/policy revoke');
    await phone.hears('Revoked.');
    expect(world.policy).toBeUndefined();
  });

  it('is not signed by a typed word', async () => {
    house = await openHouse({ redis: redisHouse.redis });
    const { phone, world } = house;
    await phone.send('/policy sign drawdown all');
    await phone.hears('Sign this?');
    await phone.send('yes');
    await phone.send('/policy');
    await phone.hears('Off. Vigil never closes');
    expect(world.policy).toBeUndefined();
  });
});

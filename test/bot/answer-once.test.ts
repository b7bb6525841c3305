import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createStore } from '../../src/store/store.ts';
import { openRedis, openRig, type RedisRig, type Rig } from './rig.ts';
import { eventually, textOf } from './phone.ts';

let redis: RedisRig;
let rig: Rig;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => rig.close());

it('an update that was answered is not answered again by the next process; one that was not, is', async () => {
  const store = createStore(redis.redis, 'answers');
  const { has, add } = store.answered;
  const answered: number[] = [];
  const noting = {
    has,
    add: async (id: number) => {
      answered.push(id);
      await add(id);
    },
  };
  try {
    rig = await openRig({ redis: redis.redis, bot: { answered: noting } });
    const { phone } = rig;
    const help = async () =>
      (await phone.messages()).filter((each) => textOf(each).includes('/panic'));
    await phone.send('/help');
    await phone.hears('/panic');
    await eventually(
      () => answered.length > 0,
      () => 'it was noted',
    );
    await rig.bot.stop();
    // What a reader leaves unconfirmed when it dies: the ids of this bot grow by one.
    await phone.send('/help');
    await phone.send('/balance');
    await add((answered.at(-1) ?? 0) + 1);
    await rig.restart({ answered: store.answered });
    await phone.hears(/^Balance/);
    expect(await help()).toHaveLength(1);
  } finally {
    store.close();
  }
});

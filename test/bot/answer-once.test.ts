import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Held } from '../../src/bot/fetch.ts';
import { createStore } from '../../src/store/store.ts';
import { openRedis, openRig, type RedisRig, type Rig } from './rig.ts';
import { eventually, textOf } from './phone.ts';

const HALTED = 'New trades are paused';

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

it('a command that a process took with it is carried out by the next one; what it had answered is not', async () => {
  const store = createStore(redis.redis, 'taken');
  const { has, add } = store.answered;
  const noted: number[] = [];
  const answered = { has, add: (id: number) => add(id).then(() => void noted.push(id)) };
  let held: ReturnType<Held>;
  try {
    rig = await openRig({ redis: redis.redis, bot: { answered, held: () => held } });
    const { phone, world } = rig;
    let thaw = (): void => undefined;
    world.hold = new Promise((resolve) => (thaw = resolve));
    await phone.send('/balance');
    await phone.send('/halt');
    // Heard behind the other one, and so by a later look for news.
    await phone.hears(HALTED);
    await eventually(
      () => noted.length > 0,
      () => 'it was noted',
    );
    // It froze; when it goes on, another one speaks for the account.
    held = Promise.reject(new Error('another process leads'));
    held.catch(() => undefined);
    thaw();
    await rig.restart({ answered: store.answered, held: () => undefined });
    await phone.hears(/^Balance/);
    const halts = (await phone.messages()).filter((each) => textOf(each).includes(HALTED));
    expect(halts).toHaveLength(1);
  } finally {
    store.close();
  }
});

it('what a tap is told comes as a message where Telegram has forgotten the tap by then', async () => {
  rig = await openRig({ redis: redis.redis, chat: { callbackTimeoutMs: -1 } });
  const { phone } = rig;
  await phone.send('/help');
  const { id } = await phone.hears('/panic');
  await phone.tap(id, 'c:00000000');
  await phone.hears('This question is no longer open, so nothing happened.');
  expect(phone.answers).toEqual([]);
});

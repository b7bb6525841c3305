import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createStore, type Store } from '../../src/store/store.ts';
import { openHouse, openRedis, type House, type RedisHouse } from './house.ts';
import { eventually, textOf } from './phone.ts';
import { finding } from './samples.ts';

let redisHouse: RedisHouse;
let store: Store;
let house: House;

beforeAll(async () => {
  redisHouse = await openRedis();
});
afterAll(() => redisHouse.close());
afterEach(async () => {
  await house.close();
  store.close();
});

async function open(): Promise<void> {
  store = createStore(redisHouse.redis, 'test');
  house = await openHouse({ redis: redisHouse.redis, bot: { outbox: store.outbox } });
}

const texts = async (): Promise<string[]> =>
  (await house.phone.messages()).filter((each) => each.from === 'bot').map(textOf);

const emptied = (): Promise<boolean> =>
  eventually(
    async () => ((await store.outbox.pending(10)).length === 0 ? true : undefined),
    async () => JSON.stringify(await store.outbox.pending(10)),
  );

describe('the sender on the stored outbox', () => {
  it('sends what is raised, edits what is revised and leaves nothing behind', async () => {
    await open();
    await store.outbox.raise(finding('one'));
    await store.outbox.raise(finding('two'));
    await house.phone.hears('#2');
    await emptied();
    await store.outbox.revise('one', { title: 'Over', lines: [] });
    await house.phone.hears('Over');
    await eventually(
      async () => ((await store.outbox.revised(10)).length === 0 ? true : undefined),
      () => 'no revision left',
    );
    expect(await texts()).toHaveLength(2);
  });

  it('sends once when the fast path and the loop meet', async () => {
    await open();
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const alert = await store.outbox.raise(finding(key));
      if (alert !== undefined) await house.bot.sender.sendNow(alert);
    }
    await emptied();
    expect(await texts()).toHaveLength(5);
  });

  it('marks as a possible repeat what another process had begun to send', async () => {
    await open();
    await house.bot.stop();
    const alert = await store.outbox.raise(finding('one'));
    await store.outbox.claim(alert?.number ?? 0);
    await store.outbox.release(alert?.number ?? 0);
    await house.restart();
    await house.phone.hears('(may be a repeat)');
  });
});

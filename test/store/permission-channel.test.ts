import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../patience.ts';
import { openRedis, type RealRedis } from './real-redis.ts';

let redis: RealRedis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());

const giving = (refusal?: string) => ({ refusal: async () => refusal });

describe('questions for permission between machines', () => {
  it('are heard again after a store that was away at the first of them', async () => {
    const asker = redis.store('again').permission;
    const heard: string[] = [];
    asker.onAnswer((question) => heard.push(question));
    await redis.stop();
    await expect(asker.ask('lost')).rejects.toThrow();
    await redis.restart();
    await redis.store('again').permission.answerWith(giving());
    await expect
      .poll(() => asker.ask('kept').then(() => heard, String), { timeout: PATIENCE_MS })
      .toContain('kept');
    expect(heard).not.toContain('lost');
  });

  it('are answered only by whom they are for, with its reason, and by nonsense not at all', async () => {
    const store = redis.store('many');
    const { permission: asker } = store;
    const heard: (string | undefined)[][] = [];
    asker.onAnswer((...answer) => heard.push(answer));
    await redis.store('many').permission.answerWith(giving(), () => false);
    await redis.store('many').permission.answerWith(giving('halted'), () => true);
    const say = (text: string) => redis.connect().publish(store.keys.permission, text);
    await asker.ask('first');
    for (const text of [
      'nonsense',
      '{"answer":"first","refusal":5}',
      '{"answer":"first","granted":true}',
      '{"answer":""}',
      '{"ask":"","answer":"first"}',
    ])
      await say(text);
    await asker.ask('last');
    await expect
      .poll(() => heard.map(([question]) => question), { timeout: PATIENCE_MS })
      .toContain('last');
    expect(heard).toEqual([
      ['first', 'halted'],
      ['last', 'halted'],
    ]);
  });
});

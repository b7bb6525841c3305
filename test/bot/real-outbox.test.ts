import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OutboxAhead } from '../../src/app/ports/outbox.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { openRig, openRedis, type Rig, type RedisRig } from './rig.ts';
import { eventually, textOf } from './phone.ts';
import { finding } from './samples.ts';

let redisRig: RedisRig;
let store: Store;
let rig: Rig;

beforeAll(async () => {
  redisRig = await openRedis();
});
afterAll(() => redisRig.close());
afterEach(async () => {
  await rig.close();
  store.close();
});

async function open(): Promise<void> {
  store = createStore(redisRig.redis, 'test');
  rig = await openRig({ redis: redisRig.redis, bot: { outbox: store.outbox } });
}

const texts = async (): Promise<string[]> =>
  (await rig.phone.messages()).filter((each) => each.from === 'bot').map(textOf);

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
    await rig.phone.hears('#2');
    await emptied();
    await store.outbox.revise('one', { title: 'Over', lines: [] });
    await rig.phone.hears('Over');
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
      if (alert !== undefined) await rig.bot.sender.sendNow(alert);
    }
    await emptied();
    expect(await texts()).toHaveLength(5);
  });

  it('sends what got a number that another alert had before the store lost it, and tells nothing twice', async () => {
    await open();
    for (const key of ['a', 'b', 'c']) await store.outbox.raise(finding(key));
    await rig.phone.hears('#3');
    await emptied();
    await redisRig.redis.flushall();
    for (const key of ['d', 'e', 'b']) await store.outbox.raise(finding(key));
    await emptied();
    const told = (await texts()).map((each) => each.split('\n', 1)[0] ?? '');
    expect(told.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'].map((key) => `🟠 Happening ${key}`));
  });

  it('shows the number of what was told without the store once the store has it, so that none is missing', async () => {
    await open();
    await rig.phone.send('/help');
    await rig.phone.hears('What I can do');
    const buttons = [[{ label: 'Place suggested stop', action: 'place-stop', id: 'p1' } as const]];
    const found = finding('past', { severity: 'critical', buttons });
    await rig.bot.sender.tellUnstored(found);
    const told = await rig.phone.hears('told without my memory, which is away');
    await store.outbox.raise(finding('before'));
    await store.outbox.raise(found);
    const numbered = await rig.phone.hears('#2 · ');
    expect(numbered.id).toBe(told.id);
    expect(textOf(numbered)).toContain('Happening past');
    expect(numbered.keyboard).toEqual(told.keyboard);
    expect(numbered.keyboard).toHaveLength(1);
    await emptied();
    const alerts = (await texts()).filter((each) => each.includes('Happening'));
    expect(alerts).toHaveLength(2);
  });

  it('marks as a possible repeat what another process had begun to send', async () => {
    await open();
    await rig.bot.stop();
    const alert = await store.outbox.raise(finding('one'));
    await store.outbox.claim(alert?.number ?? 0);
    await store.outbox.release(alert?.number ?? 0);
    await rig.restart();
    await rig.phone.hears('(may be a repeat)');
    // The mark is all that tells it from one that was never begun: its number is there, and once.
    await emptied();
    expect((await texts()).filter((each) => each.includes('#1 · '))).toHaveLength(1);
  });

  it('tells what a dead leader had begun to send before all that is less urgent', async () => {
    await open();
    await rig.bot.stop();
    const led = (number: number): Store =>
      createStore(redisRig.redis, 'test', { role: 'bot', number: () => number });
    const [dead, present] = [led(1), led(2)];
    try {
      for (let each = 1; each <= 8; each += 1) await dead.outbox.raise(finding(`lesser ${each}`));
      const urgent = await dead.outbox.raise(finding('urgent', { severity: 'critical' }));
      expect(await dead.outbox.claim(urgent?.number ?? 0)).toBe(true);
      await redisRig.redis.set(present.keys.fence('bot'), 2);
      await rig.restart({ outbox: present.outbox });
      await emptied();
      const [first, ...others] = (await texts()).filter((each) => each.includes('Happening'));
      expect(first).toContain('Happening urgent (may be a repeat)');
      expect(others.join('\n')).toContain('Happening lesser 8');
    } finally {
      dead.close();
      present.close();
    }
  });
});

describe('what goes out while it is stored', () => {
  const key = 'stop-hit:p1:100';
  const alert = finding(key, { severity: 'critical', title: 'Stop reached' });

  async function known(over: (ahead: OutboxAhead) => OutboxAhead = (same) => same) {
    await open();
    await rig.phone.send('/help');
    await rig.phone.hears('What I can do');
    const ahead = over(store.outboxAhead({ role: 'stream', number: () => undefined }));
    await ahead.look([key]);
    return ahead;
  }
  const alerts = async (): Promise<string[]> =>
    (await texts()).filter((each) => each.includes('Stop reached'));

  it('arrives once, with its number, and leaves nothing behind', async () => {
    const ahead = await known();
    await store.outbox.raise(finding('before'));
    await rig.phone.hears('#1 · ');
    await rig.bot.sender.tellAhead(alert, ahead);
    expect(rig.bot.sender.tellAhead(alert, ahead)).toBeUndefined();
    expect(await alerts()).toEqual([expect.stringContaining('#2 · ')]);
    await emptied();
    expect(await store.outbox.recent(1)).toMatchObject([{ number: 2, status: 'sent' }]);
    await store.outbox.revise(key, { title: 'Filled', lines: [] });
    await rig.phone.hears('Filled');
  });

  it('is brought to its number where another alert took that one at the same moment', async () => {
    const ahead = await known();
    await redisRig.redis.incr('vigil:test:alert:number');
    await rig.bot.sender.tellAhead(alert, ahead);
    await rig.phone.hears('#2 · ');
    expect(await alerts()).toHaveLength(1);
  });

  it('says that it may be a repeat where it was told in spite of all', async () => {
    const ahead = await known();
    await store.outbox.raise(alert);
    await rig.phone.hears('#1 · ');
    // Another process told it: this one does not know.
    await rig.restart();
    await rig.bot.sender.tellAhead(alert, ahead);
    await rig.phone.hears('(may be a repeat)');
    expect(await alerts()).toHaveLength(2);
  });

  it('arrives where the store takes nothing, and is known when the store takes it later', async () => {
    let takes = false;
    const ahead = await known((real) => ({
      ...real,
      raise: (found) => {
        if (takes) return real.raise(found);
        const guessed: Alert = { ...found, number: 1, status: 'queued', attempts: 0 };
        return { alert: guessed, stored: Promise.reject(new Error('full')) };
      },
    }));
    await store.outbox.raise(finding('before'));
    await rig.phone.hears('Happening before');
    await expect(rig.bot.sender.tellAhead(alert, ahead)).rejects.toThrow('full');
    expect(await alerts()).toHaveLength(1);
    takes = true;
    expect(rig.bot.sender.tellAhead(alert, ahead)).toBeUndefined();
    await store.outbox.raise(alert);
    await rig.phone.hears('#2 · ');
    await emptied();
    expect(await alerts()).toHaveLength(1);
  });
});

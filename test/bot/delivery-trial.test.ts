/** The short one of `npm run sim -- alerts`: the real sender, store and chat in one process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import { openStore, type DrillStore } from '../../scripts/drill/store.ts';
import type { Stage } from '../../scripts/sim/alerts/stage.ts';
import { runTrial } from '../../scripts/sim/alerts/trial.ts';
import { createStore } from '../../src/store/store.ts';
import { phoneAt, type Phone } from '../acceptance/owner.ts';
import { PATIENCE_MS } from '../patience.ts';
import { seed } from '../seed.ts';
import { openRig, type Rig } from './rig.ts';

let closings: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closings.toReversed()) await close();
  closings = [];
});

/** A connection as Vigil has it: it comes back soon. */
function connect(to: DrillStore): Redis {
  const redis = new Redis(to.url, { retryStrategy: () => 50, maxRetriesPerRequest: 2 });
  redis.on('error', () => undefined);
  closings.push(() => redis.disconnect());
  return redis;
}

/** A process in all that can be seen of it: it leads, and once it is dead nothing of it reaches Telegram or the store. */
async function createLife(store: DrillStore, number: number) {
  const redis = connect(store);
  const { keys, outbox } = createStore(redis, 'test', { role: 'bot', number: () => number });
  await redis.set(keys.fence('bot'), number);
  let dead = false;
  return {
    options: {
      redis,
      outbox,
      held: () => (dead ? Promise.reject(new Error('dead')) : undefined),
    },
    die: (): void => {
      dead = true;
      redis.disconnect();
    },
  };
}

async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-trial-'));
  const store = await openStore(folder);
  closings.push(() => rm(folder, { recursive: true, force: true }), store.close);
  let lives = 1;
  let life = await createLife(store, lives);
  const rig: Rig = await openRig({ redis: life.options.redis, bot: life.options });
  closings.push(rig.close);
  const phone: Phone = await phoneAt(rig.chat.url);
  closings.push(phone.hangUp);
  const { outbox } = createStore(connect(store), 'test');
  return {
    phone,
    chat: async (path, body) => void (await rig.phone.post(`/user/${path}`, body)),
    raise: async (finding) => void (await outbox.raise(finding)),
    waiting: async () => (await outbox.pending(1_000)).length,
    kill: async () => {
      life.die();
      lives += 1;
      life = await createLife(store, lives);
      await rig.restart(life.options);
    },
    restartStore: async () => {
      await store.killWritten();
      await store.start();
    },
    close: () => Promise.resolve(),
  };
}

it('accounts for every alert and answers every command through lost connections, refusals, floods and deaths', async () => {
  const report = await runTrial(await openStage(), {
    alerts: 30,
    seed,
    lastsMs: 1_000,
    outageS: 1,
    floodsS: [1],
    kills: 1,
    settleMs: 500,
    // A busy machine is no reason; the full trial measures.
    answersWithinMs: PATIENCE_MS / 2,
    commands: ['/status', '/limits', '/panic'],
  });
  expect(report.broken).toEqual([]);
  expect(report.asked).toHaveLength(3);
  expect(report.raised).toBe(30);
});

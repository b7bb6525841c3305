/** Where the delivery trial takes place: the real program, its Redis and the emulated chat with Telegram's limits. */
import { Redis } from 'ioredis';
import type { Finding } from '../../../src/domain/alert.ts';
import { createStore } from '../../../src/store/store.ts';
import type { Phone } from '../../../test/acceptance/owner.ts';
import { ACCOUNT, openRig, signalAll } from '../../drill/rig.ts';

export interface Stage {
  readonly phone: Phone;
  /** A call of the chat's own side, such as `fault`. */
  chat(path: string, body: object): Promise<void>;
  /** Rejects while the store takes nothing. */
  raise(finding: Finding): Promise<void>;
  /** How many are not sent yet. Rejects while the store does not answer. */
  waiting(): Promise<number>;
  /** The process that sends dies at once and is started again. */
  kill(): Promise<void>;
  /** The store dies at once and is started again with all that it had answered. */
  restartStore(): Promise<void>;
  close(): Promise<void>;
}

/** So many waiting ones are counted. */
const COUNTED = 2_000;

/** The whole program in processes of its own. */
export async function openProgram(): Promise<Stage> {
  const rig = await openRig('one', { privateRedis: false, rateLimits: true });
  const redis = new Redis(rig.store.url, {
    maxRetriesPerRequest: 1,
    commandTimeout: 2_000,
    retryStrategy: () => 200,
  });
  redis.on('error', () => undefined);
  const { outbox } = createStore(redis, ACCOUNT);
  return {
    phone: rig.phone,
    chat: rig.chat,
    raise: async (finding) => void (await outbox.raise(finding)),
    waiting: async () => (await outbox.pending(COUNTED)).length,
    kill: async () => {
      for (const each of rig.vigils) signalAll(each, 'SIGKILL');
      for (const each of rig.vigils) {
        await each.program().ended;
        each.start();
      }
    },
    restartStore: async () => {
      await rig.store.killWritten();
      await rig.store.start();
    },
    close: async () => {
      redis.disconnect();
      await rig.close();
    },
  };
}

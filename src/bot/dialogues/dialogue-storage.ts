import { conversations, type ConversationData, type VersionedState } from '@grammyjs/conversations';
import { RedisAdapter } from '@grammyjs/storage-redis';
import type { Bot, Context, MiddlewareFn, StorageAdapter } from 'grammy';
import type { Redis } from 'ioredis';
import { DAY, SECOND } from '../../domain/time.ts';
import { DIALOGUE_VERSION } from './names.ts';
import type { BotContext, Services } from '../services.ts';

/** A dialogue that nobody touched is forgotten after that. */
const TTL_S = DAY / SECOND;

type Stored = VersionedState<ConversationData>;

/** Keeps open dialogues over restarts. Several bots may share one Redis: the bot's id is in the key. */
export function dialogueStorage(
  { token }: Bot<BotContext>,
  redis: Redis,
  log: Services['log'],
): MiddlewareFn<BotContext> {
  return conversations<Context, Context>({
    storage: {
      type: 'key',
      version: DIALOGUE_VERSION,
      prefix: `vigil:dialogue:${token.split(':', 1).join('')}:`,
      adapter: forgiving(new RedisAdapter<Stored>({ instance: redis, ttl: TTL_S }), log),
    },
  });
}

/** A dialogue that is damaged is no dialogue: it would else stand before every command, /resume too. Nothing in it is an order. */
const forgiving = (
  adapter: StorageAdapter<Stored>,
  log: Services['log'],
): StorageAdapter<Stored> => ({
  read: async (key) => {
    try {
      return soundOrNone(await adapter.read(key));
    } catch (error) {
      if (!isDamage(error)) throw error;
      log.warn('a stored dialogue was damaged and is forgotten', {});
      await adapter.delete(key);
      return undefined;
    }
  },
  write: (key, value) => adapter.write(key, value),
  delete: async (key) => {
    // What was answered is done and told; its card has a one-time id.
    await Promise.resolve(adapter.delete(key)).catch(() => log.warn('a dialogue stays stored', {}));
  },
});

/** A text that is no JSON, or a key of another kind; a store that does not answer is another matter. */
const isDamage = (error: unknown): boolean =>
  error instanceof SyntaxError || (error instanceof Error && error.message.startsWith('WRONGTYPE'));

/** The record when it has the shape that the plugin stores. */
function soundOrNone(value: Stored | undefined): Stored | undefined {
  const state: unknown = value?.state;
  const sound =
    typeof state === 'object' &&
    state !== null &&
    Object.values(state).every((each) => Array.isArray(each));
  return sound ? value : undefined;
}

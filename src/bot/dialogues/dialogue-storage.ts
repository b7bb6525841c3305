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

/**
 * Keeps open dialogues over restarts, and in memory while the store is away. Several bots may share one Redis: the bot's id is in the
 * key.
 */
export function dialogueStorage(
  { token }: Bot<BotContext>,
  redis: Redis,
  { log, ports }: Pick<Services, 'log' | 'ports'>,
): MiddlewareFn<BotContext> {
  const stored = new RedisAdapter<Stored>({ instance: redis, ttl: TTL_S });
  const away = (): boolean => ports.storeAway?.() !== undefined;
  return conversations<Context, Context>({
    storage: {
      type: 'key',
      version: DIALOGUE_VERSION,
      prefix: `vigil:dialogue:${token.split(':', 1).join('')}:`,
      adapter: remembering(forgiving(stored, log), away),
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
  delete: (key) => adapter.delete(key),
});

/** What the store does not take is known here, and goes before what it says until it has taken it: a question outlives its outage. */
function remembering(store: StorageAdapter<Stored>, away: () => boolean): StorageAdapter<Stored> {
  const known = new Map<string, Stored | undefined>();
  const untaken = new Set<string>();
  const put = async (key: string, value: Stored | undefined): Promise<void> => {
    known.set(key, value);
    untaken.add(key);
    if (away()) return;
    try {
      await (value === undefined ? store.delete(key) : store.write(key, value));
      untaken.delete(key);
    } catch {
      // Kept here.
    }
  };
  return {
    read: async (key) => {
      if (away() || untaken.has(key)) return known.get(key);
      try {
        const value = await store.read(key);
        known.set(key, value);
        return value;
      } catch {
        return known.get(key);
      }
    },
    write: put,
    delete: (key) => put(key, undefined),
  };
}

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

import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Ports } from '../../app/ports/ports.ts';
import { decode, encode } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';

type BacktestStore = Omit<NonNullable<Ports['backtests']>, 'ask'>;
type BacktestMessage = Parameters<BacktestStore['addPending']>[0];
type BacktestState = Parameters<BacktestStore['save']>[1];

const schema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('running'), text: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
  z.object({
    kind: z.literal('done'),
    title: z.string(),
    lines: z.array(z.string()),
    equity: z.array(z.object({ at: z.number(), equity: z.number() })),
    halts: z.array(z.object({ at: z.number(), label: z.string() })),
  }),
]);

const message = z.object({
  id: z.string(),
  preset: z.string(),
  chatId: z.number(),
  messageId: z.number(),
  askedAt: z.number(),
});

const KEPT_S = 3_600;

/** How far each backtest is, in Redis for an hour, and which messages wait for a result. */
export function createBacktestStore(redis: Redis, keys: StoreKeys): BacktestStore {
  return {
    save: async (id, state) => {
      await redis.set(keys.backtest(id), encode(state), 'EX', KEPT_S);
    },
    read: async (id) => {
      const text = await redis.get(keys.backtest(id));
      return text === null ? undefined : decode<BacktestState>(text, schema, 'backtest');
    },
    pending: async () => {
      const texts = await redis.hvals(keys.pendingBacktests);
      return texts.map((text) => decode<BacktestMessage>(text, message, 'message of a backtest'));
    },
    addPending: async (message) => {
      await redis.hset(keys.pendingBacktests, message.id, encode(message));
    },
    reported: async (id) => {
      await redis.hdel(keys.pendingBacktests, id);
    },
  };
}

import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Ports } from '../app/ports.ts';
import { decode, encode } from './codec.ts';
import type { StoreKeys } from './keys.ts';

type BacktestStore = Pick<NonNullable<Ports['backtests']>, 'save' | 'read'>;
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

const KEPT_S = 3_600;

/** How far each backtest is, in Redis for an hour. */
export function createBacktestStore(redis: Redis, keys: StoreKeys): BacktestStore {
  return {
    save: async (id, state) => {
      await redis.set(keys.backtest(id), encode(state), 'EX', KEPT_S);
    },
    read: async (id) => {
      const text = await redis.get(keys.backtest(id));
      return text === null ? undefined : decode<BacktestState>(text, schema, 'backtest');
    },
  };
}

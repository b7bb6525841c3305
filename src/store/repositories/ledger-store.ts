import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Ports } from '../../app/ports/ports.ts';
import { withStrategy } from '../../domain/signal.ts';
import { decode, encode } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';

type LedgerStore = NonNullable<Ports['ledger']>;

const OUTCOMES = [
  'taken',
  'rejected',
  'expired',
  'refused',
  'not best',
  'watched',
  'unknown',
] as const;

const common = {
  id: z.string().min(1),
  symbol: z.string().min(1),
  side: z.enum(['long', 'short']),
  strategy: z.string().optional(),
  score: z.number().optional(),
  clean: z.boolean().optional(),
  rewardRisk: z.number(),
  closedAt: z.number(),
  counted: z.boolean(),
  repeats: z.number(),
  riskUsdt: z.number().optional(),
};

const openSchema = z.array(
  z.looseObject({
    ...common,
    fate: z.enum(['proposed', ...OUTCOMES]),
    stop: z.number(),
    target: z.number(),
    seenTo: z.number(),
    held: z
      .looseObject({ entry: z.number(), quantity: z.number(), entryTime: z.number() })
      .optional(),
  }),
);

const finishedSchema = z.looseObject({
  ...common,
  fate: z.enum(OUTCOMES),
  end: z.enum(['stop', 'target', 'expiry', 'no entry', 'no data']),
  endedAt: z.number(),
  result: z.looseObject({ pnl: z.number(), risk: z.number(), entryTime: z.number() }).optional(),
});

type Finished = Awaited<ReturnType<LedgerStore['finished']>>[number];

/** Signals of which the end is kept: some weeks of a market with 200 symbols. */
const KEPT = 5_000;

/** Tracked signals in Redis: the open ones by symbol, the ended ones by id, the newest 5,000. */
export function createLedgerStore(redis: Redis, keys: StoreKeys): LedgerStore {
  return {
    open: async () => {
      const stored = await redis.hvals(keys.ledgerOpen);
      return stored.flatMap((text) =>
        decode<Awaited<ReturnType<LedgerStore['open']>>>(text, openSchema, 'signal ledger').map(
          withStrategy,
        ),
      );
    },
    save: async ({ open, finished }) => {
      const all = redis.multi();
      for (const [symbol, signals] of open) {
        if (signals.length === 0) all.hdel(keys.ledgerOpen, symbol);
        else all.hset(keys.ledgerOpen, symbol, encode(signals));
      }
      for (const each of finished) {
        all.hset(keys.ledgerFinished, each.id, encode(each));
        all.zadd(keys.ledgerEnds, each.endedAt, each.id);
      }
      await all.exec();
      if (finished.length > 0) await forgetOldest(redis, keys);
    },
    finished: async () => {
      const stored = await redis.hvals(keys.ledgerFinished);
      return stored.map((text) =>
        withStrategy(decode<Finished>(text, finishedSchema, 'signal ledger')),
      );
    },
  };
}

async function forgetOldest(redis: Redis, keys: StoreKeys): Promise<void> {
  const old = await redis.zrange(keys.ledgerEnds, '0', String(-KEPT - 1));
  if (old.length === 0) return;
  await redis
    .multi()
    .hdel(keys.ledgerFinished, ...old)
    .zrem(keys.ledgerEnds, ...old)
    .exec();
}

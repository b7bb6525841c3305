import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Ports } from '../../app/ports/ports.ts';
import { decode, encode } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';

type FeedStore = Ports['feeds'];
type FeedReport = Awaited<ReturnType<FeedStore['latest']>>[number];

const schema = z.strictObject({
  feed: z.enum(['requests', 'price stream', 'account stream']),
  state: z.enum(['idle', 'connecting', 'live', 'stale', 'closed', 'paused']),
  reason: z.string(),
  silentMs: z.number().optional(),
  clockOffsetMs: z.number().optional(),
  since: z.number(),
  at: z.number(),
});

/** How each feed of the exchange was when its process said so last. */
export function createFeedStore(redis: Redis, keys: StoreKeys): FeedStore {
  return {
    report: async (report) => {
      await redis.hset(keys.feeds, report.feed, encode(report));
    },
    latest: async () =>
      Object.values(await redis.hgetall(keys.feeds)).map((text) =>
        decode<FeedReport>(text, schema, 'state of the feeds'),
      ),
  };
}

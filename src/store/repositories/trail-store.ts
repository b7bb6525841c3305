import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { TrailPlan, TrailStore } from '../../app/ports/trail-store.ts';
import { money } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import { byPosition } from './by-position.ts';

const schema = z.strictObject({
  positionId: z.string(),
  symbol: z.string(),
  share: money,
  signedBy: z.number().int(),
  signedAt: z.number(),
});

/** Which stops follow the price, in Redis. */
export const createTrailStore = (redis: Redis, keys: StoreKeys): TrailStore =>
  byPosition<TrailPlan>(redis, keys, {
    key: keys.trails,
    schema,
    what: 'stop that follows the price',
  });

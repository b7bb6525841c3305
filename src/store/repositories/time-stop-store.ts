import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { TimeStop, TimeStopStore } from '../../app/ports/time-stop-store.ts';
import type { StoreKeys } from '../keys.ts';
import { byPosition } from './by-position.ts';

const schema = z.strictObject({
  positionId: z.string(),
  symbol: z.string(),
  at: z.number(),
  hours: z.number(),
  signedAt: z.number(),
});

/** Which positions their owner is to be asked about, in Redis. */
export const createTimeStopStore = (redis: Redis, keys: StoreKeys): TimeStopStore =>
  byPosition<TimeStop>(redis, keys, {
    key: keys.timeStops,
    schema,
    what: 'time stop of a position',
  });

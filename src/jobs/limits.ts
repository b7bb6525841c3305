import { z } from 'zod';
import { settleLimits } from '../app/limits/change-limit.ts';
import { defineJob } from './job.ts';

/** Ends the waiting of limits that were asked to become looser. */
export const limitsJob = defineJob({
  name: 'limits',
  queue: 'upkeep',
  meaning: 'puts looser limits in force when their 12 hours are over, or drops them',
  schema: z.object({}),
  everyMs: (speed) => Math.max(1_000, 60_000 / speed),
  run: ({ ports }) => settleLimits(ports),
});

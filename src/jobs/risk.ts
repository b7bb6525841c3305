import { z } from 'zod';
import { watchHealth } from '../app/account/watch-health.ts';
import { defineJob } from './job.ts';

/** Judges the age of what is known, so that a read that hangs is noticed as well as one that fails. */
export const riskJob = defineJob({
  name: 'risk',
  queue: 'upkeep',
  meaning: 'pauses new trades when the account or its prices are too old',
  schema: z.object({}),
  everyMs: (speed) => Math.max(1_000, 5_000 / speed),
  run: ({ ports }) => watchHealth(ports),
});

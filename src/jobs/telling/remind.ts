import { z } from 'zod';
import { watchStates } from '../../app/telling/watch-states.ts';
import { defineJob } from '../job.ts';

/** What lasts is told again until it ends or is seen. */
export const remindJob = defineJob({
  name: 'remind',
  queue: 'upkeep',
  meaning: 'tells again what lasts and was not seen, and what of it is over',
  schema: z.object({}),
  everyMs: (speed) => Math.max(1_000, 5_000 / speed),
  run: ({ ports }) => watchStates(ports),
});

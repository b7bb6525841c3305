import { z } from 'zod';
import { followTrails } from '../app/manage/follow-trails.ts';
import { defineJob } from './job.ts';

/** Does nothing until the owner has let a stop follow the price. */
export const trailJob = defineJob({
  name: 'trail',
  queue: 'orders',
  meaning: 'moves each stop that follows the price one step nearer, as its owner signed',
  schema: z.object({}),
  everyMs: (speed) => Math.max(1_000, 60_000 / speed),
  run: ({ ports }) => followTrails(ports),
});

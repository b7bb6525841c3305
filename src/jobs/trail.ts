import { z } from 'zod';
import { followTrails } from '../app/manage/follow-trails.ts';
import { askWhenDue } from '../app/manage/time-stops.ts';
import { defineJob } from './job.ts';

/** Does nothing until the owner has signed a plan for a position. */
export const trailJob = defineJob({
  name: 'trail',
  queue: 'orders',
  meaning:
    'moves each stop that follows the price one step nearer, as its owner signed, and asks about positions whose time is over',
  schema: z.object({}),
  everyMs: (speed) => Math.max(1_000, 60_000 / speed),
  run: async ({ ports }) => {
    await askWhenDue(ports);
    await followTrails(ports);
  },
});

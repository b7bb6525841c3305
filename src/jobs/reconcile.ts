import { z } from 'zod';
import { reconcile } from '../app/approval/reconcile.ts';
import { defineJob } from './job.ts';

/** Picks up what a crash left lying: approved but not carried out, sent but not known, past its deadline. */
export const reconcileJob = defineJob({
  name: 'reconcile',
  queue: 'upkeep',
  meaning: 'picks up approvals that were cut off, looks up unknown orders, ends overdue signals',
  schema: z.object({}),
  everyMs: (speed) => Math.max(2_000, 30_000 / speed),
  run: ({ ports }) => reconcile(ports),
});

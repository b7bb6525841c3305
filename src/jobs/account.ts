import { z } from 'zod';
import { refreshAccount } from '../app/account/refresh-account.ts';
import { defineJob } from './job.ts';

/** Reads the account, works out what changed, and tightens the trading mode where a limit is reached. */
export const accountJob = defineJob({
  name: 'account',
  queue: 'account',
  meaning: 'reads account, positions, stops and orders; alerts on changes; emergency stop',
  schema: z.object({}),
  everyMs: (speed) => Math.max(500, 5_000 / speed),
  run: ({ ports }) => refreshAccount(ports),
});

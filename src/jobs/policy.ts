import { z } from 'zod';
import { flattenByPolicy } from '../app/halt/flatten-by-policy.ts';
import { defineJob } from './job.ts';

/** Does nothing until the owner has signed a policy. */
export const policyJob = defineJob({
  name: 'policy',
  queue: 'upkeep',
  meaning:
    'closes positions by the policy the owner signed, if one is signed and two sources agree',
  schema: z.object({}),
  everyMs: (speed) => Math.max(1_000, 5_000 / speed),
  run: ({ ports }) => flattenByPolicy(ports),
});

import { z } from 'zod';
import { expire } from '../app/approval/decide-proposal.ts';
import { defineJob } from './job.ts';

/** The deadline of a proposal. */
export const expireJob = defineJob({
  name: 'expire',
  queue: 'upkeep',
  meaning: 'ends a signal that was not answered in time',
  schema: z.object({ proposalId: z.string().min(1) }),
  run: ({ ports }, { proposalId }) => expire(ports, proposalId),
});

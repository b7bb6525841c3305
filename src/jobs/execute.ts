import { z } from 'zod';
import { executeProposal } from '../app/approval/execute-proposal.ts';
import { defineJob } from './job.ts';

/** Carries out an approved proposal. */
export const executeJob = defineJob({
  name: 'execute',
  queue: 'orders',
  meaning: 'carries out an approved signal: gate again, order, read back',
  schema: z.object({ proposalId: z.string().min(1) }),
  run: async ({ ports }, { proposalId }) => {
    const end = await executeProposal(ports, proposalId);
    // A failed job is tried again; what ends the waiting is the approval's own end.
    if (end === 'waits') throw new Error('the first readings after the start are not there yet');
  },
});

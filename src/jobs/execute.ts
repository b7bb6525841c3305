import { z } from 'zod';
import { executeProposal } from '../app/execute-proposal.ts';
import { defineJob } from './job.ts';

/** Carries out an approved proposal. */
export const executeJob = defineJob({
  name: 'execute',
  queue: 'orders',
  meaning: 'carries out an approved signal: gate again, order, read back',
  schema: z.object({ proposalId: z.string().min(1) }),
  run: ({ ports }, { proposalId }) => executeProposal(ports, proposalId),
});

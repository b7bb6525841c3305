import { z } from 'zod';
import { flatten } from '../app/halt/flatten.ts';
import { defineJob } from './job.ts';

/** Cancels entry orders and closes positions as the owner confirmed. */
export const flattenJob = defineJob({
  name: 'flatten',
  queue: 'orders',
  meaning: 'cancels entry orders and closes positions after /halt or /panic was confirmed',
  schema: z.object({
    id: z.string().min(1),
    by: z.union([z.number().int(), z.enum(['emergency-stop', 'policy'])]),
    closePositions: z.boolean(),
    signedAt: z.number().optional(),
    only: z.array(z.string()).optional(),
    because: z.array(z.string()).optional(),
    at: z.number(),
  }),
  run: async ({ ports }, { signedAt, only, because, ...request }) => {
    // An exit does not look behind the reads of a scan or of the account's cycle.
    const account = ports.urgentAccount ?? ports.account;
    const end = await flatten(
      { ...ports, account },
      {
        ...request,
        ...(signedAt === undefined ? {} : { signedAt }),
        ...(only === undefined ? {} : { only }),
        ...(because === undefined ? {} : { because }),
      },
    );
    // A failed job is tried again: closing goes on until the exchange says flat.
    if (end === 'left') throw new Error('something is still open; closing goes on');
  },
});

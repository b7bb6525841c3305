import { z } from 'zod';
import { flatten } from '../app/flatten.ts';
import { defineJob } from './job.ts';

/** Cancels entry orders and closes positions as the owner confirmed. */
export const flattenJob = defineJob({
  name: 'flatten',
  queue: 'orders',
  meaning: 'cancels entry orders and closes positions after /halt was confirmed that far',
  schema: z.object({
    id: z.string().min(1),
    by: z.union([z.number().int(), z.literal('emergency-stop')]),
    closePositions: z.boolean(),
    at: z.number(),
  }),
  run: ({ ports }, request) => flatten(ports, request),
});

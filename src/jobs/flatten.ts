import { flatten } from '../app/halt/flatten.ts';
import { flattenRequest } from '../app/ports/work.ts';
import { defineJob } from './job.ts';

/** Cancels entry orders and closes positions as the owner confirmed. */
export const flattenJob = defineJob({
  name: 'flatten',
  queue: 'orders',
  meaning: 'cancels entry orders and closes positions after /halt or /panic was confirmed',
  schema: flattenRequest,
  run: async ({ ports }, request) => {
    const end = await flatten(ports, request);
    // A failed job is tried again: closing goes on until the exchange says flat.
    if (end === 'left') throw new Error('something is still open; closing goes on');
  },
});

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
    // An exit does not look behind the reads of a scan or of the account's cycle.
    const account = ports.urgentAccount ?? ports.account;
    const end = await flatten({ ...ports, account }, request);
    // A failed job is tried again: closing goes on until the exchange says flat.
    if (end === 'left') throw new Error('something is still open; closing goes on');
  },
});

import { placeSuggestedStop } from '../app/account/suggest-stop.ts';
import { protectRequest } from '../app/ports/work.ts';
import { defineJob } from './job.ts';

/** Places the stop that the owner confirmed. */
export const protectJob = defineJob({
  name: 'protect',
  queue: 'orders',
  meaning: 'places the suggested stop that was confirmed, and reads it back',
  schema: protectRequest,
  run: ({ ports }, request) => placeSuggestedStop(ports, request),
});

import { carryOutChange } from '../app/manage/carry-out-change.ts';
import { manageRequest } from '../app/ports/work.ts';
import { defineJob } from './job.ts';

/** Changes a position as the owner confirmed. */
export const manageJob = defineJob({
  name: 'manage',
  queue: 'orders',
  meaning: 'closes a part of a position, or moves its stop or target, as it was confirmed',
  schema: manageRequest,
  run: ({ ports }, request) => carryOutChange(ports, request),
});

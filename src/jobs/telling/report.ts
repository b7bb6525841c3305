import { z } from 'zod';
import { sendReport } from '../../app/report/send-report.ts';
import { defineJob } from '../job.ts';

/** The report of the day at the owner's hour. */
export const reportJob = defineJob({
  name: 'report',
  queue: 'upkeep',
  meaning: "tells the day's report once the owner's hour has come, also when nothing happened",
  schema: z.object({}),
  everyMs: (speed) => Math.max(2_000, 60_000 / speed),
  run: ({ ports }) => sendReport(ports),
});

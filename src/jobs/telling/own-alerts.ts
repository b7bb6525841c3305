import { z } from 'zod';
import { pollOwnAlerts } from '../../app/own-alerts/poll-own-alerts.ts';
import { watchFunding } from '../../app/own-alerts/watch-funding.ts';
import { defineJob } from '../job.ts';

/** What the owner asked to be told of, behind the stream; funding is seen here alone. */
export const ownAlertsJob = defineJob({
  name: 'own-alerts',
  queue: 'upkeep',
  meaning: "looks at the owner's own alerts, faster seen by the stream, and at funding that is due",
  schema: z.object({}),
  everyMs: (speed) => Math.max(2_000, 60_000 / speed),
  run: async ({ ports }) => {
    await pollOwnAlerts(ports);
    await watchFunding(ports);
  },
});

import { z } from 'zod';
import { watchScan } from '../app/scan/watch-scan.ts';
import { defineJob } from './job.ts';
import {
  fetchedSchema,
  foundSchema,
  judgedSchema,
  packEntries,
  packFound,
} from './queues/scan-payload.ts';

/** Every minute: starts the flow that looks at newly closed candles, and tells when it cannot keep up. */
export const scanJob = defineJob({
  name: 'scan',
  queue: 'upkeep',
  meaning: 'starts fetch -> signal -> risk -> alert over all symbols',
  schema: z.object({}),
  everyMs: (speed) => Math.max(1_000, 60_000 / speed),
  run: async ({ ports, startScan }) => {
    await startScan();
    await watchScan(ports);
  },
});

const step = z.object({ scan: z.string().min(1) });

/** Fetches closed candles that are missing. */
export const scanFetchJob = defineJob({
  name: 'scan-fetch',
  queue: 'scan',
  meaning: 'fetches the closed candles that are not stored yet',
  schema: step,
  run: ({ scanner }) => scanner.fetch(),
});

/** Scores the symbols that have a new candle. */
export const scanSignalJob = defineJob({
  name: 'scan-signal',
  queue: 'scan',
  meaning: 'scores each symbol that has a new closed candle',
  schema: step,
  run: async ({ scanner }, _data, earlier) =>
    packFound(await scanner.signal(fetchedSchema.parse(earlier))),
});

/** Passes what was found through the risk gate; what passes becomes a proposal in the outbox. */
export const scanRiskJob = defineJob({
  name: 'scan-risk',
  queue: 'scan',
  meaning: 'passes the signals through the risk gate and sizes them',
  schema: step,
  run: async ({ scanner }, _data, earlier) => {
    const { signals, ...counts } = foundSchema.parse(earlier);
    return { ...counts, entries: packEntries(await scanner.risk(signals)) };
  },
});

/** Puts the cards of what passed in the outbox and stores the report. */
export const scanAlertJob = defineJob({
  name: 'scan-alert',
  queue: 'scan',
  meaning: 'stores proposals, puts their cards in the outbox and writes the report',
  schema: step,
  run: async ({ scanner }, _data, earlier) => {
    const { entries, ...counts } = judgedSchema.parse(earlier);
    return scanner.alert(counts, entries);
  },
});

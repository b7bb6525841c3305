/** Entry of the worker thread: the queues' consumers, so that scans never share an event loop with prices and the chat. */
import { parentPort, workerData } from 'node:worker_threads';
import { createScanner, type Fetched, type Found } from './app/scan-market.ts';
import type { ScanEntry } from './app/ports.ts';
import { startWorkers } from './jobs/workers.ts';
import type { Scanner } from './jobs/job.ts';
import { createLog } from './log.ts';
import { wire, type RunConfig } from './wiring.ts';

const config = workerData as RunConfig;
const log = createLog({
  level: config.logLevel,
  ...(config.logFile === undefined ? {} : { file: config.logFile }),
});
const wiring = await wire(config, log);
const steps = createScanner(wiring.ports);

// Results travel between jobs as JSON; each step gets what the one before it returned, and money as text would lose its type,
// so signals stay in this thread and only their step's name goes through the queue.
let found: Found | undefined;
let entries: readonly ScanEntry[] = [];
const scanner: Scanner = {
  fetch: () => steps.fetch(),
  signal: async (fetched) => {
    found = await steps.signal(fetched as Fetched);
    return { evaluated: found.evaluated, signals: found.signals.length };
  },
  risk: async () => {
    entries = found === undefined ? [] : await steps.risk(found);
    return { judged: entries.length };
  },
  alert: async () => {
    if (found !== undefined) await steps.alert(found, entries);
    return { reported: entries.length };
  },
};
const workers = startWorkers({
  connection: wiring.connect(),
  prefix: wiring.store.keys.queues,
  context: { ports: wiring.ports, scanner, startScan: wiring.queues.startScan },
  log,
});

parentPort?.on('message', (message: unknown) => {
  if (message !== 'stop') return;
  workers
    .close()
    .then(() => wiring.close())
    .finally(() => process.exit(0));
});
parentPort?.postMessage('ready');

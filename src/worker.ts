/** Entry of the worker thread: the queues' consumers, so that scans never share an event loop with prices and the chat. */
import { parentPort, workerData } from 'node:worker_threads';
import { createScanner } from './app/scan-market.ts';
import { startWorkers } from './jobs/workers.ts';
import { createLog } from './log.ts';
import { wire, type RunConfig } from './wiring.ts';

const config = workerData as RunConfig;
const log = createLog({
  level: config.logLevel,
  ...(config.logFile === undefined ? {} : { file: config.logFile }),
});
const wiring = await wire(config, log);
const workers = startWorkers({
  connection: wiring.connect(),
  prefix: wiring.store.keys.queues,
  context: {
    ports: wiring.ports,
    scanner: createScanner(wiring.ports),
    startScan: wiring.queues.startScan,
  },
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

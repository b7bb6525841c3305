/**
 * Entry of the worker process: the queues' consumers. It gets its config from the parent and ends when the parent is gone,
 * however that happened; a job that was under way then is run again, which every job bears.
 */
import { createScanner } from './app/scan-market.ts';
import { startWorkers } from './jobs/workers.ts';
import { createLog } from './log.ts';
import { wire, type RunConfig } from './wiring.ts';

async function start(config: RunConfig): Promise<() => Promise<void>> {
  const log = createLog({
    level: config.logLevel,
    ...(config.logFile === undefined ? {} : { file: config.logFile }),
  });
  const wiring = await wire(config, log);
  const { ports, queues, store } = wiring;
  const workers = startWorkers({
    connection: wiring.connect(),
    prefix: store.keys.queues,
    context: { ports, scanner: createScanner(ports), startScan: queues.startScan },
    log,
  });
  return async () => {
    await workers.close();
    await wiring.close();
  };
}

let stop: (() => Promise<void>) | undefined;

process.once('message', (config: RunConfig) => {
  start(config).then(
    (stopper) => {
      stop = stopper;
      process.send?.('ready');
    },
    (error: unknown) => {
      process.stderr.write(
        `${error instanceof Error ? error.message : 'the worker did not start'}\n`,
      );
      process.exit(1);
    },
  );
});
process.on('disconnect', () => {
  Promise.resolve(stop?.()).finally(() => process.exit(0));
});
// Ctrl-C reaches the whole group; the parent ends this process when its jobs are done.
process.on('SIGINT', () => undefined);

/**
 * Entry of the worker process: the queues' consumers. It gets its config from the parent and ends when the parent is gone,
 * however that happened; a job that was under way then is run again, which every job bears.
 */
import { messageOf } from '../app/reading/reading.ts';
import { storeLost } from '../app/halt/store-lost.ts';
import { createScanner } from '../app/scan/scan-market.ts';
import { waitsForAnswer, waitsForOwner } from '../app/scan/waits-for-owner.ts';
import { askOver } from './ask-permission.ts';
import { reportRequests } from './feed-reports.ts';
import { scanAtCloses } from '../jobs/queues/scan-at-closes.ts';
import { startWorkers } from '../jobs/queues/workers.ts';
import type { PulseName } from '../domain/alert.ts';
import type { Store } from '../store/store.ts';
import { createLog } from './log.ts';
import { lineToParent } from './worker-permission.ts';
import { wire, type RunConfig } from './wiring.ts';

async function start(config: RunConfig): Promise<() => Promise<void>> {
  const log = createLog({
    level: config.logLevel,
    ...(config.logFile === undefined ? {} : { file: config.logFile, follows: true }),
  });
  const wiring = await wire(config, log, { permission: askOver(lineToParent) });
  const { ports, queues, store } = wiring;
  wiring.watch.onLost((loss) => storeLost(ports, loss));
  // One card is enough for whoever is paired next, and for whoever sees the first ones of their life.
  const enough = async (): Promise<boolean> =>
    (await waitsForOwner(store)) ||
    (config.oneCardAtATime === true &&
      (await waitsForAnswer(store.proposals, {
        now: ports.clock.now(),
        speed: ports.clock.speed,
      })));
  const startScan = async (): Promise<void> =>
    (await enough()) ? beat(store, 'scan') : queues.startScan();
  const workers = startWorkers({
    connection: wiring.connect(),
    prefix: store.keys.queues,
    context: { ports, scanner: createScanner(ports), startScan },
    log,
    onDone: (job) => {
      const name = PULSE_OF[job];
      if (name !== undefined) beat(store, name);
    },
  });
  const pulse = setInterval(() => beat(store, 'worker'), PULSE_MS);
  const endReports = reportRequests(wiring);
  const endCloses = scanAtCloses(ports.clock, startScan);
  return async () => {
    clearInterval(pulse);
    endCloses();
    endReports();
    await workers.close();
    await wiring.close();
  };
}

/** Whose pulse a job gives when it is done. */
const PULSE_OF: Readonly<Record<string, PulseName>> = {
  risk: 'risk',
  'scan-alert': 'scan',
  report: 'reports',
};
const PULSE_MS = 2_000;

/** While the store is away nobody hears it; that is told as such. */
const beat = ({ pulses }: Store, name: PulseName): void =>
  void pulses.beat(name).catch(() => undefined);

let stop: (() => Promise<void>) | undefined;

async function begin(config: RunConfig): Promise<void> {
  try {
    stop = await start(config);
    process.send?.('ready');
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
}

/** So long the jobs under way may take to end; with Redis gone too they never would. */
const END_MS = 8_000;

async function end(): Promise<never> {
  setTimeout(() => process.exit(0), END_MS);
  await stop?.();
  process.exit(0);
}

process.once('message', (config: RunConfig) => void begin(config));
process.on('disconnect', () => void end());
// Ctrl-C reaches the whole group; the parent ends this process when its jobs are done.
process.on('SIGINT', () => undefined);

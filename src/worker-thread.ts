import { Worker } from 'node:worker_threads';
import type { Log } from './app/ports.ts';
import { reasonOf } from './app/reading.ts';
import type { RunConfig } from './wiring.ts';

const RESTART_MS = 1_000;
const STOP_MS = 10_000;

/**
 * Starts the worker role in a thread of its own and resolves when it is ready. A thread that dies is started again. Returns how
 * to stop it.
 */
export async function startWorkerThread(config: RunConfig, log: Log): Promise<() => Promise<void>> {
  let stopping = false;
  let thread = spawn();
  await ready(thread);

  function spawn(): Worker {
    const fresh = open(config);
    fresh.on('error', (error) =>
      log.error('the worker thread failed', { reason: reasonOf(error) }),
    );
    fresh.on('exit', () => {
      if (stopping) return;
      log.error('the worker thread ended; it is started again');
      setTimeout(() => {
        if (!stopping) thread = spawn();
      }, RESTART_MS);
    });
    return fresh;
  }

  return async () => {
    stopping = true;
    const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
    const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS).unref());
    thread.postMessage('stop');
    await Promise.race([gone, late]);
    await thread.terminate();
  };
}

const ready = (thread: Worker): Promise<void> =>
  new Promise((resolve, reject) => {
    thread.once('message', () => resolve());
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the worker thread ended while starting')));
  });

function open(workerData: RunConfig): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./worker.js', import.meta.url), { workerData });
  }
  // From source: `--import tsx` has no effect in a thread, so the loader is registered before the file is read.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const file = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  const code = `import(${loader}).then(({ register }) => { register(); return import(${file}); });`;
  return new Worker(code, { workerData, execArgv: [], eval: true });
}

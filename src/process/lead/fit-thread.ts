import { Worker } from 'node:worker_threads';
import type { CountFits } from '../../app/ports/fits.ts';
import type { Fit } from '../../backtest/fit/limit-fit.ts';

const LONGEST_MS = 120_000;

/** Counts in a thread of its own that ends with the answer. Rejects where it stops or takes longer than two minutes. */
export const countFits: CountFits = (request) =>
  new Promise((resolve, reject) => {
    const worker = startWorker();
    const timer = setTimeout(() => {
      void worker.terminate();
      reject(new Error('it took too long'));
    }, LONGEST_MS);
    worker.once('message', (fits: readonly Fit[]) => {
      clearTimeout(timer);
      resolve(fits);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      clearTimeout(timer);
      reject(new Error('the thread ended before its answer'));
    });
    worker.unref();
    worker.postMessage(request);
  });

function startWorker(): Worker {
  const options = { name: 'fits', env: {}, execArgv: [] };
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./fit-worker.js', import.meta.url), options);
  }
  // From source: `--import tsx` has no effect in a thread, so the loader is registered before the file is read.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const file = JSON.stringify(new URL('./fit-worker.ts', import.meta.url).href);
  const code = `import(${loader}).then(({ register }) => { register(); return import(${file}); });`;
  return new Worker(code, { ...options, eval: true });
}

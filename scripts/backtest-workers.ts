import { Worker } from 'node:worker_threads';
import { UsageError, type Options } from './backtest-options.ts';

/** A share of the work: the `part`-th of `of`, from 0. */
export interface Share {
  readonly part: number;
  readonly of: number;
}

/** What a thread is told: the words of the command, from which it reads the same data, and its share. */
export interface Work {
  readonly args: readonly string[];
  readonly share: Share;
}

/** What went wrong in a thread, with what the command would have said. */
export interface Failed {
  readonly failed: string;
}

/**
 * Has the work done by so many threads, each with its own share, and answers in the order of the shares; one alone needs no thread.
 * Throws UsageError with what the first that failed says.
 */
export async function inWorkers<T extends object>(
  act: (options: Options, share: Share) => T,
  options: Options,
  args: readonly string[],
): Promise<readonly T[]> {
  const of = options.workers;
  if (of === 1) return [act(options, { part: 0, of })];
  const shares = Array.from({ length: of }, (_, part) => ({ part, of }));
  return Promise.all(shares.map((share) => inWorker<T>({ args, share })));
}

function inWorker<T extends object>(work: Work): Promise<T> {
  return new Promise((resolve, reject) => {
    const worker = startWorker(work);
    worker.once('message', (found: T | Failed) => {
      if ('failed' in found) reject(new UsageError(found.failed));
      else resolve(found);
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('a thread ended before its answer')));
  });
}

function startWorker(workerData: Work): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./backtest-worker.js', import.meta.url), { workerData });
  // From source: `--import tsx` has no effect in a thread, so the loader is registered before the file is read.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const file = JSON.stringify(new URL('./backtest-worker.ts', import.meta.url).href);
  const code = `import(${loader}).then(({ register }) => { register(); return import(${file}); });`;
  return new Worker(code, { eval: true, workerData });
}

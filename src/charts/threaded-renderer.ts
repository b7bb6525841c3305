import { Worker } from 'node:worker_threads';
import { ChartRenderError, drawingOf, type Drawing, type PngRenderer } from './renderer.ts';

export interface RenderJob extends Drawing {
  readonly id: number;
}

export type RenderOutcome =
  | { readonly id: number; readonly png: Uint8Array }
  | { readonly id: number; readonly error: string };

export interface ThreadedOptions {
  /** Milliseconds a picture may take from the call on, waiting included; 15,000 when left out. */
  readonly timeoutMs?: number;
  /** Milliseconds without work after which the thread ends and gives its memory back; 60,000 when left out. */
  readonly idleMs?: number;
  /** Memory in MB that drawing may take before the thread is replaced; 256 when left out. */
  readonly maxHeapMb?: number;
  /** Pictures that may wait; 32 when left out. */
  readonly maxWaiting?: number;
}

export interface ThreadedRenderer extends PngRenderer {
  /** Ends the thread; pictures not finished are rejected, later calls too. */
  close(): Promise<void>;
  /** Thread number while the thread lives. */
  threadId(): number | undefined;
}

interface Waiting extends RenderJob {
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The local renderer in a thread of its own, so that drawing never holds up a stream's event loop. The thread starts
 * with the first picture, is replaced when it dies or passes a deadline, and ends when idle.
 */
export function createThreadedRenderer(options: ThreadedOptions = {}): ThreadedRenderer {
  const timeoutMs = options.timeoutMs ?? 15_000;
  const maxWaiting = options.maxWaiting ?? 32;
  const queue: Waiting[] = [];
  let worker: Worker | undefined;
  let current: Waiting | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  let closed = false;

  const start = (): Worker => {
    const fresh = startWorker(options.maxHeapMb ?? 256);
    fresh.on('message', (outcome: RenderOutcome) => {
      if (fresh !== worker || current?.id !== outcome.id) return;
      if ('png' in outcome) finish((job) => job.resolve(outcome.png));
      else finish((job) => job.reject(new ChartRenderError(outcome.error)));
    });
    // An error is always followed by an exit; without this listener it would end the process.
    fresh.on('error', (error) => lost(fresh, `: ${error.message}`));
    fresh.on('exit', () => lost(fresh, ''));
    return fresh;
  };

  const lost = (which: Worker, reason: string): void => {
    if (which !== worker) return;
    worker = undefined;
    finish((job) =>
      job.reject(new ChartRenderError(`The chart thread stopped while drawing${reason}.`)),
    );
  };

  const finish = (settle: (job: Waiting) => void): void => {
    const job = current;
    current = undefined;
    if (job !== undefined) {
      clearTimeout(job.timer);
      settle(job);
    }
    next();
  };

  const next = (): void => {
    if (current !== undefined) return;
    current = queue.shift();
    if (current === undefined) return rest();
    clearTimeout(idle);
    worker ??= start();
    worker.ref();
    const { id, config, size } = current;
    try {
      worker.postMessage({ id, config, size } satisfies RenderJob);
    } catch (error) {
      // A function or another thing that is no JSON hides in the configuration.
      const reason = error instanceof Error ? error.message : String(error);
      finish((job) => job.reject(new ChartRenderError(`The chart could not be drawn: ${reason}`)));
    }
  };

  const rest = (): void => {
    worker?.unref();
    clearTimeout(idle);
    idle = setTimeout(() => void stop(), options.idleMs ?? 60_000).unref();
  };

  const stop = async (): Promise<void> => {
    const old = worker;
    worker = undefined;
    await old?.terminate();
  };

  const expire = (job: Waiting): void => {
    const error = new ChartRenderError(`The chart was not drawn within ${timeoutMs} ms.`);
    if (job !== current) {
      queue.splice(queue.indexOf(job), 1);
      job.reject(error);
      return;
    }
    // It may hang for ever: give the next picture a fresh thread.
    void stop();
    finish((late) => late.reject(error));
  };

  return {
    async render(config, size) {
      const drawing = drawingOf(config, size);
      if (closed) throw new ChartRenderError('The chart renderer is closed.');
      if (queue.length >= maxWaiting) {
        throw new ChartRenderError(
          `${queue.length} charts are waiting already; ask again in a moment.`,
        );
      }
      return new Promise<Uint8Array>((resolve, reject) => {
        lastId += 1;
        const job: Waiting = {
          id: lastId,
          ...drawing,
          resolve,
          reject,
          timer: setTimeout(() => expire(job), timeoutMs),
        };
        queue.push(job);
        next();
      });
    },
    async close() {
      closed = true;
      for (const job of [...queue.splice(0), ...(current ? [current] : [])]) {
        clearTimeout(job.timer);
        job.reject(new ChartRenderError('The chart renderer is closed.'));
      }
      current = undefined;
      clearTimeout(idle);
      await stop();
    },
    threadId: () => worker?.threadId,
  };
}

/** Its environment is empty: drawing needs no keys. */
function startWorker(maxHeapMb: number): Worker {
  const options = {
    name: 'charts',
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  };
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./render-worker.js', import.meta.url), options);
  }
  // From source: `--import tsx` has no effect in a thread, so the loader is registered before the file is read.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const file = JSON.stringify(new URL('./render-worker.ts', import.meta.url).href);
  const code = `import(${loader}).then(({ register }) => { register(); return import(${file}); });`;
  return new Worker(code, { ...options, eval: true });
}

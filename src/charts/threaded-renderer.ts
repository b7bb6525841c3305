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
  const thread = new DrawingThread({
    timeoutMs: 15_000,
    idleMs: 60_000,
    maxHeapMb: 256,
    maxWaiting: 32,
    ...options,
  });
  return {
    render: async (config, size) => thread.draw(drawingOf(config, size)),
    close: async () => thread.close(),
    threadId: () => thread.id(),
  };
}

/** One picture at a time; the others wait here, so that a thread that dies takes only one with it. */
class DrawingThread {
  readonly #options: Required<ThreadedOptions>;
  readonly #queue: Waiting[] = [];
  #worker: Worker | undefined;
  #current: Waiting | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closed = false;

  constructor(options: Required<ThreadedOptions>) {
    this.#options = options;
  }

  id(): number | undefined {
    return this.#worker?.threadId;
  }

  async draw(drawing: Drawing): Promise<Uint8Array> {
    if (this.#closed) throw new ChartRenderError('The chart renderer is closed.');
    const waiting = this.#queue.length;
    if (waiting >= this.#options.maxWaiting) {
      throw new ChartRenderError(`Charts already waiting: ${waiting}. Ask again in a moment.`);
    }
    return new Promise<Uint8Array>((resolve, reject) => {
      this.#lastId += 1;
      const timer = setTimeout(() => this.#expire(job), this.#options.timeoutMs);
      const job: Waiting = { id: this.#lastId, ...drawing, resolve, reject, timer };
      this.#queue.push(job);
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of [...this.#queue.splice(0), ...(this.#current ? [this.#current] : [])]) {
      clearTimeout(job.timer);
      job.reject(new ChartRenderError('The chart renderer is closed.'));
    }
    this.#current = undefined;
    clearTimeout(this.#idle);
    await this.#stop();
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const job = this.#queue.shift();
    if (job === undefined) return this.#rest();
    this.#current = job;
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    this.#worker.ref();
    try {
      this.#worker.postMessage({
        id: job.id,
        config: job.config,
        size: job.size,
      } satisfies RenderJob);
    } catch (error) {
      // A function or another thing that is no JSON hides in the configuration.
      const reason = error instanceof Error ? error.message : String(error);
      this.#fail(`The chart could not be drawn: ${reason}`);
    }
  }

  #finish(settle: (job: Waiting) => void): void {
    const job = this.#current;
    this.#current = undefined;
    if (job !== undefined) {
      clearTimeout(job.timer);
      settle(job);
    }
    this.#next();
  }

  #fail(message: string): void {
    this.#finish((job) => job.reject(new ChartRenderError(message)));
  }

  #start(): Worker {
    const worker = startWorker(this.#options.maxHeapMb);
    worker.on('message', (outcome: RenderOutcome) => {
      if (worker !== this.#worker || this.#current?.id !== outcome.id) return;
      if ('png' in outcome) this.#finish((job) => job.resolve(outcome.png));
      else this.#fail(outcome.error);
    });
    worker.on('error', (error) => this.#lose(worker, `: ${error.message}`));
    worker.on('exit', () => this.#lose(worker, ''));
    return worker;
  }

  #lose(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#fail(`The chart thread stopped while drawing${reason}.`);
  }

  #expire(job: Waiting): void {
    const message = `The chart was not drawn within ${this.#options.timeoutMs} ms.`;
    if (job !== this.#current) {
      this.#queue.splice(this.#queue.indexOf(job), 1);
      job.reject(new ChartRenderError(message));
      return;
    }
    // It may hang for ever: give the next picture a fresh thread.
    void this.#stop();
    this.#fail(message);
  }

  #rest(): void {
    this.#worker?.unref();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#stop(), this.#options.idleMs).unref();
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
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

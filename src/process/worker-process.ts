import type { ChildProcess } from 'node:child_process';
import type { Log } from '../app/ports/log.ts';
import type { Permission } from '../app/ports/permission.ts';
import { messageOf } from '../app/reading/reading.ts';
import { startChild, stopChild } from './child-process.ts';
import { answerWorker } from './worker-permission.ts';
import type { RunConfig } from './wiring.ts';

/** The running worker role. */
export interface WorkerProcess {
  /** Rejects when it ends while starting. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

const RESTART_MS = 1_000;
const STOP_MS = 10_000;

/**
 * Starts the worker role in a process of its own: scans share neither the event loop nor the
 * memory of prices and chat. One that dies is started again; it ends by itself when this process is gone. Nothing is opened
 * there without `permission`, which it asks for here.
 */
export function startWorkerProcess(
  config: RunConfig,
  { permission, log }: { readonly permission: Permission; readonly log: Log },
): WorkerProcess {
  let stopping = false;
  let child = spawn();

  function spawn(): ChildProcess {
    const fresh = startChild(new URL('./worker.ts', import.meta.url), { shown: true });
    fresh.send(config);
    answerWorker(fresh, permission);
    fresh.on('exit', (code, signal) => {
      if (stopping) return;
      log.error('the worker process ended; it is started again', { code, signal });
      setTimeout(() => {
        if (!stopping) child = spawn();
      }, RESTART_MS);
    });
    return fresh;
  }

  async function stop(): Promise<void> {
    stopping = true;
    await stopChild(child, STOP_MS);
  }

  const ready = readiness(child);
  // Whoever waits gets the failure; when nobody waits any more, the log has it.
  ready.catch((error: unknown) =>
    log.error('the worker did not start', { reason: messageOf(error) }),
  );
  return { ready, stop };
}

const readiness = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (message === 'ready') resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the worker process ended while starting')));
  });

/** Parts of Vigil that run in a process of their own: the worker role, the simulator of the demo, the paper account. */
import { fork, type ChildProcess } from 'node:child_process';
import type { HostReply } from '../simulator/host.ts';

/**
 * Starts a module in a process of its own, as source or as built, whichever this one is. Its errors come out here; its output only
 * where it is `shown`, because it would stand between the lines that a person reads.
 */
export function startChild(module: URL, { shown = false } = {}): ChildProcess {
  const built = !import.meta.url.endsWith('.ts');
  const file = built ? new URL(module.href.replace(/\.ts$/, '.js')) : module;
  return fork(file, { stdio: ['ignore', shown ? 'inherit' : 'ignore', 'inherit', 'ipc'] });
}

export type HostReady = Extract<HostReply, { kind: 'ready' }>;

/** Sends a host its options and waits for its addresses. Rejects with its reason, or saying that it, by `name`, ended before. */
export const askHost = (child: ChildProcess, options: object, name: string): Promise<HostReady> =>
  new Promise((resolve, reject) => {
    child.once('message', (reply: HostReply) => {
      if (reply.kind === 'ready') resolve(reply);
      else reject(new Error(reply.reason));
    });
    child.once('exit', () => reject(new Error(`${name} ended while it was starting.`)));
    child.send(options);
  });

/** Lets it end by itself, as it does when its parent is gone, and ends it when that takes longer. */
export async function stopChild(child: ChildProcess, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const late = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
  if (child.connected) child.disconnect();
  await Promise.race([gone, late]);
  child.kill('SIGKILL');
}

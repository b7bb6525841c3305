/** The demo's sentinel: a process of its own, which goes on when Vigil is frozen. */
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { startChild, stopChild } from '../process/child-process.ts';
import type { RunConfig } from '../process/wiring.ts';
import { DEMO_USER } from './smoke.ts';

const STOP_MS = 3_000;

/** Starts it and gives back the address that Vigil has to call. Rejects when it ends while starting. */
export async function startDemoSentinel(
  config: RunConfig,
): Promise<{ readonly heartbeatUrl: string; stop(): Promise<void> }> {
  const word = randomBytes(8).toString('hex');
  const heartbeatUrl = `http://127.0.0.1:${await freePort()}/${word}`;
  const child = startChild(new URL('../process/sentinel/process.ts', import.meta.url));
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error('The sentinel ended while it was starting.')));
    child.send({
      ...config,
      account: `${config.account}-sentinel`,
      heartbeatUrl,
      owner: config.owner ?? DEMO_USER,
    });
  });
  return { heartbeatUrl, stop: () => stopChild(child, STOP_MS) };
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

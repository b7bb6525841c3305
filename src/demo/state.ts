import { createServer } from 'node:net';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoArguments } from './arguments.ts';

/** Port of the chat page when nobody chose one. */
const FIRST_PORT = 8787;
const PORTS_TRIED = 50;

/** Whether nobody listens on this loopback port. */
export const portIsFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** The chosen port, or the first free one from 8787 on. Throws an Error that says what to do when it is taken. */
export async function choosePort(chosen: number | undefined): Promise<number> {
  if (chosen !== undefined) {
    if (await portIsFree(chosen)) return chosen;
    throw new Error(
      `Port ${chosen} is in use, perhaps by another demo. Choose another one with --port, or leave --port out to take a free one.`,
    );
  }
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS_TRIED; port += 1) {
    if (await portIsFree(port)) return port;
  }
  throw new Error(
    `No port from ${FIRST_PORT} to ${FIRST_PORT + PORTS_TRIED - 1} is free. Choose one with --port.`,
  );
}

/** The folder in which a demo keeps its venue, chat and Redis. */
export interface DemoState {
  readonly folder: string;
  /** The demo before was cut off and is continued: same account, same chat, same halts. */
  readonly continued: boolean;
  /** Notes that the demo ended in good order, so that the next one begins anew. */
  finish(): Promise<void>;
}

/**
 * Opens the folder of the demo on that port. A demo that was killed is continued by the next one with the same options; one that
 * ended in good order, or had other options, is forgotten.
 */
export async function openDemoState(
  dataDir: string,
  port: number,
  args: DemoArguments,
): Promise<DemoState> {
  const folder = join(dataDir, `demo-${port}`);
  const file = join(folder, 'run.json');
  const { replay, from, to, speed, seed, open } = args;
  const options = JSON.stringify({ replay, from, to, speed, seed, open });
  const before = await readFile(file, 'utf8').catch(() => undefined);
  const continued = before === options && !args.fresh;
  if (!continued) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(file, options);
  return { folder, continued, finish: () => rm(file, { force: true }) };
}

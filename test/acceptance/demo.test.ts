/** Starting and ending: what a person sees in the terminal, and what is left on the machine. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/bot/commands/list.ts';
import { portIsFree } from '../../src/demo/state.ts';
import {
  cleanUp,
  freePort,
  LISTS_PROCESSES,
  newFolder,
  nothingLeft,
  processesOf,
  runToEnd,
  startDemo,
  startProgram,
  type Demo,
} from './demo-process.ts';
import { phoneAt } from './owner.ts';
import { marketIn, QUIET_START } from './recording.ts';
import { until } from './wait.ts';

describe('the demo', () => {
  afterEach(cleanUp);

  test('answers every command by itself with --headless, ends with --for, exits 0 and leaves nothing behind', async () => {
    const folder = newFolder();
    const port = await freePort();
    const args = ['demo', '--headless', '--for', '5s', '--port', String(port)];
    const { code, output } = await runToEnd(startProgram({ folder, args, fromSources: true }));
    expect(output).toContain(`All ${COMMANDS.length} commands were answered.`);
    expect(code, output).toBe(0);
    expect(await portIsFree(port)).toBe(true);
    await nothingLeft(folder);
  });
});

describe('two demos beside each other', () => {
  let folder: string;
  let port: string;
  let first: Demo;
  let second: Demo;
  /** Vigil, the simulator and the private Redis of each: what must be gone afterwards is seen before. */
  let ofFirst: readonly number[];
  let ofSecond: readonly number[];

  beforeAll(async () => {
    folder = newFolder();
    port = String(await freePort());
    // At the venue's own pace: the faster it goes the more a machine has to do, and nothing here waits for the market.
    const market = [...marketIn(folder, QUIET_START), '--speed', '1'];
    first = await startDemo({ folder, args: ['--port', port, ...market] });
    ofFirst = processesOf(folder);
    const taken = createServer();
    // When 8787 is taken already, by whomever, the test holds all the same.
    await new Promise<void>((resolve) => {
      taken.once('error', () => resolve());
      taken.listen(8787, '127.0.0.1', () => resolve());
    });
    try {
      second = await startDemo({ folder, args: market });
    } finally {
      taken.close();
    }
    ofSecond = processesOf(folder).filter((each) => !ofFirst.includes(each));
  });
  afterAll(cleanUp);

  test('without --port it takes the next free one', () => {
    const found = Number(new URL(second.chatUrl).port);
    expect(found).toBeGreaterThan(8787);
    expect(found).toBeLessThan(8837);
  });

  test('a port that is taken is named with what to do, and the demo that has it is not touched', async () => {
    const marker = join(folder, `demo-${port}`, 'run.json');
    const before = readFileSync(marker, 'utf8');
    const args = ['demo', '--port', port, '--seed', '99'];
    const { code, output } = await runToEnd(startProgram({ folder, args }));
    expect(code).toBe(1);
    expect(output.trim()).toBe(
      `Port ${port} is in use, perhaps by another demo. Choose another one with --port, or leave --port out to take a free one.`,
    );
    expect(readFileSync(marker, 'utf8')).toBe(before);
    const phone = await phoneAt(first.chatUrl);
    await phone.ask(`/start ${first.code ?? ''}`, 'Paired');
    phone.hangUp();
  });

  test('each has its own port, Redis and account', async () => {
    expect(second.chatUrl).not.toBe(first.chatUrl);
    expect(second.controlUrl).not.toBe(first.controlUrl);
    if (LISTS_PROCESSES) expect(processesOf(folder, 'redis-server')).toHaveLength(2);
    const [one, other] = [await phoneAt(first.chatUrl), await phoneAt(second.chatUrl)];
    await other.ask(`/start ${second.code ?? ''}`, 'Paired');
    await one.ask('/halt', 'New trades are paused');
    await other.ask('/status', 'Trading: normal');
    one.hangUp();
    other.hangUp();
  });

  test('one leaves no process behind when its main process is killed', async (context) => {
    if (!LISTS_PROCESSES) context.skip('this system does not list its processes under /proc');
    expect(ofSecond.length).toBeGreaterThanOrEqual(3);
    second.kill();
    await second.ended;
    const left = (): readonly number[] =>
      processesOf(folder).filter((each) => ofSecond.includes(each));
    await until(() => left().length === 0, { says: () => `processes are left: ${left().join()}` });
  });

  test('one ends at Ctrl-C with exit code 0, leaves no process behind and frees its ports', async (context) => {
    if (!LISTS_PROCESSES) context.skip('this system does not list its processes under /proc');
    expect(ofFirst.length).toBeGreaterThanOrEqual(3);
    expect(processesOf(folder, 'redis-server')).toHaveLength(1);
    first.interrupt();
    expect(await first.ended, first.output()).toEqual({ code: 0, signal: null });
    await nothingLeft(folder);
    expect(await portIsFree(Number(port))).toBe(true);
    expect(await portIsFree(Number(new URL(first.controlUrl).port))).toBe(true);
  });
});

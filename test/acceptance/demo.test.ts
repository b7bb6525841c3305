/** Starting and ending: what a person sees in the terminal, and what is left on the machine. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/bot/commands/list.ts';
import { portIsFree } from '../../src/demo/state.ts';
import {
  cleanUp,
  freePort,
  LISTS_PROCESSES,
  newFolder,
  processesOf,
  startDemo,
  startProgram,
  type Program,
} from './demo-process.ts';
import { phoneAt } from './owner.ts';
import { until } from './wait.ts';

afterEach(cleanUp);

const nothingLeft = (folder: string): Promise<true> =>
  until(() => processesOf(folder).length === 0 || undefined, {
    says: () => `processes are left: ${processesOf(folder).join(', ')}`,
  });

/** Runs to the end and gives back the exit code with everything that was printed. */
async function runToEnd(program: Program): Promise<{ code: number | null; output: string }> {
  const { code } = await program.ended;
  return { code, output: program.output() };
}

describe('the demo', () => {
  test('answers every command by itself with --headless, ends with --for, exits 0 and leaves nothing behind', async () => {
    const folder = newFolder();
    const port = await freePort();
    const args = ['demo', '--headless', '--for', '5s', '--port', String(port)];
    const { code, output } = await runToEnd(startProgram({ folder, args }));
    expect(output).toContain(`All ${COMMANDS.length} commands were answered.`);
    expect(code, output).toBe(0);
    expect(await portIsFree(port)).toBe(true);
    await nothingLeft(folder);
  });

  test('ends at Ctrl-C with exit code 0, leaves no process behind and frees its ports', async (context) => {
    if (!LISTS_PROCESSES) context.skip('this system does not list its processes under /proc');
    const folder = newFolder();
    const port = await freePort();
    const demo = await startDemo({ folder, args: ['--port', String(port)] });
    // Vigil, the simulator and the private Redis: what must be gone afterwards is seen now.
    expect(processesOf(folder).length).toBeGreaterThanOrEqual(3);
    expect(processesOf(folder, 'redis-server')).toHaveLength(1);
    demo.interrupt();
    expect(await demo.ended, demo.output()).toEqual({ code: 0, signal: null });
    await nothingLeft(folder);
    expect(await portIsFree(port)).toBe(true);
    expect(await portIsFree(Number(new URL(demo.controlUrl).port))).toBe(true);
  });

  test('leaves no process behind when its main process is killed', async (context) => {
    if (!LISTS_PROCESSES) context.skip('this system does not list its processes under /proc');
    const folder = newFolder();
    const demo = await startDemo({ folder, args: ['--port', String(await freePort())] });
    demo.kill();
    await demo.ended;
    await nothingLeft(folder);
  });

  test('runs beside another one, each with its own port, Redis and account', async () => {
    const folder = newFolder();
    const first = await startDemo({ folder, args: ['--port', String(await freePort())] });
    const second = await startDemo({ folder, args: ['--port', String(await freePort())] });
    expect(second.chatUrl).not.toBe(first.chatUrl);
    expect(second.controlUrl).not.toBe(first.controlUrl);
    if (LISTS_PROCESSES) expect(processesOf(folder, 'redis-server')).toHaveLength(2);
    const [one, other] = [await phoneAt(first.chatUrl), await phoneAt(second.chatUrl)];
    await one.ask(`/start ${first.code ?? ''}`, 'Paired');
    await other.ask(`/start ${second.code ?? ''}`, 'Paired');
    await one.ask('/halt', 'New trades are paused');
    await other.ask('/status', 'Trading: normal');
    one.hangUp();
    other.hangUp();
  });

  test('a port that is taken is named with what to do, and the demo that has it is not touched', async () => {
    const folder = newFolder();
    const port = String(await freePort());
    const first = await startDemo({ folder, args: ['--port', port] });
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

  test('without --port it takes the next free one', async () => {
    const taken = createServer();
    // When 8787 is taken already, by whomever, the test holds all the same.
    await new Promise<void>((resolve) => {
      taken.once('error', () => resolve());
      taken.listen(8787, '127.0.0.1', () => resolve());
    });
    try {
      const demo = await startDemo({ folder: newFolder() });
      const port = Number(new URL(demo.chatUrl).port);
      expect(port).toBeGreaterThan(8787);
      expect(port).toBeLessThan(8837);
    } finally {
      taken.close();
    }
  });

  test.each([
    {
      args: ['--speed', 'fast'],
      says: '--speed is "fast"; it must be a whole number from 1 to 3600.',
    },
    {
      args: ['--port', '70000'],
      says: '--port is "70000"; it must be a whole number from 1 to 65535.',
    },
    { args: ['--for', '60'], says: '--for is "60"; it must be a time such as 60s, 5m or 1h.' },
    {
      args: ['--open', 'BTC-long'],
      says: '--open has "BTC-long"; each part must be SYMBOL:long or SYMBOL:short',
    },
    {
      args: ['--from', 'yesterday'],
      says: '--from is "yesterday"; it must be a time in UTC such as',
    },
    { args: ['--turbo'], says: "Unknown option '--turbo'" },
    { args: ['--replay', '/nowhere/at/all'], says: '/nowhere/at/all' },
    {
      args: ['--open', 'NOSUCHUSDT:long'],
      says: '--open names NOSUCHUSDT, which this market does not have.',
    },
  ])(
    '$args is refused with what is allowed, exit code 1 and no stack trace',
    async ({ args, says }) => {
      const folder = newFolder();
      const { code, output } = await runToEnd(startProgram({ folder, args: ['demo', ...args] }));
      expect(output).toContain(says);
      expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
      expect(code).toBe(1);
      await nothingLeft(folder);
    },
  );
});

describe('the settings', () => {
  test('a wrong .env names every problem at once, exits 1 and starts nothing', async () => {
    const folder = newFolder();
    const secret = 'hunter2-not-a-token';
    writeFileSync(
      join(folder, '.env'),
      `VIGIL_MODE=paperr\nTELEGRAM_BOT_TOKEN=${secret}\nVIGIL_ROLES=bot,cook\nQUICKCHART_URL=https://quickchart.io\nVIGIL_LOG_LEVEL=loud\n`,
    );
    const { code, output } = await runToEnd(startProgram({ folder, cwd: folder }));
    expect(code).toBe(1);
    expect(output).toContain('The settings are not usable:');
    expect(output).toContain('VIGIL_MODE must be one of demo, paper, watch, live (it is "paperr")');
    expect(output).toContain('TELEGRAM_BOT_TOKEN must look like');
    expect(output).toContain('VIGIL_ROLES must be a list of bot, worker, stream, watchdog');
    expect(output).toContain('QUICKCHART_URL must be a server of your own');
    expect(output).toContain('VIGIL_LOG_LEVEL must be one of debug, info, warn, error, silent');
    expect(output).not.toContain(secret);
    expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(existsSync(join(folder, 'redis'))).toBe(false);
  });

  test('live mode without keys says what is missing', async () => {
    const { code, output } = await runToEnd(
      startProgram({ folder: newFolder(), env: { VIGIL_MODE: 'live' } }),
    );
    expect(code).toBe(1);
    expect(output).toContain('VIGIL_MODE "live" needs BITUNIX_API_KEY and BITUNIX_SECRET_KEY');
    expect(output).toContain('needs TELEGRAM_BOT_TOKEN');
  });

  test('a Redis that does not answer is named with what to do, without its password', async () => {
    const port = await freePort();
    const env = { REDIS_URL: `redis://me:s3cret-word@127.0.0.1:${port}` };
    const { code, output } = await runToEnd(
      startProgram({ folder: newFolder(), args: ['demo'], env }),
    );
    expect(code).toBe(1);
    expect(output).toContain(`REDIS_URL names redis://127.0.0.1:${port}, which does not answer`);
    expect(output).toContain('Start that Redis, correct REDIS_URL, or unset it');
    expect(output).not.toContain('s3cret-word');
  });

  test('a word that is no command is refused', async () => {
    const { code, output } = await runToEnd(startProgram({ folder: newFolder(), args: ['demmo'] }));
    expect(code).toBe(1);
    expect(output).toContain('"demmo" is not a command. Use `npm run demo` or `npm start`.');
  });
});

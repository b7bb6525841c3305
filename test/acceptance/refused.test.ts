/** What cannot be started: said in the terminal with what is allowed, exit code 1, and nothing is left on the machine. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  cleanUp,
  freePort,
  newFolder,
  nothingLeft,
  runToEnd,
  startProgram,
} from './demo-process.ts';

afterEach(cleanUp);

describe('the demo', () => {
  // Every other option is tried where they are read.
  test.each([
    {
      args: ['--speed', 'fast'],
      says: '--speed is "fast"; it must be a whole number from 1 to 3600.',
    },
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
    expect(output).toContain(
      '"demmo" is not a command. Use `npm run demo`, `npm start`, `npm run backup`, `npm run restore`, `npm run owner` or `npm run why`.',
    );
  });
});

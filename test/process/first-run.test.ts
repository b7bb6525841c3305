/** What the first start asks at a terminal, and the settings that come of the answers. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { isFirstRun, writeSettings } from '../../src/process/console/at-terminal.ts';
import { askSettings, envText, type Checks } from '../../src/process/console/first-run.ts';

const TOKEN = '123456789:AAEabcdefghijklmnopqrstuv';
const WELL: Checks = {
  bot: async () => 'It is @my_bot.',
  keys: async () => 'The account can be read.',
};

/** Somebody who types these lines and nothing more. */
async function typed(lines: readonly string[], checks: Checks = WELL) {
  const said: string[] = [];
  const hiddenAt: string[] = [];
  const left = [...lines];
  const console = {
    ask: async (question: string, options?: { readonly hidden: boolean }) => {
      said.push(question);
      if (options?.hidden === true) hiddenAt.push(question);
      const line = left.shift();
      if (line === undefined) throw new Error(`asked for more: ${question}`);
      return line;
    },
    say: (line: string) => void said.push(line),
  };
  const answers = await askSettings(console, checks);
  return { answers, said: said.join('\n'), hiddenAt, left };
}

describe('the answers', () => {
  it('Enter is the demo, and nothing more is asked', async () => {
    const { answers } = await typed(['']);
    expect(answers).toEqual({ VIGIL_MODE: 'demo' });
  });

  it('paper takes a bot, or the built-in chat with Enter', async () => {
    expect((await typed(['2', ''])).answers).toEqual({ VIGIL_MODE: 'paper' });
    const { answers, said } = await typed(['paper', TOKEN]);
    expect(answers).toEqual({ VIGIL_MODE: 'paper', TELEGRAM_BOT_TOKEN: TOKEN });
    expect(said).toContain('It is @my_bot.');
  });

  it.each(['watch', 'live'])(
    "%s needs a bot, keys that can be read with, and the owner's word",
    async (mode) => {
      const { answers, said, hiddenAt } = await typed([
        'what?',
        mode,
        '',
        'no token',
        TOKEN,
        'key1',
        'secret1',
        'yes',
        'it cannot withdraw',
      ]);
      expect(answers).toEqual({
        VIGIL_MODE: mode,
        TELEGRAM_BOT_TOKEN: TOKEN,
        BITUNIX_API_KEY: 'key1',
        BITUNIX_SECRET_KEY: 'secret1',
      });
      expect(said).toContain('Bind it to the address of this machine');
      expect(said).toContain('Type a number from 1 to 4');
      expect(said).not.toContain('secret1');
      expect(hiddenAt).toContain('Bot token: ');
      expect(hiddenAt).toContain('Its secret: ');
      expect(readConfig(answers).mode).toBe(mode);
    },
  );

  it('what does not work is said and asked again', async () => {
    let tries = 0;
    const second = <T>(found: T, why: string): Promise<T> => {
      tries += 1;
      return tries % 2 === 1 ? Promise.reject(new Error(why)) : Promise.resolve(found);
    };
    const checks: Checks = {
      bot: () => second('It is @my_bot.', 'Telegram does not know this token'),
      keys: () => second('Read.', 'the exchange refuses the key'),
    };
    const lines = ['3', TOKEN, TOKEN, 'key1', 'wrong', 'secret1', "it can't withdraw."];
    const { answers, said } = await typed(lines, checks);
    expect(said).toContain('That does not work: Telegram does not know this token.');
    expect(said).toContain('That does not work: the exchange refuses the key.');
    expect(answers['BITUNIX_SECRET_KEY']).toBe('secret1');
  });
});

describe('the file', () => {
  it('reads back exactly, for its owner alone, and never takes the place of another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vigil-first-'));
    const file = join(folder, '.env');
    const answers = {
      VIGIL_MODE: 'live',
      BITUNIX_API_KEY: 'a#b $c"d',
      BITUNIX_SECRET_KEY: "it's=1",
    };
    try {
      await writeSettings(file, answers);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(parseEnv(envText(answers))).toEqual(answers);
      await expect(writeSettings(file, answers)).rejects.toThrow('EEXIST');
      await writeFile(file, '');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

it('is asked at a terminal alone, and only where nothing is configured', () => {
  const at = (stdin: boolean, stdout: boolean) =>
    ({ stdin: { isTTY: stdin }, stdout: { isTTY: stdout } }) as Parameters<typeof isFirstRun>[1];
  expect(isFirstRun({ PATH: '/bin' }, at(true, true))).toBe(true);
  expect(isFirstRun({}, at(false, true))).toBe(false);
  expect(isFirstRun({}, at(true, false))).toBe(false);
  expect(isFirstRun({ VIGIL_LOG_LEVEL: 'warn' }, at(true, true))).toBe(false);
});

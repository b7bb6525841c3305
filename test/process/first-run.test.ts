/** What the first start asks at a terminal, and the settings that come of the answers. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createChecks, isFirstRun, writeSettings } from '../../src/process/console/at-terminal.ts';
import { startChat, type Chat } from '../../src/simulator/chat/chat.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import { freePort } from '../acceptance/demo-process.ts';
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
      expect(said.includes('may also trade shows at the first order')).toBe(mode === 'live');
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

describe('what is tried, over the network', () => {
  const keys = { apiKey: 'keyOfATrial', secretKey: 'secretOfATrial' };
  const reading = { apiKey: 'keyThatReads', secretKey: 'secretThatReads' };
  let chat: Chat;
  let venue: Venue;
  let checks: Checks;
  beforeAll(async () => {
    chat = await startChat({ token: TOKEN });
    venue = await startVenue({
      market: { kind: 'generated', seed: 5, symbols: 3, from: Date.now() },
      speed: 1,
      accounts: [
        { ...keys, balance: '5000' },
        { ...reading, balance: '70', readOnly: true },
      ],
      open: [{ symbol: 'BTCUSDT', side: 'LONG', notional: '500', leverage: 5 }],
    });
    checks = createChecks({ TELEGRAM_API_ROOT: chat.apiRoot, BITUNIX_URL: venue.url });
  });
  afterAll(async () => {
    await venue.stop();
    await chat.stop();
  });

  it('the bot is named, and a token of nobody is told apart from a network that is away', async () => {
    expect(await checks.bot(TOKEN)).toMatch(/^It is @\w+\.$/);
    const stranger = checks.bot(TOKEN.replace('AAE', 'AAF'));
    await expect(stranger).rejects.toThrow(/^Telegram does not know this token$/);
    const away = createChecks({ TELEGRAM_API_ROOT: `http://127.0.0.1:${await freePort()}` });
    const gone = away.bot(TOKEN);
    await expect(gone).rejects.toThrow(/^Telegram cannot be reached \(ECONNREFUSED\)$/);
  });

  it('an account is read with its positions, with a key that may only read too, and when it is empty', async () => {
    expect(await checks.keys(keys)).toMatch(
      /^The account can be read: equity [\d,.]+ USDT, 1 position is open\.$/,
    );
    expect(await checks.keys(reading)).toBe(
      'The account can be read: equity 70.00 USDT, no position is open.',
    );
  });

  it.each([
    ['another secret', { ...keys, secretKey: 'secretOfAnother' }, 'wrong secret key'],
    ['no such key', { ...keys, apiKey: 'keyOfNobody' }, 'key'],
  ])('%s is named, and neither is in the error', async (_what, typed, cause) => {
    const error: unknown = await checks.keys(typed).catch((reason: unknown) => reason);
    const { message } = error as Error;
    expect(message).toContain(cause);
    expect(message).not.toContain(typed.secretKey);
    expect(message).not.toContain(typed.apiKey);
    expect(message).not.toMatch(/\.$/);
  });

  it('an exchange that is away is named', async () => {
    const away = createChecks({ BITUNIX_URL: `http://127.0.0.1:${await freePort()}` });
    const error: unknown = await away.keys(keys).catch((reason: unknown) => reason);
    expect((error as Error).message).toMatch(/reach|network|answer/i);
    expect((error as Error).message).not.toContain(keys.secretKey);
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
      expect(await readdir(folder)).toEqual(['.env']);
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
  const addresses = { BITUNIX_URL: 'http://x', TELEGRAM_API_ROOT: 'http://y' };
  expect(isFirstRun(addresses, at(true, true))).toBe(true);
  expect(isFirstRun({ VIGIL_LOG_LEVEL: 'warn' }, at(true, true))).toBe(false);
});

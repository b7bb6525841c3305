/** The first start as a person has it: at a terminal, with a bot and an exchange that answer, and what is left behind afterwards. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, onTestFailed, test } from 'vitest';
import { startChat, type Chat } from '../../src/simulator/chat/chat.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import { VIGIL } from '../programs.ts';
import { cleanUp, freePort, newFolder, nothingLeft } from './demo-process.ts';
import { until } from './wait.ts';

const TOKEN = '7000000002:AAE-token-of-the-first-start';
const OTHER_TOKEN = '7000000002:AAE-token-of-somebody-else';
const [KEY, SECRET, WRONG_SECRET] = ['keyOfTheFirstStart', 'secretWord1', 'wrongWord2'];
const SECRETS = [TOKEN, OTHER_TOKEN, SECRET, WRONG_SECRET];
const [CTRL_C, ARROW_UP] = ['\u0003', '\u001B[A'];

let chat: Chat;
let venue: Venue;

beforeEach(async () => {
  chat = await startChat({ token: TOKEN });
  venue = await startVenue({
    market: { kind: 'generated', seed: 5, symbols: 3, from: Date.now() },
    speed: 1,
    accounts: [{ apiKey: KEY, secretKey: SECRET, balance: '5000' }],
  });
});
afterEach(async () => {
  await cleanUp();
  await venue.stop();
  await chat.stop();
});

interface Terminal {
  screen(): string;
  /** Types once that is the last thing on the screen. */
  at(asked: string, keys: string): Promise<void>;
  shows(words: string): Promise<unknown>;
  readonly exit: Promise<number | null>;
}

/** `npm start` in an empty folder at a pseudo-terminal, as util-linux's `script` makes one. */
function startAtTerminal(cwd: string, addresses: Readonly<Record<string, string>>): Terminal {
  const { PATH, HOME } = process.env;
  const command = [process.execPath, ...VIGIL].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qefc', `exec ${command}`, '/dev/null'], {
    cwd,
    // By its folder in there it is found and ended afterwards.
    env: { PATH, HOME, TERM: 'xterm', PWD: cwd, ...addresses },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  let read = 0;
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const exit = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  onTestFailed(() => console.error(text));
  const shows = (words: string): Promise<unknown> =>
    until(() => text.includes(words, read) || undefined, {
      says: () => `"${words}" on the screen:\n${text}`,
    });
  return {
    screen: () => text,
    shows,
    exit,
    at: async (asked, keys) => {
      await shows(asked);
      read = text.length;
      child.stdin.write(keys);
    },
  };
}

test('what works is written for its owner alone and started with; what does not is said; no secret is seen', async () => {
  const folder = newFolder();
  const terminal = startAtTerminal(folder, {
    TELEGRAM_API_ROOT: chat.apiRoot,
    BITUNIX_URL: venue.url,
  });
  await terminal.at('Which one, 1 to 4? ', 'watch\r');
  await terminal.at('Bot token: ', `${OTHER_TOKEN}\r`);
  await terminal.shows('That does not work: Telegram does not know this token.');
  await terminal.at('Bot token: ', `${TOKEN}\r`);
  await terminal.shows('It is @');
  // Both lines at once, as from a password manager.
  await terminal.at('API key: ', `${KEY}\r${WRONG_SECRET}\r`);
  await terminal.shows('That does not work: ');
  await terminal.shows('wrong secret key');
  await terminal.at('Its secret: ', `${SECRET}\r`);
  await terminal.shows('The account can be read: equity 5,000.00 USDT, no position is open.');
  expect(existsSync(join(folder, '.env'))).toBe(false);
  await terminal.at('if you made sure of that: ', `${ARROW_UP}${ARROW_UP}\r`);
  await terminal.shows('Not typed.');
  await terminal.at('if you made sure of that: ', 'it cannot withdraw\r');
  await terminal.shows('Written to .env, readable for you alone.');
  await terminal.shows('Vigil keeps watch (watch).');
  await terminal.at('To become the owner', CTRL_C);
  expect(await terminal.exit, terminal.screen()).toBe(0);
  await nothingLeft(folder);

  expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  expect(parseEnv(readFileSync(join(folder, '.env'), 'utf8'))).toEqual({
    VIGIL_MODE: 'watch',
    TELEGRAM_BOT_TOKEN: TOKEN,
    BITUNIX_API_KEY: KEY,
    BITUNIX_SECRET_KEY: SECRET,
  });
  for (const secret of SECRETS) expect(terminal.screen()).not.toContain(secret);
  expect(terminal.screen()).not.toMatch(/^\s+at .*:\d+:\d+/m);
});

test('without a network each check says so and asks again; Ctrl-C leaves nothing behind', async () => {
  const folder = newFolder();
  const terminal = startAtTerminal(folder, {
    TELEGRAM_API_ROOT: `http://127.0.0.1:${await freePort()}`,
    BITUNIX_URL: venue.url,
  });
  await terminal.at('Which one, 1 to 4? ', '4\r');
  await terminal.at('Bot token: ', `${TOKEN}\r`);
  await terminal.shows('That does not work: Telegram cannot be reached (ECONNREFUSED).');
  await terminal.at('Bot token: ', CTRL_C);
  await terminal.shows('Nothing was written.');
  expect(await terminal.exit).toBe(130);
  expect(readdirSync(folder)).toEqual([]);
  expect(terminal.screen()).not.toContain(TOKEN);
});

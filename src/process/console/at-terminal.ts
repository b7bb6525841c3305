/** The first start at a terminal: asks, tries what was typed, and writes .env for nobody else to read. */
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Api } from 'grammy';
import { usdText } from '../../domain/money/money.ts';
import { equityOf } from '../../domain/account.ts';
import { readConfig, SETTINGS } from '../../config.ts';
import { createBitunix } from '../../exchange/bitunix/bitunix.ts';
import { messageOf } from '../../app/reading/reading.ts';
import { classifyFailure } from '../../bot/delivery/telegram-failure.ts';
import { wallClock } from '../venue-clock.ts';
import { askSettings, envText, type Checks, type Console } from './first-run.ts';

/** Whether none of the settings is there and somebody sits at a terminal. */
export const isFirstRun = (
  environment: Readonly<Record<string, string | undefined>>,
  { stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>,
): boolean =>
  stdin.isTTY &&
  stdout.isTTY &&
  SETTINGS.every(({ name }) => (environment[name]?.trim() ?? '') === '');

/** Asks at this terminal and writes the file, which must not be there yet. */
export async function setUpAtTerminal(file: string): Promise<void> {
  const terminal = openTerminal();
  try {
    const answers = await askSettings(terminal, CHECKS);
    await writeSettings(file, answers);
    terminal.say(`Written to ${file}, readable for you alone. To be asked again, remove it.`);
  } finally {
    terminal.close();
  }
}

/** Readable for its owner alone. Rejects where there is one already. */
export const writeSettings = (
  file: string,
  answers: Readonly<Record<string, string>>,
): Promise<void> => writeFile(file, envText(answers), { mode: 0o600, flag: 'wx' });

function openTerminal(): Console & { close(): void } {
  let hidden = false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!hidden) process.stdout.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const leave = (): never => {
    process.stdout.write('\nNothing was written.\n');
    process.exit(130);
  };
  // Ctrl-C and Ctrl-D.
  lines.on('close', leave);
  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    ask: async (question, options) => {
      const typed = lines.question(question);
      // From here on: the question itself is seen.
      hidden = options?.hidden === true;
      const text = await typed;
      if (hidden) process.stdout.write('\n');
      hidden = false;
      return text;
    },
    close: () => {
      lines.off('close', leave);
      lines.close();
    },
  };
}

const CHECKS: Checks = {
  bot: async (token) => {
    const me = await new Api(token).getMe().catch((error: unknown) => {
      const { kind, text } = classifyFailure(error);
      throw new Error(kind === 'blocked' ? 'Telegram does not know this token' : text);
    });
    return `It is @${me.username}.`;
  },
  keys: async (keys) => {
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const { exchangeUrl: url } = readConfig({});
    const bitunix = createBitunix({ url, ...keys, clock: wallClock, log, trading: false });
    try {
      const account = await bitunix.account?.account();
      if (account === undefined) throw new Error('the account cannot be read');
      return `The account can be read: equity ${usdText(equityOf(account))}.`;
    } catch (error) {
      throw new Error(messageOf(error), { cause: error });
    } finally {
      await bitunix.close();
    }
  },
};

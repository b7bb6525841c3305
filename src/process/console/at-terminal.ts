/** The first start at a terminal: asks, tries what was typed, and writes .env for nobody else to read. */
import { link, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
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
import { countText } from '../../domain/words/words.ts';

/** Seconds until Telegram counts as out of reach. */
const TRIED_S = 15;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the bot and the exchange are; whoever sets these alone has configured nothing yet. */
const ADDRESSES: readonly string[] = ['TELEGRAM_API_ROOT', 'BITUNIX_URL'];

/** Whether no setting but those addresses is there and somebody sits at a terminal. */
export const isFirstRun = (
  environment: Environment,
  { stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>,
): boolean =>
  stdin.isTTY &&
  stdout.isTTY &&
  SETTINGS.every(
    ({ name }) => ADDRESSES.includes(name) || (environment[name]?.trim() ?? '') === '',
  );

/** Asks at this terminal and writes the file, which must not be there yet. */
export async function setUpAtTerminal(file: string, environment: Environment): Promise<void> {
  const terminal = openTerminal();
  try {
    const answers = await askSettings(terminal, createChecks(environment));
    await writeSettings(file, answers);
    terminal.say(`Written to ${file}, readable for you alone. To be asked again, remove it.`);
  } finally {
    terminal.close();
  }
}

/** Readable for its owner alone, and whole or not there. Rejects where there is one already. */
export async function writeSettings(
  file: string,
  answers: Readonly<Record<string, string>>,
): Promise<void> {
  const part = `${file}.part`;
  await rm(part, { force: true });
  try {
    await writeFile(part, envText(answers), { mode: 0o600, flag: 'wx' });
    await link(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

/** Lines that are typed before they are asked for are kept for the next question; only what answers an open one is shown. */
function openTerminal(): Console & { close(): void } {
  let shown = false;
  const typed: string[] = [];
  let waiting: ((line: string) => void) | undefined;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (shown) process.stdout.write(chunk);
      done();
    },
  });
  // Without a history: the arrow up would show a secret.
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  lines.on('line', (line) => {
    // At once: the rest of what was pasted may be a secret.
    shown = false;
    if (waiting === undefined) typed.push(line);
    else waiting(line);
    waiting = undefined;
  });
  const leave = (): never => {
    process.stdout.write('\nNothing was written.\n');
    process.exit(130);
  };
  // Ctrl-C and Ctrl-D.
  lines.on('close', leave);
  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    ask: async (question, { hidden } = { hidden: false }) => {
      const early = typed.shift();
      if (early !== undefined) {
        process.stdout.write(`${question}${hidden ? '' : early}\n`);
        return early;
      }
      lines.setPrompt(question);
      shown = true;
      lines.prompt();
      shown = !hidden;
      const answer = await new Promise<string>((resolve) => {
        waiting = resolve;
      });
      if (hidden) process.stdout.write('\n');
      return answer;
    },
    close: () => {
      lines.off('close', leave);
      lines.close();
    },
  };
}

/** Tries at the addresses of these settings, or at the usual ones. Errors hold neither token nor secret. */
export function createChecks(environment: Environment): Checks {
  const set = Object.fromEntries(ADDRESSES.map((name) => [name, environment[name]]));
  const { exchangeUrl: url, telegramApiRoot: apiRoot } = readConfig(set);
  return {
    bot: async (token) => {
      const client = { timeoutSeconds: TRIED_S, ...(apiRoot === undefined ? {} : { apiRoot }) };
      const me = await new Api(token, client).getMe().catch((error: unknown) => {
        const { kind, text } = classifyFailure(error);
        throw new Error(kind === 'blocked' ? 'Telegram does not know this token' : text);
      });
      return `It is @${me.username}.`;
    },
    keys: async (keys) => {
      const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
      const bitunix = createBitunix({ url, ...keys, clock: wallClock, log, trading: false });
      try {
        const account = await bitunix.account?.account();
        const positions = await bitunix.account?.positions();
        if (account === undefined || positions === undefined)
          throw new Error('the account cannot be read');
        return `The account can be read: equity ${usdText(equityOf(account))}, ${openText(positions.length)}.`;
      } catch (error) {
        throw new Error(messageOf(error), { cause: error });
      } finally {
        await bitunix.close();
      }
    },
  };
}

function openText(count: number): string {
  if (count === 0) return 'no position is open';
  return `${countText(count, 'position is', 'positions are')} open`;
}

/** Paper mode: real prices, a simulated account. Vigil talks to a venue of its own as it does in the demo, in real time. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { choosePort } from '../demo/state.ts';
import { askHost, startChild, stopChild, type HostReady } from '../process/child-process.ts';
import { createLog } from '../process/log.ts';
import { pairingLine } from '../process/pairing-line.ts';
import type { PaperOptions } from './worker.ts';
import { runVigil, type Running } from '../process/run.ts';
import { startRedis } from '../process/redis/server.ts';
import type { RunConfig } from '../process/wiring.ts';

const PAPER_ACCOUNT = { apiKey: 'paper-key', secretKey: 'paper-secret', balance: '10000' };
const STOP_MS = 5_000;

export interface PaperSurroundings {
  readonly config: Config;
  readonly say: (line: string) => void;
  /** Resolves when the person wants to stop. */
  readonly interrupted: Promise<void>;
}

/** Runs paper mode until it is interrupted. Throws an Error with a plain message, such as when there is no network. */
export async function runPaper({ config, say, interrupted }: PaperSurroundings): Promise<void> {
  const folder = resolve(config.dataDir, 'paper');
  await mkdir(folder, { recursive: true });
  const logFile = join(folder, 'vigil.log');
  const child = startChild(new URL('./worker.ts', import.meta.url));
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
  let running: Running | undefined;
  try {
    const venue = await askHost(
      child,
      await optionsOf(config, folder, logFile),
      'The paper account',
    );
    redis = await startRedis({
      url: config.redisUrl,
      dir: join(folder, 'redis'),
      persist: true,
      cacheDir: '.cache',
      log: { info: say, warn: say },
    });
    redis.onRestart((sentence) => running?.tell(`⚠️ ${sentence}`));
    const given = redis.lost.then((reason) => {
      throw new Error(reason);
    });
    given.catch(() => undefined);
    const log = createLog({ level: config.logLevel, file: logFile });
    const at = { venue, folder, redisUrl: redis.url, logFile };
    running = await runVigil(runConfig(config, at), log, say);
    greet(say, { config, venue, running });
    await Promise.race([interrupted, given]);
  } finally {
    await running?.stop();
    await stopChild(child, STOP_MS);
    await redis?.stop();
  }
}

async function optionsOf(config: Config, folder: string, logFile: string): Promise<PaperOptions> {
  const chat =
    config.telegramToken === undefined
      ? { chat: { port: await choosePort(undefined), persistFile: join(folder, 'chat.json') } }
      : {};
  return {
    marketUrl: config.exchangeUrl,
    accounts: [PAPER_ACCOUNT],
    persistFile: join(folder, 'venue.json'),
    logLevel: config.logLevel,
    logFile,
    ...chat,
  };
}

function runConfig(
  config: Config,
  at: { venue: HostReady; folder: string; redisUrl: string; logFile: string },
): RunConfig {
  const { venue } = at;
  return {
    ...config,
    mode: 'paper',
    telegramToken: config.telegramToken ?? venue.token ?? '',
    ...(venue.apiRoot === undefined ? {} : { telegramApiRoot: venue.apiRoot }),
    apiKey: PAPER_ACCOUNT.apiKey,
    secretKey: PAPER_ACCOUNT.secretKey,
    exchangeUrl: venue.venueUrl,
    simControlUrl: venue.controlUrl,
    redisUrl: at.redisUrl,
    account: `paper-${config.account}`,
    dataDir: at.folder,
    logFile: at.logFile,
  };
}

function greet(
  say: (line: string) => void,
  about: { config: Config; venue: HostReady; running: Running },
): void {
  const { config, venue, running } = about;
  say(
    `Vigil on paper: prices of ${new URL(config.exchangeUrl).host}, simulated account. No money moves.`,
  );
  if (venue.chatUrl !== undefined) say(`Chat:    ${venue.chatUrl}`);
  say(`Control: ${venue.controlUrl}`);
  if (running.pairingCode !== undefined) {
    say(pairingLine(running.pairingCode));
  }
  say('Ctrl-C ends it; the account is kept.');
}

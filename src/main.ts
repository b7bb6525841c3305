/** Vigil: `main.ts demo [options]` runs the demo; without a command it runs with the settings of the environment. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from './app/reading/reading.ts';
import { readConfig, type Config } from './config.ts';
import { DEMO_COMMAND, parseDemoArguments } from './demo/arguments.ts';
import { createLog } from './process/log.ts';
import { pairingLine } from './process/pairing-line.ts';
import type { Running } from './process/run.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function start(config: Config): Promise<void> {
  const { runVigil } = await import('./process/run.ts');
  const { startRedis } = await import('./process/redis/server.ts');
  const log = createLog({ level: config.logLevel });
  const redis = await startRedis({
    url: config.redisUrl,
    dir: join(config.dataDir, 'redis'),
    persist: true,
    cacheDir: '.cache',
    log,
  });
  const ended = interrupted().then(() => 'ended' as const);
  const given = redis.lost.then((reason) => ({ reason }));
  let running: Running | undefined;
  redis.onRestart((sentence) => running?.tell(`⚠️ ${sentence}`));
  try {
    // Waits in here as a stand-by while another process leads.
    const started = runVigil({ ...config, redisUrl: redis.url }, log, say);
    const came = await Promise.race([started, ended, given]);
    if (came === 'ended') return;
    if ('reason' in came) throw new Error(came.reason);
    running = came;
    say(`Vigil keeps watch (${config.mode}).`);
    if (running.pairingCode !== undefined) {
      say(pairingLine(running.pairingCode));
    }
    if (running.owner !== undefined) say(`Its owner is Telegram user ${running.owner}.`);
    const end = await Promise.race([ended, given]);
    const reason = end === 'ended' ? undefined : end.reason;
    await running.stop(reason);
    if (reason !== undefined) throw new Error(reason);
  } finally {
    await redis.stop();
  }
}

async function watchFromOutside(config: Config): Promise<void> {
  const { startSentinel } = await import('./process/sentinel/sentinel.ts');
  const { telegramToken = '', heartbeatUrl = '', owner = 0 } = config;
  const log = createLog({ level: config.logLevel });
  const ended = interrupted();
  const sentinel = await startSentinel({ ...config, telegramToken, heartbeatUrl, owner }, { log });
  say('The sentinel listens for Vigil.');
  await ended;
  await sentinel.stop();
}

function refused(error: unknown): never {
  process.stderr.write(`The settings could not be written: ${messageOf(error)}\n`);
  process.exit(1);
}

/** Whether somebody has asked for the end: what a start that was cut off says then is no news. */
let asked = false;

/** Resolves at the first Ctrl-C or termination. */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        asked = true;
        resolve();
      });
    }
  });

const [command, ...rest] = process.argv.slice(2);
if (command === undefined && !existsSync('.env')) {
  const { isFirstRun, setUpAtTerminal } = await import('./process/console/at-terminal.ts');
  if (isFirstRun(process.env, process)) {
    await setUpAtTerminal('.env', process.env).catch(refused);
  }
}
if (existsSync('.env')) process.loadEnvFile('.env');
try {
  const config = readConfig(process.env);
  if (command === 'demo' && rest.includes('--help')) say(DEMO_COMMAND.usage);
  else if (command === 'demo' || (command === undefined && config.mode === 'demo')) {
    // Loaded when it is needed, so that the demo's processes start side by side.
    const { runDemo } = await import('./demo/demo.ts');
    process.exitCode = await runDemo(parseDemoArguments(rest), {
      config,
      say,
      interrupted: interrupted(),
    });
  } else if (command === undefined && config.mode === 'paper') {
    const { runPaper } = await import('./paper/paper.ts');
    await runPaper({ config, say, interrupted: interrupted() });
  } else if (command === undefined && config.roles.includes('sentinel')) {
    await watchFromOutside(config);
  } else if (command === undefined) await start(config);
  else if (command === 'backup' || command === 'restore') {
    const { runBackup, runRestore } = await import('./process/backup/commands.ts');
    const run = command === 'backup' ? runBackup : runRestore;
    await run(rest, { config, say });
  } else if (command === 'owner') {
    const { runOwner } = await import('./process/console/owner.ts');
    await runOwner(rest, { config, say });
  } else if (command === 'why') {
    const { runWhy } = await import('./process/console/why.ts');
    process.exitCode = await runWhy(rest, { config, say });
  } else
    throw new Error(
      `"${command}" is not a command. Use \`npm run demo\`, \`npm start\`, \`npm run backup\`, \`npm run restore\`, \`npm run owner\` or \`npm run why\`.`,
    );
} catch (error) {
  if (!asked) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
process.exit();

/** The demo: a venue simulator and a chat emulator beside Vigil, so that everything works without keys and without a network. */
import { join, resolve } from 'node:path';
import { messageOf } from '../app/reading/reading.ts';
import type { Config } from '../config.ts';
import type { DemoArguments } from './arguments.ts';
import { answerEveryCommand } from './smoke.ts';
import { jumpMarket } from './jump.ts';
import { sinceHeard, untilJump } from './until-jump.ts';
import { untilPaired } from './until-paired.ts';
import { openPositionsByHand, refuseUnknownSymbols } from './positions.ts';
import { startDemoSentinel } from './sentinel.ts';
import { choosePort, openDemoState, type DemoState } from './state.ts';
import { askHost, startChild, stopChild, type HostReady } from '../process/child-process.ts';
import { createLog } from '../process/log.ts';
import { pairingLine } from '../process/pairing-line.ts';
import type { Running } from '../process/run.ts';
import type { HostOptions } from '../simulator/host.ts';
import { startRedis } from '../process/redis/server.ts';
import type { RunConfig } from '../process/wiring.ts';

/** A generated market depends on its seed and its start; both are fixed, so that everybody sees the same demo. */
const GENERATED_FROM = Date.UTC(2026, 0, 5, 8);
/** Contracts of the generated market that break down, one every 4 h: the first when the demo starts, so that a newcomer sees a signal at once. */
const FALLERS = 3;
const HOST_STOP_MS = 5_000;
const DEMO_ACCOUNT = { apiKey: 'demo-key', secretKey: 'demo-secret', balance: '10000' };
export interface DemoSurroundings {
  readonly config: Config;
  readonly say: (line: string) => void;
  /** Resolves when the person wants to stop. */
  readonly interrupted: Promise<void>;
}

/** Runs a demo until it is interrupted or its time is over. Returns the exit code. Throws an Error with a plain message. */
export async function runDemo(args: DemoArguments, around: DemoSurroundings): Promise<number> {
  const { config, say } = around;
  const port = await choosePort(args.port);
  const state = await openDemoState(resolve(config.dataDir), port, args);
  const logFile = join(state.folder, 'vigil.log');
  const log = createLog({ level: config.logLevel, file: logFile });
  // The simulator loads in its own process while this one loads the rest.
  const host = startChild(new URL('../simulator/host.ts', import.meta.url));
  const real = config.telegramToken !== undefined;
  const venueReady = askHost(host, hostOptions(args, { state, port, real }), 'The simulator');
  // Awaited below; until then a failure is nobody's.
  venueReady.catch(() => undefined);
  const redis = await startRedis({
    url: config.redisUrl,
    dir: join(state.folder, 'redis'),
    persist: true,
    cacheDir: '.cache',
    log: { info: say, warn: say },
  });
  let over = false;
  let running: Running | undefined;
  let sentinel: Awaited<ReturnType<typeof startDemoSentinel>> | undefined;
  redis.onRestart((sentence) => running?.tell(`⚠️ ${sentence}`));
  const given = redis.lost.then((reason) => {
    throw new Error(reason);
  });
  given.catch(() => undefined);
  try {
    const [venue, { runVigil }] = await Promise.all([venueReady, import('../process/run.ts')]);
    if (!state.continued) await refuseUnknownSymbols(venue.controlUrl, args.open);
    const replayed = args.replay !== undefined;
    const at = { venue, port, state, redisUrl: redis.url, logFile, replayed };
    const run = runConfig(config, at);
    sentinel = args.sentinel ? await startDemoSentinel(run) : undefined;
    const heartbeatUrl = sentinel?.heartbeatUrl ?? run.heartbeatUrl;
    running = await runVigil(heartbeatUrl === undefined ? run : { ...run, heartbeatUrl }, log, say);
    greet(say, { args, state, venue, running });
    if (!state.continued) await openByHand(venue.controlUrl, args, running);
    const about = { controlUrl: venue.controlUrl, speed: args.speed, over: () => over };
    const paired = untilPaired(running.wiring.store, about);
    if (!state.continued && args.replay === undefined) {
      const { wiring } = running;
      const heardAgo = async (): Promise<number> => sinceHeard(wiring.ports);
      void paired
        .then(() => untilJump(heardAgo, () => over))
        .then(async () => (over ? undefined : jumpMarket(venue.controlUrl)))
        .catch((error: unknown) => {
          log.warn('the market did not jump', { reason: messageOf(error) });
        });
    }
    const interrupted = Promise.race([around.interrupted, given]);
    return await untilTheEnd(args, { ...around, interrupted, venue, running });
  } finally {
    over = true;
    await state.finish();
    await running?.stop();
    await sentinel?.stop();
    await stopChild(host, HOST_STOP_MS);
    await redis.stop();
  }
}

/** What the simulator trades in. */
export function marketOf({
  replay,
  from,
  to,
  seed,
}: Pick<DemoArguments, 'replay' | 'from' | 'to' | 'seed'>): HostOptions['venue']['market'] {
  if (replay === undefined) {
    return { kind: 'generated', seed, from: from ?? GENERATED_FROM, fallers: FALLERS };
  }
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return { kind: 'replay', dir: resolve(replay), ...range };
}

function hostOptions(
  args: DemoArguments,
  at: { state: DemoState; port: number; real: boolean },
): HostOptions {
  const { speed } = args;
  return {
    venue: {
      market: marketOf(args),
      speed,
      accounts: [DEMO_ACCOUNT],
      // The window is about networks and clocks of real machines, so it does not shrink when the venue's clock runs faster.
      quirks: { receiveWindowMs: 60_000 * speed },
      persistFile: join(at.state.folder, 'venue.json'),
    },
    ...(at.real
      ? {}
      : { chat: { port: at.port, persistFile: join(at.state.folder, 'chat.json') } }),
  };
}

function runConfig(
  config: Config,
  run: {
    venue: HostReady;
    port: number;
    state: DemoState;
    redisUrl: string;
    logFile: string;
    replayed: boolean;
  },
): RunConfig {
  const { venue } = run;
  return {
    ...config,
    mode: 'demo',
    telegramToken: config.telegramToken ?? venue.token ?? '',
    ...(venue.apiRoot === undefined ? {} : { telegramApiRoot: venue.apiRoot }),
    apiKey: DEMO_ACCOUNT.apiKey,
    secretKey: DEMO_ACCOUNT.secretKey,
    exchangeUrl: venue.venueUrl,
    simControlUrl: venue.controlUrl,
    redisUrl: run.redisUrl,
    account: `demo-${run.port}`,
    dataDir: run.state.folder,
    logFile: run.logFile,
    // A recorded day is shown as it was.
    ...(run.replayed ? {} : { oneCardAtATime: true as const }),
  };
}

function greet(
  say: (line: string) => void,
  about: { args: DemoArguments; state: DemoState; venue: HostReady; running: Running },
): void {
  const { args, state, venue, running } = about;
  say(
    `Vigil demo: simulated account, ${args.speed} times real time. No key, no money, no network.`,
  );
  if (state.continued)
    say('The demo before was cut off; this one goes on where it was. Start anew with --fresh.');
  if (venue.chatUrl !== undefined) say(`Chat:    ${venue.chatUrl}`);
  say(`Control: ${venue.controlUrl} (moves the market)`);
  if (running.pairingCode !== undefined) say(pairingLine(running.pairingCode));
  if (args.sentinel) {
    const { pid } = process;
    say(`Sentinel: freeze Vigil with  kill -STOP ${pid}  and look into the chat within 90 s;`);
    say(`          kill -CONT ${pid}  wakes it.`);
  }
  say('Ctrl-C ends it.');
}

/** Waits for the first account read, so that what is opened now is seen as opened by hand. */
async function openByHand(
  controlUrl: string,
  args: DemoArguments,
  running: Running,
): Promise<void> {
  if (args.open.length === 0) return;
  const { accounts } = running.wiring.store;
  while ((await accounts.snapshot()) === undefined) await new Promise((r) => setTimeout(r, 100));
  await openPositionsByHand(controlUrl, args.open);
}

async function untilTheEnd(
  args: DemoArguments,
  about: DemoSurroundings & { venue: HostReady; running: Running },
): Promise<number> {
  const over =
    args.forMs === undefined
      ? about.interrupted
      : Promise.race([
          about.interrupted,
          new Promise<void>((r) => setTimeout(r, args.forMs).unref()),
        ]);
  if (!args.headless) {
    await over;
    return 0;
  }
  const { chatUrl } = about.venue;
  if (chatUrl === undefined)
    throw new Error('--headless needs the built-in chat: unset TELEGRAM_BOT_TOKEN.');
  const { COMMANDS } = await import('../bot/commands/list.ts');
  const names = COMMANDS.map((each) => each.name);
  const unanswered = await answerEveryCommand(chatUrl, about.running.pairingCode, names);
  about.say(
    unanswered.length === 0
      ? `All ${names.length} commands were answered.`
      : `Not answered: ${unanswered.join(', ')}.`,
  );
  await over;
  return unanswered.length === 0 ? 0 : 1;
}

/** Runs the roles of one process and ends them in order. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bootMode } from '../app/halt/boot-mode.ts';
import type { ChartRenderer } from '../app/ports/chart-renderer.ts';
import type { Log } from '../app/ports/log.ts';
import type { Permission } from '../app/ports/permission.ts';
import { messageOf } from '../app/reading/reading.ts';
import { ACCOUNT_FEED, PRICE_FEED, watchConnection } from '../app/feeds/watch-connection.ts';
import { watchPrices } from '../app/feeds/watch-prices.ts';
import { ageFromNow, askOver } from './ask-permission.ts';
import { createVigilBot, type VigilBot } from '../bot/bot.ts';
import { createQuickChartRenderer } from '../charts/quickchart-renderer.ts';
import { createThreadedRenderer } from '../charts/threaded-renderer.ts';
import type { BitunixPriceStream } from '../exchange/bitunix/streams/price-stream.ts';
import { flawOfPrices, reportStream } from './feed-reports.ts';
import { watchOver } from './pulse/watch-over.ts';
import { storeShelvedHalt } from './halt-shelf.ts';
import { createLease, LEASE_MS } from '../store/lease.ts';
import { checkRedisSafety } from './redis/server.ts';
import { wire, type RunConfig, type Wiring } from './wiring.ts';
import { startWorkerProcess } from './worker-process.ts';

/** How often the bot's lease is renewed. */
const RENEW_MS = 1_500;

export interface Running {
  readonly wiring: Wiring;
  /** The code for the console while nobody is paired. */
  readonly pairingCode: string | undefined;
  /** Resolves when another process has taken over the account: end this one's work, and wait as a stand-by. */
  readonly lost: Promise<void>;
  /** Tells the owner directly, as soon as that is possible; nothing where this process has no bot. */
  tell(sentence: string): void;
  /** `reason`: why it ends without having been asked to, in a sentence for the owner. */
  stop(reason?: string): Promise<void>;
}

/** What ends a part; `reason` as in `stop`. */
type Stop = (reason?: string) => Promise<void> | void;

/** Starts everything that the config's roles ask for. Rejects with a plain message when a start is not safe. */
export async function runVigil(config: RunConfig, log: Log): Promise<Running> {
  const wiring = await wire(config, log);
  const stops: Stop[] = [() => wiring.close()];
  const stop = async (reason?: string): Promise<void> => {
    for (const each of stops.toReversed()) {
      await Promise.resolve(each(reason)).catch((error: unknown) =>
        log.warn('something did not stop cleanly', { reason: messageOf(error) }),
      );
    }
  };
  let lose = (): void => undefined;
  const lost = new Promise<void>((resolve) => (lose = resolve));
  try {
    await preflight(config, wiring, log);
    await bootMode(wiring.ports, await knownBefore(config));
    await storeShelvedHalt(config, wiring.ports);
    await wiring.queues.schedule(wiring.clock.speed);
    // Its process takes a second to load; meanwhile the rest starts.
    const worker = config.roles.includes('worker')
      ? startWorkerProcess(config, { permission: permissionOf(config, wiring), log })
      : undefined;
    if (worker !== undefined) stops.push(worker.stop);
    const bot = config.roles.includes('bot')
      ? await startBot(config, { wiring, log, stops, lose })
      : undefined;
    if (config.roles.includes('stream')) startStreams({ wiring, log, stops, bot });
    let tell: Running['tell'] = () => undefined;
    if (config.roles.includes('watchdog') && bot !== undefined) {
      const watch = await watchOver(config, { wiring, log, bot });
      stops.push(...watch.stops);
      ({ tell } = watch);
    }
    await worker?.ready;
    const paired = await wiring.store.owners.owner();
    const pairingCode =
      paired === undefined && bot !== undefined ? await wiring.store.owners.newCode() : undefined;
    return { wiring, pairingCode, lost, tell, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** This process gives it where it may hear the owner itself; else whoever does is asked through the store. */
function permissionOf(config: RunConfig, { guard, store }: Wiring): Permission {
  const elsewhere = askOver(store.permission);
  if (!config.roles.includes('bot')) return elsewhere;
  return { refusal: () => (guard.leads() ? guard.permission : elsewhere).refusal() };
}

async function preflight(config: RunConfig, wiring: Wiring, log: Log): Promise<void> {
  const findings = await checkRedisSafety(wiring.redis);
  for (const each of findings) log.warn('Redis is not set up to keep everything', { ...each });
  if (config.mode === 'live' && findings.length > 0) {
    const problems = findings.map((each) => each.message).join(' ');
    throw new Error(`Vigil does not run with real money on this Redis. ${problems}`);
  }
}

/** A marker outside Redis: with it, an empty Redis means lost memory and not a first start. */
async function knownBefore(config: RunConfig): Promise<boolean> {
  const marker = join(config.dataDir, `${config.account}.known`);
  if (existsSync(marker)) return true;
  await mkdir(dirname(marker), { recursive: true });
  await writeFile(marker, 'Vigil has run for this account before.\n');
  return false;
}

interface Parts {
  readonly wiring: Wiring;
  readonly log: Log;
  readonly stops: Stop[];
  /** Called when another process has taken over. */
  readonly lose: () => void;
}

async function startBot(config: RunConfig, parts: Parts): Promise<VigilBot> {
  const { wiring, log, stops } = parts;
  const bot = createVigilBot({
    token: config.telegramToken ?? '',
    ...(config.telegramApiRoot === undefined ? {} : { apiRoot: config.telegramApiRoot }),
    ports: wiring.ports,
    owners: wiring.store.owners,
    outbox: wiring.store.outbox,
    charts: openRenderer(config, stops),
    redis: wiring.redis,
    log,
  });
  const leading = await lead(parts, 'bot', bot.start);
  stops.push(leading.stop);
  stops.push(bot.stop);
  // Not before it listens: a halt that waits in the chat is heard first.
  wiring.guard.lead(leading.surely);
  await wiring.store.permission.answerWith(wiring.guard.permission);
  return bot;
}

function openRenderer(config: RunConfig, stops: Parts['stops']): ChartRenderer {
  const url = config.quickChartUrl;
  if (url !== undefined) return createQuickChartRenderer({ url });
  const renderer = createThreadedRenderer();
  stops.push(renderer.close);
  return renderer;
}

interface Leading {
  /** Whether no other process can have taken over meanwhile. */
  surely(): boolean;
  stop(): Promise<void>;
}

/** Waits for the lease, starts, and keeps the lease; so that two processes never both poll Telegram for one account. */
async function lead(
  { wiring, log, lose }: Pick<Parts, 'wiring' | 'log' | 'lose'>,
  role: string,
  start: () => Promise<void>,
): Promise<Leading> {
  const lease = createLease(wiring.redis, wiring.store.keys.lease(role));
  let age = ageFromNow();
  const hold = async (): Promise<boolean> => {
    const asked = ageFromNow();
    const held = await lease.hold();
    age = held ? asked : () => Infinity;
    return held;
  };
  // A store that is away has no lease to give: a stand-by waits, whatever happens.
  while (!(await hold().catch(() => false))) {
    await new Promise((resolve) => setTimeout(resolve, RENEW_MS / 3));
  }
  const timer = setInterval(() => {
    hold().then(
      (held) => {
        if (held) return;
        // Two that speak for one account are worse than one that waits.
        clearInterval(timer);
        log.error('another process has taken over', { role });
        lose();
      },
      // While Redis is away nobody can take the lease.
      () => undefined,
    );
  }, RENEW_MS);
  await start();
  return {
    surely: () => age() < LEASE_MS,
    stop: async () => {
      clearInterval(timer);
      age = () => Infinity;
      await lease.release().catch(() => undefined);
    },
  };
}

function startStreams(parts: Omit<Parts, 'lose'> & { readonly bot: VigilBot | undefined }): void {
  const { wiring, log, stops, bot } = parts;
  const prices = wiring.bitunix.openPriceStream();
  stops.push(prices.close);
  watchConnection(wiring.ports, prices, PRICE_FEED);
  stops.push(beatOfPrices(wiring, prices));
  const flaw = (): string => flawOfPrices(prices);
  stops.push(reportStream(wiring, { feed: PRICE_FEED.name, stream: prices, flaw }));
  const watch = watchPrices(wiring.ports, prices, (alert) => void bot?.sender.sendNow(alert));
  const reload = (): void => {
    watch.reload().catch((error: unknown) => {
      log.warn('stops could not be reloaded', { reason: messageOf(error) });
    });
  };
  wiring.store.accounts.onCommit(reload);
  reload();
  followAccount(parts);
}

const PRICE_PULSE_MS = 2_000;
/** Followed symbols are pushed every second or two. */
const PRICE_SILENCE_MS = 15_000;

/** A stream that says itself that it is lost is told as such; this is for one that says it is live and brings nothing. */
function beatOfPrices({ store }: Wiring, prices: BitunixPriceStream): () => void {
  const timer = setInterval(() => {
    const silent = prices.state() === 'live' && prices.quietSymbols(PRICE_SILENCE_MS).length > 0;
    if (!silent) void store.pulses.beat('prices').catch(() => undefined);
  }, PRICE_PULSE_MS);
  return () => clearInterval(timer);
}

/** Each event of the private stream, and each login, has the account read: the stream has neither a snapshot nor numbers. */
function followAccount({ wiring, log, stops }: Omit<Parts, 'lose'>): void {
  const account = wiring.bitunix.openAccountStream?.();
  if (account === undefined) return;
  stops.push(account.close);
  watchConnection(wiring.ports, account, ACCOUNT_FEED);
  stops.push(reportStream(wiring, { feed: ACCOUNT_FEED.name, stream: account }));
  account.onHint(() => {
    wiring.queues.work.refreshAccount().catch((error: unknown) => {
      log.warn('an account read could not be asked for', { reason: messageOf(error) });
    });
  });
}

import { Api, Bot, GrammyError } from 'grammy';
import type { Redis } from 'ioredis';
import type { AnsweredUpdates } from '../app/ports/answered-updates.ts';
import type { Log } from '../app/ports/log.ts';
import type { OutboxQueue } from '../app/ports/outbox.ts';
import type { OwnerStore } from '../app/ports/owner-store.ts';
import type { ChartRenderer } from '../app/ports/chart-renderer.ts';
import type { Ports } from '../app/ports/ports.ts';
import { createVoice } from '../app/telling/voice.ts';
import { COMMANDS } from './commands/list.ts';
import { withDeadline } from './deadline.ts';
import { createOpenCards } from './dialogues/open-cards.ts';
import { createDigits } from './digits.ts';
import { createFetch, type Held } from './fetch.ts';
import { createBacktestFollower } from './follow-backtest.ts';
import { installHandlers } from './handlers.ts';
import { RunningSender, type OutboxSender } from './delivery/outbox-sender.ts';
import { createOwnerCache, type OwnerCache } from './access/owner-cache.ts';
import { createPairingCodes } from './access/pairing-codes.ts';
import { followUnpairing } from './access/unpairing.ts';
import { noteHearing, startPolling, type Polling } from './polling.ts';
import { answer, reply } from './reply.ts';
import { answerFirst, noteSpending } from './delivery/budget.ts';
import { createSendLane, type SendLane } from './delivery/send-lane.ts';
import type { BotContext, Services } from './services.ts';
import { classifyFailure, safeText } from './delivery/telegram-failure.ts';
import { sendPlain } from './teller.ts';
import { plain } from './views/fit.ts';
import { venueNote } from './views/footer.ts';
import { speakLocally } from './views/local-times.ts';
import { withoutMemoryView } from './views/store-away.ts';

export interface VigilBotOptions {
  readonly token: string;
  /** Where the Bot API is, without a slash at the end; Telegram's own when absent. */
  readonly apiRoot?: string;
  readonly ports: Ports;
  readonly owners: OwnerStore;
  /** What this process knows of the owner; made of the store alone when absent. */
  readonly owner?: OwnerCache;
  /** Puts a pairing code on the console, when the one before is no longer valid. */
  readonly showCode: (code: string) => void;
  /** Which updates were answered before, here or in another process. */
  readonly answered?: AnsweredUpdates;
  readonly outbox: OutboxQueue;
  readonly charts: ChartRenderer;
  /** See `Services`. */
  readonly countFits?: Services['countFits'];
  /** Keeps open dialogues. */
  readonly redis: Redis;
  readonly log: Log;
  /** Whether this process may be heard now; always when absent. */
  readonly held?: Held;
  /** Wall time in milliseconds; the machine's clock when absent. */
  readonly wallNow?: () => number;
  /** A steady clock in milliseconds by which a chat's budget fills; the machine's own when absent. */
  readonly steadyNow?: () => number;
  /** First wait after a failed delivery, in milliseconds; 1000 when absent. */
  readonly retryMs?: number;
  /** So many messages and taps of the owner are worked on in 5 s, the rest is skipped and said so; 20 when absent. */
  readonly perWindow?: number;
}

export interface VigilBot {
  /**
   * Starts sending and listening. Waits for Telegram a few seconds at most and goes on trying behind: an outage of Telegram
   * never stops Vigil. Rejects only when Telegram does not know the token.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly sender: OutboxSender;
  /**
   * A message past the store and the outbox, for warnings that must arrive while the store is down. Rejects with a short reason
   * when it was not sent; while nobody is paired it does nothing.
   */
  tellOwner(text: string, options?: { readonly silent: boolean }): Promise<void>;
  /** When Telegram last answered a request for news, on the steady clock of `performance.now`; undefined before the first. */
  heardAt(): number | undefined;
}

const START_MS = 5_000;
/** What is known of an open card is waited for so long before taps are heard. */
const RESTORE_MS = 1_000;
const SEND_TIMEOUT_S = 12;
/** Longer than a long poll lasts. */
const POLL_TIMEOUT_S = 30;
const OUTBOX_POLL_MS = 1_000;

export function createVigilBot(options: VigilBotOptions): VigilBot {
  const { token, ports, log } = options;
  const safe = (error: unknown): string => safeText(error, token);
  const http = createFetch(options.held);
  const client = {
    fetch: http.fetch,
    ...(options.apiRoot === undefined ? {} : { apiRoot: options.apiRoot }),
  };
  const { owner = createOwnerCache(options.owners) } = options;
  const bot = new Bot<BotContext>(token, { client: { ...client, timeoutSeconds: POLL_TIMEOUT_S } });
  const lane = createSendLane(options.steadyNow ?? (() => performance.now()));
  answerFirst(bot.api, lane);
  const heardAt = noteHearing(bot);
  const direct = new Api(token, { ...client, timeoutSeconds: SEND_TIMEOUT_S });
  noteSpending(direct, lane);
  // Telegram's times are the true ones too, so a machine whose clock is off is set right here as well.
  const wallNow = options.wallNow ?? (() => Date.now() + (ports.clock.offsetMs?.() ?? 0));
  const { charts } = options;
  const voice = createVoice(ports, wallNow);
  const follower = { api: bot.api, ports, charts, voice, log, safe, wallNow };
  const backtests = createBacktestFollower(follower);
  const place = { zone: () => voice.settings().zone, wallNow };
  for (const api of [bot.api, direct]) speakLocally(api, place);
  const cards = createOpenCards({ api: direct, lane, redis: options.redis, token });
  const services: Services = {
    ports,
    voice,
    backtests,
    owner,
    log,
    safe,
    wallNow,
    owners: options.owners,
    codes: createPairingCodes(options.owners, options.showCode),
    ...(options.answered === undefined ? {} : { answered: options.answered }),
    charts,
    ...(options.countFits === undefined ? {} : { countFits: options.countFits }),
    digits: createDigits(ports.market, wallNow),
    cards,
    commands: COMMANDS,
  };
  installHandlers(bot, services, { redis: options.redis, perWindow: options.perWindow ?? 20 });
  catchErrors(bot, services);
  const sender = createSender(options, { api: direct, lane, services });
  const listener = createListener(bot, services);
  const unpairing = followUnpairing(services, direct);
  return {
    sender,
    start: async () => {
      sender.start();
      await restoreCard(services);
      await listener.start();
      unpairing.start();
      backtests.resume().catch((error: unknown) => {
        log.warn('backtests from before the start are not followed', { error: safe(error) });
      });
    },
    stop: async () => {
      backtests.stop();
      cards.stop();
      unpairing.stop();
      await Promise.all([listener.stop(), sender.stop()]);
      await http.close();
    },
    tellOwner: (text, { silent } = { silent: false }) =>
      tellDirectly({ api: direct, lane, services, text, silent }),
    heardAt,
  };
}

/** Taps are heard once it is known which card was open before the start, or that this takes too long to be told. */
async function restoreCard({ owner, cards }: Services): Promise<void> {
  const restored = owner.find().then(async (chat) => {
    if (chat !== undefined) await cards.restore(chat);
  });
  await withDeadline(restored, RESTORE_MS).catch(() => undefined);
}

function createSender(
  { ports, outbox, charts, log, retryMs = 1_000 }: VigilBotOptions,
  {
    api,
    lane,
    services,
  }: { readonly api: Api; readonly lane: SendLane; readonly services: Services },
): RunningSender {
  const { owner, voice, safe } = services;
  return new RunningSender({
    api,
    lane,
    outbox,
    owner,
    voice,
    charts,
    lastReading: () => ports.accounts.snapshot().catch(() => undefined),
    proposals: ports.proposals,
    candles: ports.candles,
    market: ports.market,
    // Asked for each message: a simulator's speed can be changed while it runs.
    get venue() {
      return venueNote({ venueMode: ports.venueMode, speed: ports.clock.speed });
    },
    log,
    safe,
    pollMs: OUTBOX_POLL_MS,
    retryMs,
  });
}

const WENT_WRONG =
  'Something went wrong on my side; nothing was ordered by this message. Please try again, and look at /status.';

/** An error in a handler: logged without secrets, and a plain sentence for the owner alone. */
function catchErrors(bot: Bot<BotContext>, { log, owner, safe, ports }: Services): void {
  bot.catch(async ({ ctx, error }) => {
    log.error('a message could not be handled', { error: safe(error) });
    if (ctx.from === undefined || ctx.from.id !== owner.known()) return;
    const away = ports.storeAway?.();
    try {
      await answer(ctx);
      await reply(ctx, away === undefined ? plain(WENT_WRONG) : withoutMemoryView(away));
    } catch (failure) {
      log.warn('the owner could not be told of an error', { error: safe(failure) });
    }
  });
}

/** Greets Telegram, sets the command menu and polls. */
function createListener(bot: Bot<BotContext>, services: Services) {
  const { log, safe } = services;
  const ended = new AbortController();
  let polling: Polling | undefined;

  async function connect(): Promise<void> {
    // Node's own signal works in place of the package's that grammY's types name.
    await bot.init(ended.signal as Parameters<typeof bot.init>[0]);
    if (ended.signal.aborted) return;
    polling = startPolling(bot, services);
    log.info('the chat is connected', { bot: bot.botInfo.username });
    await bot.api.setMyCommands(
      COMMANDS.map(({ name, description }) => ({ command: name, description })),
    );
  }

  return {
    start: async (): Promise<void> => {
      const connected = connect().catch((error: unknown) => {
        if (error instanceof GrammyError && classifyFailure(error).kind === 'blocked') {
          throw new Error('Telegram does not know this bot token. Check TELEGRAM_BOT_TOKEN.');
        }
        if (!ended.signal.aborted) log.warn('the chat is not fully set up', { error: safe(error) });
      });
      connected.catch((error: unknown) => log.error(safe(error)));
      await withDeadline(connected, START_MS).catch((error: unknown) => {
        if (error instanceof Error && error.message.startsWith('Telegram does not')) throw error;
        log.warn('Telegram does not answer yet; Vigil keeps trying');
      });
    },
    stop: async (): Promise<void> => {
      ended.abort();
      await polling?.stop();
    },
  };
}

async function tellDirectly(call: {
  api: Api;
  lane: SendLane;
  services: Services;
  text: string;
  silent: boolean;
}): Promise<void> {
  const chatId = await call.services.owner.find();
  if (chatId === undefined) return;
  await call.lane.ready(String(chatId), 'urgent');
  await sendPlain(call.api, chatId, call);
}

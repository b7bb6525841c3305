/**
 * Entry of the paper process: BitUnix's public market data in, a simulated account out, and the chat emulator when there is no
 * Telegram bot. It gets its options from the parent, tells it the addresses, and ends when the parent is gone.
 */
import { request } from 'undici';
import { messageOf } from '../app/reading/reading.ts';
import { createBitunix } from '../exchange/bitunix/bitunix.ts';
import { createLog } from '../process/log.ts';
import { openPaperFeed, type PaperFeed } from './feed.ts';
import { startChat, type Chat, type ChatOptions } from '../simulator/chat/chat.ts';
import type { HostReply } from '../simulator/host.ts';
import { startVenue, type Venue, type VenueOptions } from '../simulator/venue/venue.ts';
import { wallClock } from '../process/venue-clock.ts';

/** What the parent sends first. */
export interface PaperOptions {
  /** Where the public market data comes from. */
  readonly marketUrl: string;
  readonly accounts: VenueOptions['accounts'];
  readonly persistFile: string;
  readonly logLevel: Parameters<typeof createLog>[0]['level'];
  readonly logFile: string;
  /** Absent when a real Telegram bot is used. */
  readonly chat?: ChatOptions;
}

const DEADLINE_MS = 5_000;
/** With nothing heard for so long the venue says so, instead of showing old prices as new ones. */
const SILENT_AFTER_MS = 15_000;
const LOOK_MS = 1_000;
const HUSHED_MS = 2_000;

let stop: (() => Promise<unknown>) | undefined;

async function start(options: PaperOptions): Promise<HostReply> {
  const log = createLog({ level: options.logLevel, file: options.logFile, follows: true });
  const { marketUrl: url, accounts, persistFile } = options;
  const bitunix = createBitunix({
    url,
    clock: wallClock,
    log,
    trading: false,
    deadlineMs: DEADLINE_MS,
  });
  const feed = await openPaperFeed(bitunix, log).catch(async (error: unknown) => {
    await bitunix.close();
    throw new Error(noMarketData(url, messageOf(error)));
  });
  const venue = await startVenue({ market: { kind: 'feed', feed }, accounts, persistFile });
  const { controlUrl } = venue;
  const chat =
    options.chat === undefined ? undefined : await startChat({ ...options.chat, controlUrl });
  const watch = setInterval(() => hushWhenSilent(feed, venue), LOOK_MS);
  stop = () => {
    clearInterval(watch);
    return end(feed, venue, chat);
  };
  const addresses = { kind: 'ready', venueUrl: venue.url, controlUrl } as const;
  if (chat === undefined) return addresses;
  return { ...addresses, chatUrl: chat.url, apiRoot: chat.apiRoot, token: chat.token };
}

const noMarketData = (url: string, reason: string): string =>
  `Paper mode needs BitUnix's public market data, and ${new URL(url).host} could not be read: ${reason}.
Check the network, or set BITUNIX_URL to an address that can be reached. Without a network, \`npm run demo\` has a market of its own.`;

/** A dead feed must look dead: prices and candles are refused and the sockets fall silent until BitUnix is heard again. */
function hushWhenSilent(feed: PaperFeed, { controlUrl }: Venue): void {
  if (feed.silenceMs() < SILENT_AFTER_MS) return;
  for (const fault of [{ fault: 'network-error', path: '/market/' }, { fault: 'silent-sockets' }]) {
    request(`${controlUrl}/sim/fault`, {
      method: 'POST',
      body: JSON.stringify({ ...fault, forMs: HUSHED_MS }),
    }).then(
      ({ body }) => body.dump(),
      () => undefined,
    );
  }
}

const end = (feed: PaperFeed, venue: Venue, chat: Chat | undefined): Promise<unknown> =>
  Promise.allSettled([chat?.stop(), venue.stop(), feed.close()]);

async function leave(): Promise<never> {
  await stop?.();
  process.exit(0);
}

async function begin(options: PaperOptions): Promise<void> {
  const reply = await start(options).catch((error: unknown): HostReply => ({
    kind: 'failed',
    reason: messageOf(error),
  }));
  process.send?.(reply);
}

process.once('message', (options: PaperOptions) => void begin(options));
process.on('disconnect', () => void leave());
process.on('SIGTERM', () => void leave());
// Ctrl-C reaches the whole group; Vigil needs the venue and the chat until it has said goodbye.
process.on('SIGINT', () => undefined);

/**
 * Entry of the simulator process: the venue and the chat of a demo, apart from Vigil, as the real ones are. It gets its options
 * from the parent, tells it the addresses, and ends when the parent is gone, however that happened.
 */
import { startChat, type Chat, type ChatOptions } from './chat/chat.ts';
import { startVenue, type Venue, type VenueOptions } from './venue/venue.ts';

/** What the parent sends first. */
export interface HostOptions {
  readonly venue: VenueOptions;
  /** Absent when a real Telegram bot is used. */
  readonly chat?: ChatOptions;
}

/** What the parent gets back: the addresses, or why there are none. */
export type HostReply =
  | {
      readonly kind: 'ready';
      readonly venueUrl: string;
      readonly controlUrl: string;
      readonly chatUrl?: string;
      readonly apiRoot?: string;
      readonly token?: string;
    }
  | { readonly kind: 'failed'; readonly reason: string };

let venue: Venue | undefined;
let chat: Chat | undefined;

async function start(options: HostOptions): Promise<HostReply> {
  venue = await startVenue(options.venue);
  const { controlUrl } = venue;
  chat = options.chat === undefined ? undefined : await startChat({ ...options.chat, controlUrl });
  const addresses = { kind: 'ready', venueUrl: venue.url, controlUrl } as const;
  if (chat === undefined) return addresses;
  return { ...addresses, chatUrl: chat.url, apiRoot: chat.apiRoot, token: chat.token };
}

async function stop(): Promise<never> {
  await Promise.allSettled([chat?.stop(), venue?.stop()]);
  process.exit(0);
}

async function begin(options: HostOptions): Promise<void> {
  const reply = await start(options).catch((error: unknown): HostReply => {
    const reason = error instanceof Error ? error.message : 'the simulator did not start';
    return { kind: 'failed', reason };
  });
  process.send?.(reply);
}

process.once('message', (options: HostOptions) => void begin(options));
process.on('disconnect', () => void stop());
process.on('SIGTERM', () => void stop());
// Ctrl-C reaches the whole group; Vigil needs the venue and the chat until it has said goodbye.
process.on('SIGINT', () => undefined);

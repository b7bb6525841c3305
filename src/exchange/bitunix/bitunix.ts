import type { Clock } from '../../app/ports/clock.ts';
import type { Log } from '../../app/ports/log.ts';
import type { MarketData } from '../../app/ports/market-data.ts';
import type { Interval } from '../../domain/candle.ts';
import type { Timestamp } from '../../domain/time.ts';
import { createAccountData, type BitunixAccount } from './read/account-data.ts';
import { createAccountStream, type BitunixAccountStream } from './streams/account-stream.ts';
import { unknownWords } from './mapped.ts';
import type { KlinePush } from './streams/map-frame.ts';
import { createMarketData } from './read/market-data.ts';
import {
  createKlineStream,
  createMarketStream,
  type MarketChannel,
  type MarketPushes,
  type MarketStream,
} from './streams/market-stream.ts';
import { createPriceStream, type BitunixPriceStream } from './streams/price-stream.ts';
import { createRest, withPriority, type Rest, type RestHealth } from './rest/rest.ts';
import type { Credentials } from './rest/sign.ts';
import { createTrading, type BitunixTrading } from './write/trading.ts';

export interface BitunixOptions {
  /** Address of the REST interface, such as "https://fapi.bitunix.com". */
  readonly url: string;
  /** Address of the sockets, such as "wss://fapi.bitunix.com"; the REST address's host unless told. */
  readonly wsUrl?: string;
  readonly apiKey?: string;
  readonly secretKey?: string;
  /** The sub-account that the key belongs to, where the exchange's rows name one. */
  readonly subAccountId?: string;
  readonly clock: Clock;
  /** What the exchange's limits on frequency are counted by; the same clock unless told. */
  readonly pacing?: Clock;
  readonly log: Log;
  /** False: nothing that could send an order is built. */
  readonly trading: boolean;
  /** Jitter of waits, 0 (included) to 1 (excluded). */
  readonly random?: () => number;
  /** Wall milliseconds that one request may take; 10,000 unless told. */
  readonly deadlineMs?: number;
  /** Every text that the streams receive, as it arrives; for recording. */
  readonly onText?: (text: string) => void;
}

export interface Bitunix {
  readonly market: MarketData;
  /** Absent without keys. */
  readonly account?: BitunixAccount;
  /** The same account, read ahead of all other reads: for looks that an exit waits for. Absent without keys. */
  readonly urgentAccount?: BitunixAccount;
  /** Absent without keys, and when `trading` is false. */
  readonly trading?: BitunixTrading;
  openPriceStream(): BitunixPriceStream;
  openMarketStream<C extends MarketChannel>(channel: C): MarketStream<MarketPushes[C]>;
  /** Forming candles of the last or of the mark price. */
  openKlineStream(interval: Interval, of?: 'last' | 'mark'): MarketStream<KlinePush>;
  /** Absent without keys. */
  readonly openAccountStream?: () => BitunixAccountStream;
  /** Time on the exchange's clock: every time that it gave is judged by this. */
  now(): Timestamp;
  health(): RestHealth;
  /** Ends requests and waits. Streams are closed by whoever opened them. */
  close(): Promise<void>;
}

/** The BitUnix client. Demo, paper and live differ by the address alone. */
export function createBitunix(options: BitunixOptions): Bitunix {
  const { url, apiKey, secretKey, clock, pacing = clock, log, random = Math.random } = options;
  const { deadlineMs = 10_000, wsUrl = socketAddress(url) } = options;
  const keys =
    apiKey === undefined || secretKey === undefined ? {} : { credentials: { apiKey, secretKey } };
  const rest = createRest({ url, ...keys, clock, pacing, log, random, deadlineMs });
  const tap = options.onText === undefined ? {} : { onText: options.onText };
  const there = {
    now: () => rest.now(),
    get speed() {
      return clock.speed;
    },
  };
  const streams = { url: `${wsUrl}/public/`, log, clock: there, random, ...tap };
  return {
    market: createMarketData({ rest, log, onUnknown: unknownWords(log) }),
    openPriceStream: () => createPriceStream(streams),
    openMarketStream: (channel) => createMarketStream(streams, channel),
    openKlineStream: (interval, of = 'last') => createKlineStream(streams, { interval, of }),
    now: () => rest.now(),
    health: () => rest.health(),
    close: () => rest.close(),
    ...(keys.credentials === undefined
      ? {}
      : withKeys({ ...options, wsUrl, random }, rest, keys.credentials)),
  };
}

/** What only a key opens. */
function withKeys(
  options: BitunixOptions & { readonly wsUrl: string; readonly random: () => number },
  rest: Rest,
  credentials: Credentials,
): Partial<Bitunix> {
  const { log, random, wsUrl, onText } = options;
  const own = options.subAccountId === undefined ? {} : { subAccountId: options.subAccountId };
  const source = { onUnknown: unknownWords(log), usedClientIds: new Set<string>(), ...own };
  const account = createAccountData({ rest, ...source });
  // Looks that an exit or an order waits for come before other reads, and leave protective writes their own room.
  const urgentAccount = createAccountData({ rest: withPriority(rest, 'trade'), ...source });
  const stopsAhead = createAccountData({ rest: withPriority(rest, 'protect'), ...source });
  const now = (): number => rest.now();
  const tap = onText === undefined ? {} : { onText };
  const stream = { url: `${wsUrl}/private/`, credentials, now, log, random, ...tap };
  return {
    account,
    urgentAccount,
    openAccountStream: () => createAccountStream(stream),
    ...(options.trading
      ? { trading: createTrading({ rest, account: urgentAccount, stopsAhead }) }
      : {}),
  };
}

const socketAddress = (url: string): string => new URL(url).origin.replace(/^http/, 'ws');

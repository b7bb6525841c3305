import type { Clock } from '../../../app/ports/clock.ts';
import type { Log } from '../../../app/ports/log.ts';
import type { PriceStream, PriceTick } from '../../../app/ports/price-stream.ts';
import { price } from '../../../domain/money/money.ts';
import type { Timestamp } from '../../../domain/time.ts';
import { createChannelPool } from './channel-pool.ts';
import { isRecord } from '../mapped.ts';
import { venueMs } from '../../http/venue-time.ts';
import { priceText } from '../../wire/wire-fields.ts';
import { idText, timestamp } from '../../wire/wire-value.ts';

export interface PublicStreamOptions {
  /** Address of the public socket, such as "wss://fapi.bitunix.com/public/". */
  readonly url: string;
  readonly log: Log;
  /** The exchange's time, which says how old a push is; without it pushes are only compared with each other. */
  readonly clock?: Clock;
  /** Jitter of reconnects, 0 (included) to 1 (excluded). */
  readonly random?: () => number;
  /** Wall milliseconds of silence that mean a dead connection; 5,000 unless told. */
  readonly silenceMs?: number;
  /** Wall milliseconds without a push after which a followed symbol is subscribed to again; 10,000 unless told. */
  readonly quietMs?: number;
  /** Every text that arrives, as it arrives; for recording. */
  readonly onText?: (text: string) => void;
}

/** Mark prices as they are pushed, about twice a second for each symbol. */
export interface BitunixPriceStream extends PriceStream {
  /** Frames of the channel that could not be read since the start. */
  ignoredFrames(): number;
  /** Followed symbols without a readable price for so many wall milliseconds: delisted ones are accepted and never pushed. */
  quietSymbols(ms: number): readonly string[];
}

export function createPriceStream(options: PublicStreamOptions): BitunixPriceStream {
  const { random = Math.random, quietMs = 10_000, clock, ...rest } = options;
  const { log } = rest;
  const listeners: ((tick: PriceTick) => void)[] = [];
  const lastTickAt = new Map<string, number>();
  const isFresh = createFreshness(clock);
  let ignored = 0;

  /** The first one is logged: whatever is wrong with it is likely to be wrong with all. */
  function ignore(frame: unknown): void {
    ignored += 1;
    if (ignored > 1) return;
    const start = (JSON.stringify(frame) ?? '').slice(0, 200);
    log.warn('exchange: a price push cannot be used', { frame: start });
  }

  function onFrame(frame: unknown, receivedAt: number): void {
    const tick = readPriceFrame(frame, receivedAt);
    if (tick === undefined || !isFresh(tick)) {
      if (isPriceFrame(frame)) ignore(frame);
      return;
    }
    if (lastTickAt.has(tick.symbol)) lastTickAt.set(tick.symbol, receivedAt);
    for (const listener of listeners) listener(tick);
  }

  const pool = createChannelPool({ ...rest, random, channel: 'price', onFrame });

  const quiet = (ms: number): string[] => {
    const since = performance.now() - ms;
    return [...lastTickAt].filter(([, at]) => at < since).map(([symbol]) => symbol);
  };

  // A subscription is not acknowledged: a symbol that is never pushed may have been missed, or is delisted.
  const renewing = setInterval(() => {
    const silent = pool.state() === 'live' ? quiet(quietMs) : [];
    if (silent.length === 0) return;
    log.warn('exchange: no price is pushed for followed symbols', { symbols: silent });
    pool.renew(silent);
  }, quietMs);

  return {
    follow(symbols) {
      const now = performance.now();
      const wanted = new Set(symbols);
      for (const symbol of lastTickAt.keys()) if (!wanted.has(symbol)) lastTickAt.delete(symbol);
      for (const symbol of wanted) if (!lastTickAt.has(symbol)) lastTickAt.set(symbol, now);
      pool.follow(symbols);
    },
    onTick: (listener) => void listeners.push(listener),
    onState: (listener) => pool.onState(listener),
    state: () => pool.state(),
    silenceMs: () => pool.silenceMs(),
    close() {
      clearInterval(renewing);
      return pool.close();
    },
    ignoredFrames: () => ignored,
    quietSymbols: quiet,
  };
}

const isPriceFrame = (frame: unknown): boolean =>
  typeof frame === 'object' && frame !== null && 'ch' in frame && frame.ch === 'price';

/** Wall milliseconds: the exchange's clock is known to about a second, and what is sent takes its time. */
const MOST_AHEAD_MS = 5_000;
const MOST_BEHIND_MS = 10_000;

/**
 * Whether a push is news: not older than the last one of its symbol, not from the future, and not old when it comes. A price that is
 * none of that would count as seen now, and hide that nothing is seen.
 */
function createFreshness(clock: Clock | undefined): (tick: PriceTick) => boolean {
  const newest = new Map<string, Timestamp>();
  return ({ symbol, at }) => {
    if (clock !== undefined) {
      const ahead = at - clock.now();
      // A demo that stands still, or is slower than the wall, is not stricter.
      const most = (wall: number): number => Math.max(wall, venueMs(clock, wall));
      if (ahead > most(MOST_AHEAD_MS) || -ahead > most(MOST_BEHIND_MS)) return false;
    }
    const before = newest.get(symbol);
    if (before !== undefined && at < before) return false;
    newest.set(symbol, at);
    return true;
  };
}

/**
 * A tick from a frame of the `price` channel; undefined for every other frame, for a mark price that is none, and for a time that is no
 * Unix time in milliseconds.
 */
export function readPriceFrame(frame: unknown, receivedAt: number): PriceTick | undefined {
  if (!isRecord(frame) || frame['ch'] !== 'price' || !isRecord(frame['data'])) return undefined;
  const symbol = idText(frame['symbol']);
  const mark = priceText(frame['data']['mp']);
  const at = timestamp(frame['ts']);
  if (symbol === undefined || mark === undefined || at === undefined) return undefined;
  return { symbol, mark: price(mark), at, receivedAt };
}

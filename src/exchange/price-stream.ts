import type { Log, PriceStream, PriceTick } from '../app/ports.ts';
import { price } from '../domain/money.ts';
import { createChannelPool } from './channel-pool.ts';
import { wholeNumber } from './wire-value.ts';

export interface PublicStreamOptions {
  /** Address of the public socket, such as "wss://fapi.bitunix.com/public/". */
  readonly url: string;
  readonly log: Log;
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
  const { random = Math.random, quietMs = 10_000, ...rest } = options;
  const { log } = rest;
  const listeners: ((tick: PriceTick) => void)[] = [];
  const lastTickAt = new Map<string, number>();
  let ignored = 0;

  /** The first one is logged: whatever is wrong with it is likely to be wrong with all. */
  function ignore(frame: unknown): void {
    ignored += 1;
    if (ignored > 1) return;
    const start = (JSON.stringify(frame) ?? '').slice(0, 200);
    log.warn('exchange: a price push cannot be read', { frame: start });
  }

  function onFrame(frame: unknown, receivedAt: number): void {
    const tick = readPriceFrame(frame, receivedAt);
    if (tick === undefined) {
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

const DECIMAL_PRICE = /^\d{1,20}(?:\.\d{1,18})?$/;

/** A tick from a frame of the `price` channel; undefined for every other frame and for a mark price that is none. */
export function readPriceFrame(frame: unknown, receivedAt: number): PriceTick | undefined {
  if (typeof frame !== 'object' || frame === null) return undefined;
  if (!('ch' in frame) || frame.ch !== 'price') return undefined;
  if (!('symbol' in frame) || typeof frame.symbol !== 'string') return undefined;
  if (!('data' in frame) || typeof frame.data !== 'object' || frame.data === null) return undefined;
  const mp = 'mp' in frame.data ? frame.data.mp : undefined;
  const text = typeof mp === 'number' ? String(mp) : mp;
  if (typeof text !== 'string' || !DECIMAL_PRICE.test(text)) return undefined;
  const mark = price(text);
  if (mark === 0n) return undefined;
  const at = 'ts' in frame ? wholeNumber(frame.ts) : undefined;
  if (at === undefined || at <= 0) return undefined;
  return { symbol: frame.symbol, mark, at, receivedAt };
}

import type { StreamState } from '../app/ports.ts';
import type { Interval } from '../domain/candle.ts';
import type { Timestamp } from '../domain/time.ts';
import { createChannelPool, type ChannelPool } from './channel-pool.ts';
import type { PublicStreamOptions } from './price-stream.ts';
import { finiteNumber } from './wire-value.ts';

/** What the exchange pushes of a candle that is forming: no start time and no closed flag. b and q are as named by the wire. */
export interface KlinePush {
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly b: number;
  readonly q: number;
}

/**
 * Forming candles as they are pushed. They show when a candle has ended (a push whose time lies in the next one); the closed candle
 * itself is best read by REST, since trades of its last half second may be missing here.
 */
export interface KlineStream {
  /** Replaces what is followed. Another interval makes new connections. */
  follow(symbols: readonly string[], interval: Interval): void;
  onCandle(listener: (symbol: string, candle: KlinePush, at: Timestamp) => void): void;
  onState(listener: (state: StreamState, reason: string) => void): void;
  state(): StreamState;
  silenceMs(): number | undefined;
  close(): Promise<void>;
}

const CHANNELS: Record<Interval, string> = {
  '1m': '1min',
  '5m': '5min',
  '15m': '15min',
  '30m': '30min',
  '1h': '60min',
  '2h': '2h',
  '4h': '4h',
  '6h': '6h',
  '8h': '8h',
  '12h': '12h',
  '1d': '1day',
};

export function createKlineStream(options: PublicStreamOptions): KlineStream {
  const { url, log, random = Math.random } = options;
  const candleListeners: ((symbol: string, candle: KlinePush, at: Timestamp) => void)[] = [];
  const stateListeners: ((state: StreamState, reason: string) => void)[] = [];
  let pool: ChannelPool | undefined;
  let followed: Interval | undefined;
  let closed = false;

  function open(interval: Interval): ChannelPool {
    const channel = `market_kline_${CHANNELS[interval]}`;
    const silence = options.silenceMs === undefined ? {} : { silenceMs: options.silenceMs };
    const onFrame = (frame: unknown): void => {
      const push = readKlineFrame(frame, channel);
      if (push === undefined) return;
      for (const listener of candleListeners) listener(push.symbol, push.candle, push.at);
    };
    const fresh = createChannelPool({ url, log, random, channel, onFrame, ...silence });
    fresh.onState((state, reason) => {
      if (fresh !== pool) return;
      for (const listener of stateListeners) listener(state, reason);
    });
    return fresh;
  }

  return {
    follow(symbols, interval) {
      if (closed) return;
      if (pool === undefined || followed !== interval) {
        const old = pool;
        pool = open(interval);
        followed = interval;
        if (old !== undefined) void old.close();
      }
      pool.follow(symbols);
    },
    onCandle: (listener) => void candleListeners.push(listener),
    onState: (listener) => void stateListeners.push(listener),
    state: () => (closed ? 'closed' : (pool?.state() ?? 'idle')),
    silenceMs: () => pool?.silenceMs(),
    async close() {
      closed = true;
      await pool?.close();
    },
  };
}

/** A pushed candle of that channel; undefined for every other frame. */
export function readKlineFrame(
  frame: unknown,
  channel: string,
): { symbol: string; candle: KlinePush; at: Timestamp } | undefined {
  if (typeof frame !== 'object' || frame === null) return undefined;
  if (!('ch' in frame) || frame.ch !== channel) return undefined;
  if (!('symbol' in frame) || typeof frame.symbol !== 'string') return undefined;
  if (!('data' in frame) || typeof frame.data !== 'object' || frame.data === null) return undefined;
  const at = 'ts' in frame ? Number(frame.ts) : Number.NaN;
  if (!Number.isSafeInteger(at) || at <= 0) return undefined;
  const data: Readonly<Record<string, unknown>> = { ...frame.data };
  const read = (key: string): number => finiteNumber(data[key]) ?? Number.NaN;
  const candle = {
    o: read('o'),
    h: read('h'),
    l: read('l'),
    c: read('c'),
    b: read('b'),
    q: read('q'),
  };
  const sound = Object.values(candle).every((value) => value >= 0);
  return sound && candle.l > 0 && candle.h >= candle.l
    ? { symbol: frame.symbol, candle, at }
    : undefined;
}

import type { StreamState } from '../../../app/ports/feeds.ts';
import type { Interval } from '../../../domain/candle.ts';
import { createChannelPool } from './channel-pool.ts';
import {
  readDepth,
  readKlines,
  readTickers,
  readTrades,
  type DepthPush,
  type KlinePush,
  type TickerPush,
  type TradePush,
} from './map-frame.ts';
import { unknownWords, type Mapped, type OnUnknown } from '../mapped.ts';
import type { PublicStreamOptions } from './price-stream.ts';

/** The public channels beside `price` and the candles, with what each pushes. */
export interface MarketPushes {
  readonly ticker: TickerPush;
  readonly tickers: TickerPush;
  readonly trade: TradePush;
  readonly depth_book1: DepthPush;
  readonly depth_book5: DepthPush;
  readonly depth_book15: DepthPush;
}
export type MarketChannel = keyof MarketPushes;

/** One public channel for any number of symbols. */
export interface MarketStream<Push> {
  /** Replaces what is followed. */
  follow(symbols: readonly string[]): void;
  onPush(listener: (push: Push) => void): void;
  onState(listener: (state: StreamState, reason: string) => void): void;
  state(): StreamState;
  /** Wall milliseconds since the last frame of any kind; undefined before the first. */
  silenceMs(): number | undefined;
  close(): Promise<void>;
}

type Reader<Push> = (frame: unknown, onUnknown: OnUnknown) => Mapped<readonly Push[]>;

const READERS: { readonly [C in MarketChannel]: Reader<MarketPushes[C]> } = {
  ticker: (frame) => readTickers(frame, 'ticker'),
  tickers: (frame) => readTickers(frame, 'tickers'),
  trade: readTrades,
  depth_book1: (frame) => readDepth(frame, 'depth_book1'),
  depth_book5: (frame) => readDepth(frame, 'depth_book5'),
  depth_book15: (frame) => readDepth(frame, 'depth_book15'),
};

/** The names that the stream has for the lengths of candles. */
const LENGTHS: Record<Interval, string> = {
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

export const createMarketStream = <C extends MarketChannel>(
  options: PublicStreamOptions,
  channel: C,
): MarketStream<MarketPushes[C]> => open(options, channel, READERS[channel]);

/**
 * Forming candles as they are pushed, of the last or of the mark price. They show when a candle has ended; the closed candle itself is
 * best read by request, since trades of its last half second may be missing here.
 */
export function createKlineStream(
  options: PublicStreamOptions,
  candle: { readonly interval: Interval; readonly of: 'last' | 'mark' },
): MarketStream<KlinePush> {
  const channel = `${candle.of === 'mark' ? 'mark' : 'market'}_kline_${LENGTHS[candle.interval]}`;
  return open(options, channel, (frame) => readKlines(frame, channel));
}

function open<Push>(
  options: PublicStreamOptions,
  channel: string,
  read: Reader<Push>,
): MarketStream<Push> {
  const { log, random = Math.random, quietMs: _, clock: __, ...rest } = options;
  const listeners: ((push: Push) => void)[] = [];
  const onUnknown = unknownWords(log);
  let reported = false;

  function onFrame(frame: unknown): void {
    if (!isOf(frame, channel)) return;
    const pushes = read(frame, onUnknown);
    if ('value' in pushes) {
      for (const push of pushes.value) for (const listener of listeners) listener(push);
    } else if (!reported) {
      // The first one: whatever is wrong with it is likely to be wrong with all.
      reported = true;
      log.warn('exchange: a push cannot be read', { channel, problem: pushes.problem });
    }
  }

  const pool = createChannelPool({ ...rest, log, random, channel, onFrame });
  return {
    follow: (symbols) => pool.follow(symbols),
    onPush: (listener) => void listeners.push(listener),
    onState: (listener) => pool.onState(listener),
    state: () => pool.state(),
    silenceMs: () => pool.silenceMs(),
    close: () => pool.close(),
  };
}

const isOf = (frame: unknown, channel: string): boolean =>
  typeof frame === 'object' && frame !== null && 'ch' in frame && frame.ch === channel;

import type { EngineContext } from '../../engine/context.ts';
import {
  depthFrame,
  klineFrame,
  priceFrame,
  tickerFrame,
  tradeFrame,
  type Channel,
} from './public-frames.ts';

/** At most this many closed candles are told at once when the venue's time leaps. */
const MOST_CLOSED = 200;

/** One subscribed stream with those who listen. */
interface Stream {
  readonly channel: Channel;
  readonly listeners: Set<(frame: string) => void>;
  /** Open of the candle that was last told. */
  candleOpen: number;
  /** What was last told, to leave out repeats of candles and trades. */
  lastBody: string;
}

/** Builds each frame once per push and hands it to everyone who subscribed to it. */
export class PublicFeed {
  readonly #ctx: EngineContext;
  readonly #streams = new Map<string, Stream>();
  readonly #funding = new Map<number, { at: number; text: string }>();

  constructor(ctx: EngineContext) {
    this.#ctx = ctx;
  }

  subscribe(channel: Channel, listener: (frame: string) => void): void {
    const key = `${channel.ch} ${channel.symbol}`;
    const known = this.#streams.get(key);
    if (known !== undefined) {
      known.listeners.add(listener);
      return;
    }
    const candleOpen = channel.interval?.floor(this.#ctx.time) ?? 0;
    this.#streams.set(key, { channel, listeners: new Set([listener]), candleOpen, lastBody: '' });
  }

  unsubscribe(ch: string, symbol: string, listener: (frame: string) => void): void {
    const key = `${ch} ${symbol}`;
    const stream = this.#streams.get(key);
    stream?.listeners.delete(listener);
    if (stream?.listeners.size === 0) this.#streams.delete(key);
  }

  /** Tells every stream of the given kinds; also every candle that has closed since the last time, before the new one. */
  push(kinds: ReadonlySet<Channel['kind']>): void {
    for (const stream of this.#streams.values()) {
      if (!kinds.has(stream.channel.kind)) continue;
      for (const frame of this.#frames(stream))
        for (const listener of stream.listeners) listener(frame);
    }
  }

  #frames(stream: Stream): string[] {
    const ctx = this.#ctx;
    const { channel } = stream;
    switch (channel.kind) {
      case 'price':
        return present(priceFrame(ctx, channel, this.#funding));
      case 'ticker':
      case 'tickers':
        return present(tickerFrame(ctx, channel));
      case 'trade':
        return present(tradeFrame(ctx, channel));
      case 'depth': {
        const frames =
          channel.index < 0 && stream.lastBody !== '' ? [] : [depthFrame(ctx, channel)];
        stream.lastBody = 'told';
        return frames;
      }
      case 'kline':
        return this.#candles(stream);
    }
  }

  #candles(stream: Stream): string[] {
    const { channel } = stream;
    const { interval, index } = channel;
    const { market, time } = this.#ctx;
    if (interval === undefined || interval.ms < market.finest) return [];
    const frames: string[] = [];
    const current = interval.floor(time);
    for (let count = 0; stream.candleOpen < current && count < MOST_CLOSED; count += 1) {
      const end = interval.next(stream.candleOpen);
      const closed = market.span(index, stream.candleOpen, end);
      if (closed !== undefined) this.#tell(stream, klineFrame(this.#ctx, channel, closed), frames);
      stream.candleOpen = end;
      stream.lastBody = '';
    }
    stream.candleOpen = current;
    const forming = market.span(index, current, time);
    if (forming !== undefined) this.#tell(stream, klineFrame(this.#ctx, channel, forming), frames);
    return frames;
  }

  #tell(stream: Stream, frame: string, frames: string[]): void {
    const body = frame.slice(frame.indexOf('"data"'));
    if (body === stream.lastBody) return;
    stream.lastBody = body;
    frames.push(frame);
  }
}

function present(frame: string | undefined): string[] {
  return frame === undefined ? [] : [frame];
}

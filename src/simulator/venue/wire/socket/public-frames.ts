import type { EngineContext } from '../../engine/context.ts';
import { fundingTimes, settledRate } from '../../engine/positions/funding.ts';
import { markTicks, statusAt } from '../../market/instrument.ts';
import { streamInterval, type Interval } from '../../market/interval.ts';
import type { Candle } from '../../market/market.ts';
import { bookAround } from '../depth.ts';
import { markCandle } from '../routes/market-routes.ts';
import { percentText, ticksText, volumeText } from '../routes/rows.ts';
import { dayTicker } from '../ticker.ts';

/** A public stream that somebody may subscribe to. */
export interface Channel {
  readonly ch: string;
  readonly symbol: string;
  readonly index: number;
  readonly kind: 'price' | 'ticker' | 'tickers' | 'trade' | 'depth' | 'kline';
  readonly levels: number;
  readonly interval: Interval | undefined;
  readonly mark: boolean;
}

const SIMPLE = new Set(['price', 'ticker', 'tickers', 'trade']);
const DEPTH: ReadonlyMap<string, number> = new Map([
  ['depth_book1', 1],
  ['depth_book5', 5],
  ['depth_book15', 15],
  ['depth_books', 200],
]);

/** The stream of a channel name and a symbol; undefined for names that the exchange swallows silently. */
export function channelOf(ctx: EngineContext, ch: string, symbol: string): Channel | undefined {
  const upper = symbol.toUpperCase();
  const index = ctx.market.indexOf(upper);
  const plain = {
    ch,
    symbol: upper,
    index: index ?? -1,
    levels: 0,
    interval: undefined,
    mark: false,
  };
  const levels = DEPTH.get(ch);
  if (levels !== undefined) return { ...plain, kind: 'depth', levels };
  const instrument = index === undefined ? undefined : ctx.market.instruments[index];
  if (index === undefined || instrument === undefined) return undefined;
  if (statusAt(instrument, ctx.time) === 'STOP') return undefined;
  if (ch === 'price' || ch === 'ticker' || ch === 'tickers' || ch === 'trade')
    return { ...plain, kind: ch };
  const kline = /^(market|mark)_kline_(\w+)$/.exec(ch);
  const interval = kline?.[2] === undefined ? undefined : streamInterval(kline[2]);
  if (interval === undefined || SIMPLE.has(ch)) return undefined;
  return { ...plain, kind: 'kline', interval, mark: kline?.[1] === 'mark' };
}

function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

function envelope(ctx: EngineContext, channel: Channel, data: string): string {
  return `{"ch":"${channel.ch}","symbol":"${channel.symbol}","ts":${ctx.time},"data":${data}}`;
}

/** Mark, index and last settled funding; the parts that change only at a settlement are kept by the cache. */
export function priceFrame(
  ctx: EngineContext,
  channel: Channel,
  cache: Map<number, { at: number; text: string }>,
): string | undefined {
  const instrument = ctx.market.instruments[channel.index];
  const last = ctx.market.last(channel.index, ctx.time);
  if (instrument === undefined || last === undefined) return undefined;
  const times = fundingTimes(instrument, ctx.time);
  let settled = cache.get(channel.index);
  if (settled?.at !== times.last) {
    const rate = percentText(settledRate(ctx, channel.index, times.last));
    settled = {
      at: times.last,
      text: `"fr":"${rate}","ft":"${isoSeconds(times.last)}","nft":"${isoSeconds(times.next)}"`,
    };
    cache.set(channel.index, settled);
  }
  const mark = ticksText(instrument, markTicks(instrument, last));
  return envelope(
    ctx,
    channel,
    `{"ip":"${ticksText(instrument, last)}","mp":"${mark}",${settled.text}}`,
  );
}

export function tickerFrame(ctx: EngineContext, channel: Channel): string | undefined {
  const day = dayTicker(ctx, channel.index);
  if (day === undefined) return undefined;
  const row = { s: day.symbol, o: day.open, h: day.high, l: day.low, la: day.last };
  const volumes = { b: day.baseVolume, q: day.quoteVolume, r: day.change };
  if (channel.kind === 'ticker')
    return envelope(ctx, channel, JSON.stringify({ ...row, ...volumes }));
  const { asks, bids } = bookAround(ctx, channel.index, 1);
  const [bd = '', bv = ''] = bids[0] ?? [];
  const [ak = '', av = ''] = asks[0] ?? [];
  return JSON.stringify({
    ch: 'tickers',
    ts: ctx.time,
    data: [{ ...row, ...volumes, bd, ak, bv, av }],
  });
}

export function tradeFrame(ctx: EngineContext, channel: Channel): string | undefined {
  const instrument = ctx.market.instruments[channel.index];
  const last = ctx.market.last(channel.index, ctx.time);
  if (instrument === undefined || last === undefined) return undefined;
  const before = ctx.market.last(channel.index, ctx.time - 1_000) ?? last;
  const size = bookAround(ctx, channel.index, 1).asks[0]?.[1] ?? '0';
  const trade = {
    t: new Date(ctx.time).toISOString(),
    p: ticksText(instrument, last),
    v: size,
    s: last < before ? 'sell' : 'buy',
  };
  return envelope(ctx, channel, JSON.stringify([trade]));
}

/** An unknown contract gets one frame of empty levels. */
export function depthFrame(ctx: EngineContext, channel: Channel): string {
  if (channel.index < 0) return envelope(ctx, channel, '{"b":[["",""]],"a":[["",""]]}');
  const { asks, bids } = bookAround(ctx, channel.index, channel.levels);
  return envelope(ctx, channel, JSON.stringify({ b: bids, a: asks }));
}

/** One candle as the stream prints it: without start time and without a closed flag. */
export function klineFrame(ctx: EngineContext, channel: Channel, candle: Candle): string {
  const instrument = ctx.market.instruments[channel.index];
  if (instrument === undefined) return '';
  const shown = channel.mark ? markCandle(instrument, candle) : candle;
  const price = (ticks: number): string => ticksText(instrument, ticks);
  const data = {
    o: price(shown.open),
    h: price(shown.high),
    l: price(shown.low),
    c: price(shown.close),
  };
  const volumes = { b: volumeText(candle.baseVolume), q: volumeText(candle.quoteVolume) };
  return envelope(ctx, channel, JSON.stringify({ ...data, ...volumes }));
}

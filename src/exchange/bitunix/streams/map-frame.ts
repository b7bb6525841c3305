import type { z } from 'zod';
import {
  abs,
  price,
  qty,
  ratio,
  usd,
  type Price,
  type Qty,
  type Ratio,
  type Usd,
} from '../../../domain/money/money.ts';
import type { Timestamp } from '../../../domain/time.ts';
import { depthData, frameSchema, klineData, tickerData, tradeData } from './frame-schemas.ts';
import { checked, listOf, type Mapped, type OnUnknown } from '../mapped.ts';

/** Frames of the public streams as the domain's numbers. Pure; a frame that cannot be used says why and never throws. */

/** What the channels `ticker` and `tickers` push; the best bid and ask are in `tickers` alone. */
export interface TickerPush {
  readonly symbol: string;
  readonly last: Price;
  readonly open24h: Price;
  readonly high24h: Price;
  readonly low24h: Price;
  readonly baseVolume24h: Qty;
  readonly quoteVolume24h: Usd;
  /** Change of 24 h in percent, as the exchange says; absent when it does not. */
  readonly changePercent?: Ratio;
  readonly bid?: Price;
  readonly ask?: Price;
  readonly bidQty?: Qty;
  readonly askQty?: Qty;
  readonly at: Timestamp;
}

/** One public trade; `side` is the taker's. */
export interface TradePush {
  readonly symbol: string;
  readonly price: Price;
  readonly qty: Qty;
  readonly side: 'buy' | 'sell' | 'unknown';
  readonly at: Timestamp;
}

export interface DepthLevel {
  readonly price: Price;
  readonly qty: Qty;
}

/** The order book's best levels: bids from the highest, asks from the lowest. */
export interface Depth {
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
  readonly at: Timestamp;
}

export interface DepthPush extends Depth {
  readonly symbol: string;
}

/** A candle that is forming: no start time and no closed flag. The volumes are as the wire names them. */
export interface KlinePush {
  readonly symbol: string;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly b: Usd;
  readonly q: Usd;
  readonly at: Timestamp;
}

type Frame = z.output<typeof frameSchema>;

/** The rows of a frame of that channel, each checked and mapped; the first that cannot be used is the frame's problem. */
function rowsOf<S extends z.ZodType, T>(
  frame: unknown,
  of: { readonly channel: string; readonly schema: S },
  map: (row: z.output<S>, frame: Frame) => T | undefined,
): Mapped<readonly T[]> {
  const envelope = checked(frameSchema, frame);
  if ('problem' in envelope) return envelope;
  if (envelope.value.ch !== of.channel) return { problem: `a frame of ${envelope.value.ch}` };
  const { data } = envelope.value;
  const rows: T[] = [];
  for (const each of Array.isArray(data) ? listOf(data) : [data]) {
    const row = checked(of.schema, each);
    if ('problem' in row) return row;
    const mapped = map(row.value, envelope.value);
    if (mapped === undefined) return { problem: 'the frame names no symbol' };
    rows.push(mapped);
  }
  return { value: rows };
}

const optionalPrice = <K extends string>(key: K, text: string | undefined) =>
  (text === undefined ? {} : { [key]: price(text) }) as { readonly [N in K]?: Price };
const optionalQty = <K extends string>(key: K, text: string | undefined) =>
  (text === undefined ? {} : { [key]: qty(text) }) as { readonly [N in K]?: Qty };

export const readTickers = (
  frame: unknown,
  channel: 'ticker' | 'tickers',
): Mapped<readonly TickerPush[]> =>
  rowsOf(frame, { channel, schema: tickerData }, (row, { ts }) => ({
    symbol: row.s,
    last: price(row.la),
    open24h: price(row.o),
    high24h: price(row.h),
    low24h: price(row.l),
    baseVolume24h: qty(row.b),
    quoteVolume24h: usd(row.q),
    ...(row.r === undefined ? {} : { changePercent: ratio(row.r) }),
    ...optionalPrice('bid', row.bd),
    ...optionalPrice('ask', row.ak),
    ...optionalQty('bidQty', row.bv),
    ...optionalQty('askQty', row.av),
    at: ts,
  }));

const TRADE_SIDES: Readonly<Record<string, TradePush['side']>> = { BUY: 'buy', SELL: 'sell' };

export const readTrades = (frame: unknown, onUnknown: OnUnknown): Mapped<readonly TradePush[]> =>
  rowsOf(frame, { channel: 'trade', schema: tradeData }, (row, { symbol }) => {
    const side = TRADE_SIDES[row.s];
    if (side === undefined) onUnknown('trade side', row.s);
    return symbol === undefined
      ? undefined
      : {
          symbol,
          price: price(row.p),
          qty: abs(qty(row.v)),
          side: side ?? 'unknown',
          at: row.t,
        };
  });

const level = ([at, size]: readonly [string, string]): DepthLevel => ({
  price: price(at),
  qty: qty(size),
});

/** The best levels of a book, best first on both sides. */
export const readDepth = (frame: unknown, channel: string): Mapped<readonly DepthPush[]> =>
  rowsOf(frame, { channel, schema: depthData }, (row, { symbol, ts }) =>
    symbol === undefined
      ? undefined
      : {
          symbol,
          bids: row.b.map(level).sort((a, b) => (a.price < b.price ? 1 : -1)),
          asks: row.a.map(level).sort((a, b) => (a.price < b.price ? -1 : 1)),
          at: ts,
        },
  );

export const readKlines = (frame: unknown, channel: string): Mapped<readonly KlinePush[]> =>
  rowsOf(frame, { channel, schema: klineData }, (row, { symbol, ts }) =>
    symbol === undefined
      ? undefined
      : {
          symbol,
          open: price(row.o),
          high: price(row.h),
          low: price(row.l),
          close: price(row.c),
          b: usd(row.b),
          q: usd(row.q),
          at: ts,
        },
  );

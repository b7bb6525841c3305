import { describe, expect, it } from 'vitest';
import { toText } from '../../src/domain/money/money.ts';
import {
  readDepth,
  readKlines,
  readTickers,
  readTrades,
  toDepth,
} from '../../src/exchange/bitunix/map-frame.ts';
import { readPrivate } from '../../src/exchange/bitunix/map-private.ts';
import type { Mapped } from '../../src/exchange/bitunix/mapped.ts';
import {
  BALANCE_FRAME,
  DEPTH_FRAME,
  KLINE_FRAME,
  ORDER_FRAME,
  POSITION_FRAME,
  TICKER_FRAME,
  TICKERS_FRAME,
  TPSL_FRAME,
  TRADE_FRAME,
} from './support/frames.ts';

const none = (): void => undefined;

function value<T>(mapped: Mapped<T>): T {
  if ('problem' in mapped) throw new Error(mapped.problem);
  return mapped.value;
}
const first = <T>(mapped: Mapped<readonly T[]>): T => {
  const [row] = value(mapped);
  if (row === undefined) throw new Error('no row');
  return row;
};

describe('public frames', () => {
  it('a ticker comes with its symbol in the data, with or without bid and ask', () => {
    const plain = first(readTickers(TICKER_FRAME, 'ticker'));
    expect([plain.symbol, toText(plain.last), plain.at]).toEqual([
      'ETHUSDT',
      '3120.5',
      1_767_225_600_123,
    ]);
    expect(plain.bid).toBeUndefined();
    const { bid, ask, askQty } = first(readTickers(TICKERS_FRAME, 'tickers'));
    expect([bid, ask, askQty].map((each) => (each === undefined ? '' : toText(each)))).toEqual([
      '3120.49',
      '3120.5',
      '3.9',
    ]);
  });

  it('a frame of another channel is none of this one', () => {
    expect(readTickers(TICKERS_FRAME, 'ticker')).toEqual({ problem: 'a frame of tickers' });
    expect(readKlines(KLINE_FRAME, 'market_kline_1min')).toHaveProperty('problem');
  });

  it('a trade has the time at which it happened, and an unknown side is reported', () => {
    const trade = first(readTrades(TRADE_FRAME, none));
    expect([trade.side, toText(trade.qty), trade.at]).toEqual(['sell', '0.25', 1_767_225_600_123]);
    const words: string[] = [];
    const odd = { ...TRADE_FRAME, data: [{ ...TRADE_FRAME.data[0], s: 'auction' }] };
    const read = first(readTrades(odd, (field, word) => words.push(`${field}=${word}`)));
    expect([read.side, ...words]).toEqual(['unknown', 'trade side=AUCTION']);
  });

  it('a book is best first on both sides, as numbers or text, from the stream or a request', () => {
    const push = first(readDepth(DEPTH_FRAME, 'depth_book5'));
    expect(push.bids.map((each) => toText(each.price))).toEqual(['3120.49', '3120.4']);
    expect(push.asks.map((each) => toText(each.price))).toEqual(['3120.5', '3120.6']);
    const asked = value(
      toDepth(
        {
          bids: [[3120.4, 2]],
          asks: [['3120.6', '1']],
        },
        5,
      ),
    );
    expect(asked.bids.map((each) => toText(each.qty))).toEqual(['2']);
    // An unknown contract gets one frame of empty levels.
    const empty = { ...DEPTH_FRAME, data: { b: [['', '']], a: [['', '']] } };
    expect(readDepth(empty, 'depth_book5')).toHaveProperty('problem');
  });

  it('a candle has neither start nor end', () => {
    const candle = first(readKlines(KLINE_FRAME, 'market_kline_15min'));
    expect([candle.open, candle.high, candle.low, candle.close, candle.b].map(toText)).toEqual([
      '3100',
      '3125.5',
      '3099.1',
      '3120.5',
      '120.5',
    ]);
  });

  it('name the symbol in the envelope, or cannot be used', () => {
    const { symbol: _symbol, ...nameless } = TRADE_FRAME;
    expect(readTrades(nameless, none)).toEqual({ problem: 'the frame names no symbol' });
  });
});

describe('private frames', () => {
  it('an order says what its fill cost on average', () => {
    const event = value(readPrivate(ORDER_FRAME, none));
    if (event.channel !== 'order') throw new Error(event.channel);
    const { averagePrice, filledQty } = event;
    expect([event.orderId, event.clientId, event.status, event.side, event.event]).toEqual([
      '6819999999999999999',
      'g1a2b3c4d5',
      'filled',
      'buy',
      'close',
    ]);
    expect(toText(filledQty)).toBe('0.5');
    expect(averagePrice === undefined ? '' : toText(averagePrice)).toBe('3100.25');
  });

  it('positions and balances come alone or in a list', () => {
    for (const frame of [POSITION_FRAME, { ...POSITION_FRAME, data: [POSITION_FRAME.data] }]) {
      const event = value(readPrivate(frame, none));
      expect(event).toMatchObject({ channel: 'position', side: 'long', event: 'open' });
    }
    expect(value(readPrivate(BALANCE_FRAME, none))).toMatchObject({ coin: 'USDT' });
  });

  it.each([
    ['NEW', undefined],
    ['TRIGGER_WAIT_PLACE', undefined],
    ['FILLED', 'filled'],
    ['CANCELED', 'cancelled'],
    ['SYSTEM_CANCELED', 'cancelled by the exchange'],
    ['FAILED', 'failed'],
    ['LOST', 'unknown'],
  ])('a stop that is %s has the end %s', (status, end) => {
    const words: string[] = [];
    const event = value(
      readPrivate({ ...TPSL_FRAME, data: { ...TPSL_FRAME.data, status } }, (_, word) =>
        words.push(word),
      ),
    );
    if (event.channel !== 'tpsl') throw new Error(event.channel);
    expect(event.end).toBe(end);
    expect(words).toEqual(end === 'unknown' ? ['LOST'] : []);
  });

  it('that are odd say why: an unknown side is not guessed, an unknown event is reported', () => {
    const odd = { ...POSITION_FRAME, data: { ...POSITION_FRAME.data, side: 'BOTH' } };
    expect(readPrivate(odd, none)).toEqual({ problem: 'the unknown side "BOTH"' });
    expect(readPrivate({ ch: 'weather', ts: 1_767_225_600_123 }, none)).toEqual({
      problem: 'a frame of weather',
    });
    const words: string[] = [];
    const moved = { ...ORDER_FRAME, data: { ...ORDER_FRAME.data, event: 'MOVED' } };
    readPrivate(moved, (field, word) => words.push(`${field}=${word}`));
    expect(words).toEqual(['event=MOVED']);
  });
});

import { describe, expect, it } from 'vitest';
import { toText } from '../../src/domain/money/money.ts';
import {
  readDepth,
  readKlines,
  readTickers,
  readTrades,
} from '../../src/exchange/bitunix/streams/map-frame.ts';
import type { Mapped } from '../../src/exchange/bitunix/mapped.ts';
import {
  DEPTH_FRAME,
  KLINE_FRAME,
  TICKER_FRAME,
  TICKERS_FRAME,
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

  it('a book is best first on both sides, as numbers or text', () => {
    const push = first(readDepth(DEPTH_FRAME, 'depth_book5'));
    expect(push.bids.map((each) => toText(each.price))).toEqual(['3120.49', '3120.4']);
    expect(push.asks.map((each) => toText(each.price))).toEqual(['3120.5', '3120.6']);
    const numbers = { ...DEPTH_FRAME, data: { b: [[3120.4, 2]], a: [['3120.6', '1']] } };
    expect(first(readDepth(numbers, 'depth_book5')).bids.map((each) => toText(each.qty))).toEqual([
      '2',
    ]);
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

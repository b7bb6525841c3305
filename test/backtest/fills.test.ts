import { describe, expect, it } from 'vitest';
import { bracketExit } from '../../src/backtest/trade/fills.ts';

const long = { side: 'long', stop: 95, target: 110 } as const;
const short = { side: 'short', stop: 105, target: 90 } as const;
const span = (open: number, high: number, low: number) => ({ open, high, low });

describe('bracketExit', () => {
  it.each([
    ['nothing touched', long, span(100, 109.9, 95.1), undefined],
    ['stop touched exactly', long, span(100, 101, 95), { reason: 'stop', price: 95, gap: false }],
    [
      'target touched exactly',
      long,
      span(100, 110, 96),
      { reason: 'target', price: 110, gap: false },
    ],
    ['both in one candle', long, span(100, 120, 90), { reason: 'stop', price: 95, gap: false }],
    ['gap through the stop', long, span(93, 94, 92), { reason: 'stop', price: 93, gap: true }],
    [
      'gap through the stop, then the target',
      long,
      span(93, 120, 92),
      { reason: 'stop', price: 93, gap: true },
    ],
    [
      'gap through the target',
      long,
      span(112, 113, 90),
      { reason: 'target', price: 112, gap: true },
    ],
    ['short, nothing touched', short, span(100, 104.9, 90.1), undefined],
    ['short, stop touched', short, span(100, 105, 99), { reason: 'stop', price: 105, gap: false }],
    [
      'short, target touched',
      short,
      span(100, 101, 90),
      { reason: 'target', price: 90, gap: false },
    ],
    ['short, both', short, span(100, 106, 80), { reason: 'stop', price: 105, gap: false }],
    [
      'short, gap through the stop',
      short,
      span(107, 108, 80),
      { reason: 'stop', price: 107, gap: true },
    ],
    [
      'short, gap through the target',
      short,
      span(89, 120, 88),
      { reason: 'target', price: 89, gap: true },
    ],
  ] as const)('%s', (...row) => {
    const [, bracket, candle, exit] = row;
    expect(bracketExit(bracket, candle)).toEqual(exit);
  });
});

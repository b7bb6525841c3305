import { describe, expect, it } from 'vitest';
import { ratio } from '../../src/domain/money.ts';
import { DEFAULT_LIMITS } from '../../src/risk/limits.ts';
import type { MarketReading } from '../../src/risk/market-reading.ts';
import { marketTriggers } from '../../src/risk/triggers.ts';

const tripped = (market: MarketReading): string[] =>
  marketTriggers(market, DEFAULT_LIMITS)
    .filter((each) => each.tripped)
    .map((each) => `${each.id} -> ${each.to}`);

describe('the market triggers', () => {
  it('hold entries when Bitcoin moves more than three times its usual range', () => {
    expect(tripped({ btcAtr: { now: 0.015, median: 0.005, hours: 720 } })).toEqual([]);
    expect(tripped({ btcAtr: { now: 0.015_000_1, median: 0.005, hours: 720 } })).toEqual([
      'volatility -> reducing',
    ]);
    expect(tripped({ btcAtr: { now: Number.NaN, median: 0.005, hours: 720 } })).toEqual([
      'volatility -> reducing',
    ]);
  });

  it('hold entries at a margin ratio of exactly half', () => {
    expect(tripped({ marginRatio: ratio('0.499999999999999999') })).toEqual([]);
    expect(tripped({ marginRatio: ratio('0.5') })).toEqual(['margin-ratio -> reducing']);
  });

  it('say nothing about what is not known', () => {
    expect(marketTriggers({}, DEFAULT_LIMITS)).toEqual([]);
    expect(
      marketTriggers({ btcAtr: { now: 0.01, median: 0, hours: 720 } }, DEFAULT_LIMITS),
    ).toEqual([]);
  });

  it('speak in sentences with figures', () => {
    const [volatility] = marketTriggers(
      { btcAtr: { now: 0.02, median: 0.005, hours: 720 } },
      DEFAULT_LIMITS,
    );
    expect(volatility?.sentence).toBe(
      'Bitcoin moves 4.0 times as much as usual, 2.00 % an hour against a median of 0.50 % over 30 d 0 h; the limit is 3 times.',
    );
  });
});

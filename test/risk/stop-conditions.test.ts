import { describe, expect, it } from 'vitest';
import { ratio, usd, ZERO_USD, type Usd } from '../../src/domain/money/money.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import type { MarketReading } from '../../src/risk/terms/market-reading.ts';
import {
  healthConditions,
  lossConditions,
  marketConditions,
} from '../../src/risk/stop/stop-conditions.ts';
import { NOW, position, riskState } from './fixtures.ts';

const tripped = (market: MarketReading): string[] =>
  marketConditions(market, DEFAULT_LIMITS)
    .filter((each) => each.tripped)
    .map((each) => `${each.id} -> ${each.to}`);

describe('the market conditions', () => {
  it('hold entries when Bitcoin moves more than three times its usual range', () => {
    expect(tripped({ btcAtr: { now: 0.015, median: 0.005, hours: 720 } })).toEqual([]);
    expect(tripped({ btcAtr: { now: 0.015_000_1, median: 0.005, hours: 720 } })).toEqual([
      'volatility -> reduceOnly',
    ]);
    expect(tripped({ btcAtr: { now: Number.NaN, median: 0.005, hours: 720 } })).toEqual([
      'volatility -> reduceOnly',
    ]);
  });

  it('hold entries at a margin ratio of exactly half', () => {
    expect(tripped({ marginRatio: ratio('0.499999999999999999') })).toEqual([]);
    expect(tripped({ marginRatio: ratio('0.5') })).toEqual(['margin-ratio -> reduceOnly']);
  });

  it('say nothing about what is not known', () => {
    expect(marketConditions({}, DEFAULT_LIMITS)).toEqual([]);
    expect(
      marketConditions({ btcAtr: { now: 0.01, median: 0, hours: 720 } }, DEFAULT_LIMITS),
    ).toEqual([]);
  });

  it('speak in sentences with figures', () => {
    const [volatility] = marketConditions(
      { btcAtr: { now: 0.02, median: 0.005, hours: 720 } },
      DEFAULT_LIMITS,
    );
    expect(volatility?.sentence).toBe(
      'Bitcoin moves 4.0 times as much as usual, 2.00 % an hour against a median of 0.50 % over 30 d 0 h; the limit is 3 times.',
    );
  });
});

describe('the loss conditions', () => {
  const sentences = (amounts: readonly string[]): readonly string[] => {
    const step = { id: 's', at: NOW, equity: usd('600'), highSince: ZERO_USD };
    const steps = amounts.map((each) => ({ ...step, amount: usd(each) }));
    return lossConditions(riskState({ steps }), usd('600'), DEFAULT_LIMITS).map(
      (each) => each.sentence,
    );
  };

  it('say of a loss how much of it left the account without a trade', () => {
    const told = 'Of that, 400.00 USDT left the account without a trade';
    const [day, week, drawdown, streak] = sentences(['-300', '-100']);
    expect(day).toContain(told);
    expect(week).toContain(told);
    expect(drawdown).toContain(told);
    expect(streak).not.toContain('Of that');
    expect(sentences([]).join(' ')).not.toContain('Of that');
  });

  it('halt at the balance floor rounded up: 2 units of 3, not 1', () => {
    const of = (units: bigint): boolean | undefined =>
      lossConditions(riskState({ dayStartEquity: 3n as Usd }), units as Usd, DEFAULT_LIMITS).find(
        (each) => each.id === 'balance-floor',
      )?.tripped;
    expect([of(3n), of(2n)]).toEqual([false, true]);
  });
});

describe('the health conditions', () => {
  const of = (id: string, priceAt: Readonly<Record<string, number>>, symbols: readonly string[]) =>
    healthConditions(
      {
        health: { accountReadAt: NOW, failedReads: 2, priceAt: new Map(Object.entries(priceAt)) },
        positions: symbols.map((symbol) => position({ symbol })),
        now: NOW,
      },
      DEFAULT_LIMITS,
    ).find((each) => each.id === id);

  it('name the oldest price, and one that was never seen before all', () => {
    const seen = { BTCUSDT: NOW - 2_000, ETHUSDT: NOW - 9_000 };
    const both = ['BTCUSDT', 'ETHUSDT'];
    expect(of('prices-old', seen, both)?.sentence).toContain('The price of ETHUSDT was last seen');
    expect(of('prices-old', seen, [...both, 'SOLUSDT'])).toMatchObject({
      tripped: true,
      sentence: expect.stringContaining('The price of SOLUSDT'),
    });
    expect(of('prices-old', {}, [])).toMatchObject({
      tripped: false,
      usedPercent: 0,
      sentence: expect.stringContaining('No position is open'),
    });
  });

  it('say how much of the limit of failed reads is used', () => {
    expect(of('failed-reads', {}, [])).toMatchObject({ tripped: false, usedPercent: 40 });
  });
});

import { describe, expect, it } from 'vitest';
import { generatedMarket } from '../../../../src/simulator/venue/market/generated-source.ts';
import { restInterval, type Interval } from '../../../../src/simulator/venue/market/interval.ts';
import type { Candle } from '../../../../src/simulator/venue/market/market.ts';

const FROM = Date.UTC(2026, 0, 1, 3, 20);
const HOUR = 3_600_000;
const MINUTE = 60_000;

function interval(name: string): Interval {
  const found = restInterval(name);
  if (found === undefined) throw new Error(name);
  return found;
}

function merged(candles: readonly Candle[]): Pick<Candle, 'open' | 'high' | 'low' | 'close'> {
  return {
    open: candles[0]?.open ?? 0,
    high: Math.max(...candles.map((one) => one.high)),
    low: Math.min(...candles.map((one) => one.low)),
    close: candles.at(-1)?.close ?? 0,
  };
}

describe('the generated market', () => {
  const market = generatedMarket({ seed: 7, from: FROM });

  it('lists over 220 contracts under names that people know, and some that cannot be traded', () => {
    const symbols = market.instruments.map((one) => one.symbol);
    expect(symbols.length).toBeGreaterThanOrEqual(220);
    expect(new Set(symbols).size).toBe(symbols.length);
    expect(symbols).toEqual(
      expect.arrayContaining([
        'BTCUSDT',
        'ETHUSDT',
        'SOLUSDT',
        'DOGEUSDT',
        '1000PEPEUSDT',
        '1000SHIBUSDT',
        '1000FLOKIUSDT',
      ]),
    );
    expect(symbols).toEqual(expect.arrayContaining(['UNIUSDT', 'AAVEUSDT', 'POLUSDT', 'MANAUSDT']));
    expect(market.instruments.filter((one) => !one.isApiSupported).length).toBeGreaterThan(3);
    const states = new Set(market.instruments.map((one) => one.status));
    expect(states).toEqual(new Set(['OPEN', 'CANCEL_ONLY', 'PREVIEW', 'STOP']));
  });

  it('trades more than 5 M USDT a day in most contracts', () => {
    const day = FROM - (FROM % HOUR);
    const volumes = market.instruments.map(
      (_, at) => market.span(at, day - 24 * HOUR, day)?.quoteVolume ?? 0,
    );
    expect(volumes.filter((volume) => volume > 5e6).length / volumes.length).toBeGreaterThan(0.9);
  });

  it('has 200 four-hour candles of every contract before its start', () => {
    market.instruments.forEach((_, at) => {
      expect(market.candles(at, { interval: interval('4h'), limit: 200, now: FROM })).toHaveLength(
        200,
      );
    });
  });

  it('is the same market for the same seed, to the digit, however many contracts it has, and another one for another', () => {
    const again = generatedMarket({ seed: 7, symbols: 20, from: FROM });
    const other = generatedMarket({ seed: 8, symbols: 20, from: FROM });
    const request = { interval: interval('5m'), limit: 50, now: FROM };
    expect(again.last(3, FROM + 12_345)).toBe(market.last(3, FROM + 12_345));
    expect(again.candles(5, request)).toEqual(market.candles(5, request));
    expect(other.candles(5, request)).not.toEqual(market.candles(5, request));
  });

  it('does not depend on the order of the questions', () => {
    const again = generatedMarket({ seed: 7, symbols: 20, from: FROM });
    const later = again.last(9, FROM + 50 * HOUR);
    const sooner = again.last(9, FROM + HOUR);
    expect(market.last(9, FROM + HOUR)).toBe(sooner);
    expect(market.last(9, FROM + 50 * HOUR)).toBe(later);
  });

  it.each([
    ['5m', '1m', 5],
    ['1h', '5m', 12],
    ['4h', '1h', 4],
    ['1d', '4h', 6],
  ])('has %s candles that are exactly those of %s put together', (long, short, count) => {
    for (const index of [0, 6, 40, 150]) {
      const [whole] = market.candles(index, { interval: interval(long), limit: 1, now: FROM });
      if (whole === undefined) throw new Error('no candle');
      const from = whole.time;
      const to = interval(long).next(from) - 1;
      const parts = market.candles(index, {
        interval: interval(short),
        from,
        to,
        limit: 200,
        now: FROM,
      });
      expect(parts).toHaveLength(count);
      expect(merged(parts)).toEqual(merged([whole]));
      const volume = parts.reduce((sum, one) => sum + one.quoteVolume, 0);
      expect(volume / whole.quoteVolume).toBeCloseTo(1, 9);
    }
  });

  it('moves within a minute exactly between its low and high, from its open to its close', () => {
    const open = FROM - 30 * MINUTE;
    for (const index of [0, 20, 99]) {
      const minute = market.span(index, open, open + MINUTE);
      const seen: number[] = [];
      for (let at = 0; at < MINUTE; at += 5_000) seen.push(market.last(index, open + at) ?? 0);
      const next = market.last(index, open + MINUTE) ?? 0;
      expect(seen[0]).toBe(minute?.open);
      expect(next).toBe(minute?.close);
      expect(Math.max(...seen, next)).toBe(minute?.high);
      expect(Math.min(...seen, next)).toBe(minute?.low);
    }
  });

  it('moves together: most contracts correlate with BTC', () => {
    const returns = (index: number): number[] => {
      const rows = market.candles(index, { interval: interval('1h'), limit: 200, now: FROM });
      return rows.map((row) => Math.log(row.close / row.open));
    };
    const btc = returns(0);
    const correlations = market.instruments
      .slice(1, 60)
      .map((_, at) => correlation(btc, returns(at + 1)));
    const mean = correlations.reduce((sum, one) => sum + one, 0) / correlations.length;
    expect(mean).toBeGreaterThan(0.2);
    expect(mean).toBeLessThan(0.95);
  });

  it('falls at the scripted moment and not before', () => {
    const crashAt = FROM + 5 * HOUR;
    const crashing = generatedMarket({ seed: 7, symbols: 20, from: FROM }, crashAt);
    expect(crashing.last(4, crashAt - 1)).toBe(market.last(4, crashAt - 1));
    const deep = crashAt + 30 * MINUTE;
    const fall = (crashing.last(4, deep) ?? 0) / (market.last(4, deep) ?? 1);
    expect(fall).toBeLessThan(0.76);
    expect(fall).toBeGreaterThan(0.49);
    const hour = crashing.span(4, crashAt - (crashAt % HOUR), crashAt - (crashAt % HOUR) + HOUR);
    expect(hour?.low).toBeLessThanOrEqual(crashing.last(4, deep) ?? 0);
  });

  it('is moved by hand from that moment on, inside the candle too', () => {
    const moved = generatedMarket({ seed: 7, symbols: 20, from: FROM });
    const plain = generatedMarket({ seed: 7, symbols: 20, from: FROM });
    const at = FROM + 7 * MINUTE + 1_234;
    moved.move(2, at, 0.5);
    expect(moved.last(2, at - 1)).toBe(plain.last(2, at - 1));
    expect(moved.last(2, at)).toBe(Math.round((plain.last(2, at) ?? 0) * 0.5));
    const minute = Math.floor(at / MINUTE) * MINUTE;
    const candle = moved.span(2, minute, minute + MINUTE);
    expect(candle?.open).toBe(plain.last(2, minute));
    expect(candle?.low).toBeLessThanOrEqual(moved.last(2, at) ?? 0);
    const later = moved.span(2, minute + 10 * MINUTE, minute + 11 * MINUTE);
    expect(later?.close).toBe(
      Math.round((plain.span(2, minute + 10 * MINUTE, minute + 11 * MINUTE)?.close ?? 0) * 0.5),
    );
    const hourOpen = Math.floor(at / HOUR) * HOUR;
    const minutes = moved.candles(2, {
      interval: interval('1m'),
      from: hourOpen,
      to: hourOpen + HOUR - 1,
      limit: 60,
      now: hourOpen + HOUR,
    });
    expect(merged(minutes)).toEqual(
      merged([moved.span(2, hourOpen, hourOpen + HOUR) ?? minutes[0] ?? fail()]),
    );
  });
});

function fail(): never {
  throw new Error('no candle');
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]): number =>
    list.reduce((sum, one) => sum + one, 0) / list.length;
  const [ma, mb] = [mean(a), mean(b)];
  const cov = mean(a.map((one, at) => (one - ma) * ((b[at] ?? 0) - mb)));
  return (
    cov / Math.sqrt(mean(a.map((one) => (one - ma) ** 2)) * mean(b.map((one) => (one - mb) ** 2)))
  );
}

import { describe, expect, it } from 'vitest';
import type { Candle } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { createTracker, type SymbolTracker } from '../../src/signals/tracker.ts';
import { at, walk } from '../indicators/market.ts';
import * as reference from '../indicators/reference.ts';
import { instrument } from './samples.ts';
import type { Snapshot } from '../../src/signals/agreement/snapshot.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

const candles = walk({ seed: 11, count: 400, noise: 0.015 });

function fed(input: readonly Candle[]): SymbolTracker<Snapshot> {
  const tracker = createTracker('SOLUSDT', agreement);
  for (const candle of input) tracker.feed(candle);
  return tracker;
}

describe('a tracker fed with candles in a row', () => {
  it('is ready after 176: with the 24 before an event, one page of 200 is enough', () => {
    expect(fed(candles.slice(0, 175)).snapshot()).toBeUndefined();
    expect(fed(candles.slice(0, 175)).readiness()).toMatchObject({
      have: 175,
      need: 176,
      ready: false,
    });
    expect(fed(candles.slice(0, 176)).snapshot()).toBeDefined();
    expect(fed(candles.slice(0, 176)).readiness().ready).toBe(true);
  });

  it('takes the values of plain loops over the same candles', () => {
    const view = fed(candles).snapshot();
    const closes = candles.map((each) => each.close);
    const bands = reference.bands(candles, 20).at(-1);
    const lines = reference.macd(closes).at(-1);
    expect(view?.sma20).toBeCloseTo(reference.mean(closes, 20).at(-1) ?? NaN, 9);
    expect(view?.sma50).toBeCloseTo(reference.mean(closes, 50).at(-1) ?? NaN, 9);
    expect(view?.upperBand).toBeCloseTo(bands?.upper ?? NaN, 9);
    expect(view?.lowerBand).toBeCloseTo(bands?.lower ?? NaN, 9);
    expect(view?.rsi).toBeCloseTo(reference.rsi(candles, 14).at(-1) ?? NaN, 9);
    expect(view?.macd).toBeCloseTo(lines?.macd ?? NaN, 9);
    expect(view?.macdSignal).toBeCloseTo(lines?.signal ?? NaN, 9);
    expect(view?.adx).toBeCloseTo(reference.adx(candles, 14).at(-1) ?? NaN, 9);
    expect(view?.atr).toBeCloseTo(reference.atr(candles, 14).at(-1) ?? NaN, 9);
    expect(view?.closedAt).toBe(at(candles, -1).openTime + HOUR);
    expect([view?.close, view?.volume]).toEqual([at(candles, -1).close, at(candles, -1).volume]);
  });

  it('measures the 4 h trend on complete 4 h candles only', () => {
    const view = fed(candles).snapshot();
    const closes: number[] = [];
    for (const [index, candle] of candles.entries()) {
      const startsBucket = at(candles, Math.max(0, index - 3)).openTime % (4 * HOUR) === 0;
      if (index >= 3 && startsBucket) closes.push(candle.close);
    }
    expect(view?.close4h).toBe(closes.at(-1));
    expect(view?.sma4h).toBeCloseTo(reference.mean(closes, 20).at(-1) ?? NaN, 9);
  });

  it('gives nearly the same values after 200 candles as after 400', () => {
    const long = Object.entries(fed(candles).snapshot() ?? {});
    const short = new Map(Object.entries(fed(candles.slice(-200)).snapshot() ?? {}));
    expect(long).toHaveLength(17);
    for (const [name, value] of long) {
      const share = name.startsWith('macd') ? 100 : Number(value);
      expect(Math.abs(Number(value) - Number(short.get(name))) / share, name).toBeLessThan(1e-4);
    }
  });
});

describe('bad data', () => {
  it('refuses a bad tick, by name, and goes on as if it were missing', () => {
    const tracker = fed(candles.slice(0, 300));
    const bad = { ...at(candles, 300), close: at(candles, 300).close * 100 };
    const high = Math.max(bad.high, bad.close);
    expect(tracker.feed({ ...bad, high })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('times the close before'),
    });
    expect(tracker.feed(at(candles, 301))).toEqual({ kind: 'used-after-gap', missing: 1 });
    expect(tracker.counts()).toMatchObject({ refused: 1, 'used-after-gap': 1 });
  });

  it('starts over on the third candle in a row at another level, and not before', () => {
    const tracker = fed(candles.slice(0, 300));
    const scaled = candles.slice(300, 303).map((each) => ({
      ...each,
      open: each.open * 1000,
      high: each.high * 1000,
      low: each.low * 1000,
      close: each.close * 1000,
    }));
    expect(scaled.map((each) => tracker.feed(each).kind)).toEqual([
      'refused',
      'refused',
      'restarted',
    ]);
    expect(tracker.readiness()).toMatchObject({ have: 1, ready: false });
    expect(tracker.snapshot()).toBeUndefined();
  });

  it('names duplicates and candles out of order and stays as it was', () => {
    const tracker = fed(candles);
    const before = tracker.snapshot();
    expect(tracker.feed(at(candles, -1))).toEqual({ kind: 'ignored', why: 'duplicate' });
    expect(tracker.feed(at(candles, -2))).toEqual({ kind: 'ignored', why: 'out-of-order' });
    expect(tracker.snapshot()).toEqual(before);
    expect(tracker.counts()).toMatchObject({ used: 400, ignored: 2 });
  });

  it.each([
    ['NaN close', { close: NaN }, 'close is NaN'],
    ['contradiction', { high: 0.1 }, 'contradict each other'],
    ['no volume', { volume: 0 }, 'nothing was traded in it (volume 0)'],
    ['half an hour', { openTime: at(candles, 399).openTime + HOUR / 2 }, 'is not a full hour'],
  ])('refuses %s with a reason and stays as it was', (_, damage, reason) => {
    const tracker = fed(candles.slice(0, 399));
    const before = tracker.snapshot();
    const outcome = tracker.feed({ ...at(candles, 399), ...damage });
    expect(outcome.kind === 'refused' && outcome.reason).toContain(reason);
    expect(tracker.snapshot()).toEqual(before);
  });

  it('replaces the last candle by a revised version as if the first had never been', () => {
    for (const count of [300, 301, 302, 303]) {
      const last = at(candles, count);
      const tracker = fed(candles.slice(0, count));
      tracker.feed({ ...last, close: last.low, volume: 7 });
      expect(tracker.feed(last)).toEqual({ kind: 'revised' });
      tracker.feed(at(candles, count + 1));
      expect(tracker.snapshot()).toEqual(fed(candles.slice(0, count + 2)).snapshot());
    }
  });

  it('bridges a gap of three, but is silent until 20 candles in a row follow', () => {
    const tracker = fed(candles.slice(0, 200));
    expect(tracker.feed(at(candles, 203))).toEqual({ kind: 'used-after-gap', missing: 3 });
    for (const candle of candles.slice(204, 222)) tracker.feed(candle);
    expect(tracker.readiness()).toEqual({
      ready: false,
      have: 19,
      need: 20,
      reason: '19 of 20 candles since a short gap',
      after: 'gap',
    });
    expect(tracker.snapshot()).toBeUndefined();
    tracker.feed(at(candles, 222));
    expect(tracker.snapshot()).toBeDefined();
  });

  it('warms up again after a longer gap', () => {
    const tracker = fed(candles.slice(0, 200));
    expect(tracker.feed(at(candles, 204))).toEqual({ kind: 'restarted', missing: 4 });
    for (const candle of candles.slice(205, 379)) tracker.feed(candle);
    expect(tracker.readiness()).toMatchObject({ ready: false, have: 175 });
    tracker.feed(at(candles, 379));
    expect(tracker.snapshot()).toEqual(fed(candles.slice(204, 380)).snapshot());
  });
});

describe('evaluate', () => {
  it('says what is missing while the tracker is not ready', () => {
    expect(fed(candles.slice(0, 10)).evaluate(instrument(), DEFAULT_STRATEGY)).toEqual({
      kind: 'not-ready',
      symbol: 'SOLUSDT',
      have: 10,
      need: 176,
      reason: '10 of 176 candles in a row',
    });
  });

  it('refuses the contract of another symbol', () => {
    expect(() => fed(candles).evaluate(instrument('BTCUSDT'), DEFAULT_STRATEGY)).toThrow(
      '"BTCUSDT"',
    );
  });
});

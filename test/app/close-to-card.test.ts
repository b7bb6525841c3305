import { describe, expect, it } from 'vitest';
import { isDue } from '../../src/jobs/queues/scan-at-closes.ts';
import { closeToCard } from './close-run.ts';

/** So long after a close everything is read at once. */
const LATE = 180_000;

const slowest = (cards: readonly { readonly seconds: number }[]): number =>
  Math.max(...cards.map(({ seconds }) => seconds));

describe('from a 4 h close to the cards, at the pace of a sweep over 300 contracts', () => {
  it.each([
    ['a few cross', { breaks: 6 }],
    ['a sixth crosses at once', { breaks: 50 }],
    ['a sixth crosses among many that do not', { breaks: 50, nears: 30 }],
  ])('takes less than 4 s where %s', async (_what, close) => {
    const { cards } = await closeToCard(300, close);
    expect(cards).toHaveLength(3);
    expect(slowest(cards)).toBeLessThan(4);
  });

  it('takes no longer where the first look comes a minute late, as after a restart', async () => {
    const { cards } = await closeToCard(300, { breaks: 50, from: 60_000, restarts: true });
    expect(cards).toHaveLength(3);
    expect(slowest(cards)).toBeLessThan(64);
  });
});

describe('what is read ahead', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'brings the cards and fates that reading everything first would (market %i)',
    async (seed) => {
      // In every other one most that look clean are not, and some that are come late.
      const close = {
        seed,
        nears: 2 * seed,
        ...(seed % 2 === 0 ? { breaks: 36, wicks: 0.95 } : { breaks: 4 + 4 * seed }),
      };
      const whole = await closeToCard(60, { ...close, from: LATE });
      for (const restarts of [false, true]) {
        const { cards, fates, repeated, report } = await closeToCard(60, { ...close, restarts });
        expect(cards.map(({ symbol }) => symbol)).toEqual(whole.cards.map(({ symbol }) => symbol));
        expect(fates).toEqual(whole.fates);
        expect(repeated).toBe(0);
        expect(report.scored).toEqual(whole.report.scored);
        expect(report.signals).toBe(whole.report.signals);
      }
    },
  );

  it('is looked at whole afterwards, and more signals than a report lists come once', async () => {
    const { repeated, report } = await closeToCard(120, { breaks: 75 });
    expect(report.scored).toHaveLength(120);
    expect(report.signals).toBeGreaterThan(60);
    expect(report.signals).toBe(75);
    expect(repeated).toBe(0);
  });

  it.each(['fails', 'no-candle'] as const)(
    'waits for no contract that %s, though it would rank first',
    async (how) => {
      const all = await closeToCard(60, { breaks: 14 });
      const first = new Set(all.cards.map(({ symbol }) => symbol));
      const silent = (symbol: string) => (first.has(symbol) ? how : undefined);
      const { cards, report } = await closeToCard(60, { breaks: 14, silent });
      expect(cards).toHaveLength(3);
      expect(slowest(cards)).toBeLessThan(4);
      expect(report.scored).toHaveLength(57);
      expect(report.unscored.flatMap(({ symbols }) => symbols)).toEqual([...first].toSorted());
      expect(report.at).toBeLessThan(report.candleClosedAt + 30_000);
    },
  );

  it('gives way to the others where nothing comes of it', async () => {
    const silent = (symbol: string) => (Number(symbol.slice(1, -4)) >= 40 ? 'fails' : undefined);
    const { report } = await closeToCard(60, { breaks: 20, silent });
    expect(report.scored).toHaveLength(40);
    // The first look read them.
    expect(report.at).toBeLessThan(report.candleClosedAt + 25_000);
  });
});

it('asks once the exchange has closed its candles, and again until all are read', () => {
  const asked: number[] = [];
  for (let at = 0; at < 60_000; at += 500) if (isDue(at, at + 500)) asked.push(at + 500);
  expect(asked).toEqual([1_000, 4_000, 7_000, 10_000, 13_000, 16_000, 20_000, 40_000]);
  // The look after the close comes with a smaller age than the one before it.
  expect(isDue(3_599_900, 400)).toBe(false);
  expect(isDue(3_599_900, 1_200)).toBe(true);
  expect(isDue(1_200, 1_700)).toBe(false);
});

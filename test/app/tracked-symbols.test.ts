import { beforeEach, expect, it } from 'vitest';
import type { CandleStore } from '../../src/app/ports/candle-store.ts';
import { createTrackedSymbols, type TrackedSymbols } from '../../src/app/scan/tracked-symbols.ts';
import { intervalMs, type Candle, type Interval } from '../../src/domain/candle.ts';
import { priceFromNumber, type Price } from '../../src/domain/money/money.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { at, walk } from '../indicators/market.ts';
import { ticker } from '../signals/samples.ts';

const LOG = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** A close of 1 h and of 4 h candles. */
const CLOSED = Date.UTC(2025, 9, 6, 12);
const SYMBOLS = ['AUSDT', 'BUSDT'];

let stored: Map<string, readonly Candle[]>;
let tracked: TrackedSymbols;

const key = (symbol: string, interval: Interval): string => `${symbol} ${interval}`;
const of = (symbol: string, interval: Interval): readonly Candle[] =>
  stored.get(key(symbol, interval)) ?? [];

const candles: Pick<CandleStore, 'newest' | 'since'> = {
  newest: async (symbols, interval) =>
    new Map(symbols.map((each) => [each, of(each, interval).at(-1)?.openTime ?? 0])),
  since: async (symbol, interval, after) =>
    of(symbol, interval).filter(({ openTime }) => openTime > after),
};

/** As many candles as an exchange hands out, up to that close. */
function history(interval: Interval, count: number, to = CLOSED): readonly Candle[] {
  const step = intervalMs(interval);
  const last = Math.floor(to / step) * step;
  return walk({ count, seed: 3 }).map((each, row) => ({
    ...each,
    openTime: last - (count - row) * step,
  }));
}

function change(
  symbol: string,
  interval: Interval,
  how: (all: readonly Candle[]) => readonly Candle[],
): void {
  stored.set(key(symbol, interval), how(of(symbol, interval)));
}

const standing = async (closedAt = CLOSED) => {
  await tracked.catchUp(SYMBOLS);
  const fetched = { symbols: SYMBOLS, candleOpenTime: closedAt - HOUR, fresh: 0, failed: [] };
  const { ready, ...rest } = tracked.standing(fetched);
  const own = ready.filter(({ symbol }) => symbol === 'AUSDT');
  return { asked: own.map(({ strategy }) => strategy.name), ...rest };
};

beforeEach(() => {
  stored = new Map(
    SYMBOLS.flatMap((symbol) => [
      [key(symbol, '1h'), history('1h', 210)] as const,
      [key(symbol, '4h'), history('4h', 600)] as const,
    ]),
  );
  tracked = createTrackedSymbols({ candles: { ...candles, append: async () => {} }, log: LOG });
});

it('asks every strategy of every symbol where nothing is missing', async () => {
  expect(await standing()).toEqual({
    asked: ['agreement', 'breakdown', 'breakout'],
    scored: SYMBOLS,
    unscored: [],
    silent: [],
  });
});

it.each([
  ['a hole', (all: readonly Candle[]) => all.toSpliced(-6, 1)],
  ['an outage', (all: readonly Candle[]) => all.toSpliced(-12, 8)],
  [
    'a newest candle without volume',
    (all: readonly Candle[]) => [...all.slice(0, -1), { ...at(all, -1), volume: 0 }],
  ],
])('%s in the 1 h candles keeps no strategy of 4 h from its own', async (_what, how) => {
  change('AUSDT', '1h', how);
  const found = await standing();
  expect(found.asked).toEqual(['breakdown', 'breakout']);
  expect(found.scored).toEqual(SYMBOLS);
});

it('a candle that is not there yet keeps none from its own, and is waited for', async () => {
  change('AUSDT', '1h', (all) => all.slice(0, -1));
  const found = await standing();
  expect(found.asked).toEqual(['breakdown', 'breakout']);
  expect(found.scored).toEqual(['BUSDT']);
  expect(found.unscored).toMatchObject([{ cause: 'no-candle', symbols: ['AUSDT'] }]);
});

it('a week without candles silences nobody of 4 h, a candle more does, and until when is known', async () => {
  change('AUSDT', '4h', (all) => all.toSpliced(-100, 42));
  expect(await standing()).toMatchObject({ silent: [] });
  change('AUSDT', '4h', () => history('4h', 600).toSpliced(-100, 43));
  tracked = createTrackedSymbols({ candles: { ...candles, append: async () => {} }, log: LOG });
  // 57 candles follow on it; the one before an event is needed too.
  const until = CLOSED + (332 - 57) * 4 * HOUR;
  const silent = ['breakdown', 'breakout'].map((strategy) => ({
    strategy,
    symbols: 1,
    names: ['AUSDT'],
    afterGap: 1,
    until,
  }));
  const found = await standing();
  expect(found).toMatchObject({ asked: ['agreement'], scored: SYMBOLS, silent });
  // Known at every hour, also where no candle of 4 h closes.
  for (const symbol of SYMBOLS) {
    change(symbol, '1h', () => history('1h', 210, CLOSED + HOUR));
  }
  expect(await standing(CLOSED + HOUR)).toMatchObject({ silent });
});

it('tells a young contract from one whose candles were missing', async () => {
  change('AUSDT', '4h', (all) => all.slice(-300));
  const { silent } = await standing();
  expect(silent).toMatchObject([
    { strategy: 'breakdown', symbols: 1, afterGap: 0, until: CLOSED + 32 * 4 * HOUR },
    { strategy: 'breakout', symbols: 1, afterGap: 0 },
  ]);
});

it('what is near an event is known also where the candles before this close are still missing', async () => {
  for (const missing of [0, 42]) {
    change('AUSDT', '4h', () => history('4h', 600, CLOSED - (missing + 1) * 4 * HOUR));
    tracked = createTrackedSymbols({ candles: { ...candles, append: async () => {} }, log: LOG });
    await tracked.catchUp(SYMBOLS);
    const last = priceFromNumber(0.01, 1n as Price, 'down');
    const tickers = [{ ...ticker('AUSDT'), last }];
    const places = new Map([['breakdown', 'push'] as const]);
    const near = (closedAt: number) =>
      tracked.near({ closedAt, tickers, places, limits: DEFAULT_LIMITS });
    expect(near(CLOSED)).toMatchObject([{ symbol: 'AUSDT', interval: '4h', clean: missing > 0 }]);
    expect(near(CLOSED + DAY)).toHaveLength(missing === 0 ? 1 : 0);
  }
});

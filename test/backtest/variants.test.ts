import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { DEFAULT_COSTS, type TradingCosts } from '../../src/backtest/trade/costs.ts';
import {
  beginTracking,
  endTracking,
  trackCandle,
  trackQuietRows,
  type Tracked,
} from '../../src/backtest/trade/tracked.ts';
import {
  snapshotColumns,
  viewAt,
  type SnapshotColumns,
} from '../../src/backtest/candles/snapshot-columns.ts';
import {
  trackSignals,
  strategyChooser,
  type StudyMarket,
  type StudyOptions,
} from '../../src/backtest/study/study.ts';
import type { Trade } from '../../src/backtest/trade/trade.ts';
import { followVariants } from '../../src/backtest/study/variants.ts';
import { price, toNumber } from '../../src/domain/money/money.ts';
import type { Side } from '../../src/domain/position.ts';
import { HOUR } from '../../src/domain/time.ts';
import { CONFIRMATIONS, FILTERS } from '../../src/signals/agreement/criteria/list.ts';
import { decide } from '../../src/signals/agreement/decide.ts';
import { tradeLevels } from '../../src/signals/levels.ts';
import { DEFAULT_STRATEGY, type StrategyParameters } from '../../src/signals/parameters.ts';
import { walk } from '../indicators/market.ts';
import { damaged } from './damaged.ts';
import type { Snapshot } from '../../src/signals/agreement/snapshot.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';
import { breakdown } from '../../src/signals/strategies/breakdown.ts';
import { breakout } from '../../src/signals/strategies/breakout.ts';

type Counted = StudyMarket & { readonly columns: SnapshotColumns<Snapshot> };

/** Candle by candle, everything anew: what a signal is, where it is entered and what becomes of it. */
function plainly({ columns, instrument, symbol, category }: Counted, options: StudyOptions) {
  const { parameters, costs = DEFAULT_COSTS, notional = 100, from = 0 } = options;
  const { candles } = columns;
  const to = Math.min(options.to ?? candles.length, candles.length);
  const trades: Trade[] = [];
  let held: Tracked | undefined;
  let score = 0;
  for (let row = from; row < to; row += 1) {
    const [time, open, high, low] = [candles.time, candles.open, candles.high, candles.low].map(
      (column) => column[row] ?? NaN,
    ) as [number, number, number, number];
    const before = row === from ? undefined : viewAt(columns, row - 1);
    if (held === undefined && before?.closedAt === time) {
      const { outcome, longScore, shortScore } = decide(before, parameters);
      const isThin = before.dayTurnover < parameters.minDayTurnover;
      const asks = outcome === 'long' || outcome === 'short';
      if (!isThin && asks && isNew(columns, { row: row - 1, side: outcome, parameters })) {
        const { close: entry, atr } = before;
        const levels = tradeLevels({ side: outcome, entry, atr, instrument, parameters });
        if (typeof levels !== 'string') {
          const [stop, target] = [toNumber(levels.stop), toNumber(levels.target)];
          held = beginTracking({ side: outcome, stop, target, open, time, notional }, costs);
          score = outcome === 'long' ? longScore : shortScore;
        }
      }
    }
    if (held === undefined) continue;
    const span = { time, open, high, low };
    const result = trackCandle(held, span, costs) ?? leftAt(held, columns, { row, costs });
    if (result === undefined) continue;
    trades.push({ ...result, symbol, category, score });
    held = undefined;
  }
  if (held !== undefined) {
    const [time, last] = [candles.time[to - 1] ?? NaN, candles.close[to - 1] ?? NaN];
    const exit = { time, price: last, reason: 'end', gap: false } as const;
    trades.push({ ...endTracking(held, exit, costs), symbol, category, score });
  }
  return trades;
}

interface Asked {
  readonly row: number;
  readonly side: 'long' | 'short';
  readonly parameters: StrategyParameters;
}

/** Whether that side scored too little on each of the candles before that it is judged by. */
function isNew(
  { before, strategy, ...columns }: SnapshotColumns<Snapshot>,
  { row, side, parameters }: Asked,
): boolean {
  let at = row;
  for (let back = 0; back < strategy.quietFor; back += 1) {
    at = before[at] ?? -1;
    const view = at < 0 ? undefined : viewAt({ before, strategy, ...columns }, at);
    if (view === undefined) return false;
    const { longScore, shortScore } = decide(view, parameters);
    if ((side === 'long' ? longScore : shortScore) >= parameters.minScore) return false;
  }
  return true;
}

/** The end of what has been held for the strategy's longest time, at the close. */
function leftAt(
  held: Tracked,
  { candles: { time, close }, strategy: { leavesAfter = Infinity } }: SnapshotColumns<Snapshot>,
  { row, costs }: { readonly row: number; readonly costs: TradingCosts },
) {
  if (held.candles < leavesAfter) return undefined;
  const exit = { time: time[row] ?? NaN, price: close[row] ?? NaN, reason: 'time', gap: false };
  return endTracking(held, exit as Parameters<typeof endTracking>[1], costs);
}

const anyParameters: fc.Arbitrary<StrategyParameters> = fc.record({
  minTrendDistance: fc.constantFrom(0, 0.005, 0.02),
  minTrendSpread: fc.constantFrom(0, 0.01),
  minAdx: fc.constantFrom(15, 20, 90),
  maxAtrFraction: fc.constantFrom(0.004, 0.05),
  maxAtrRise: fc.constantFrom(1, 2),
  minVolumeShare: fc.constantFrom(0.5, 1),
  bandMargin: fc.constantFrom(0, 0.2),
  filtersNeeded: fc.integer({ min: 0, max: 4 }),
  rsiLow: fc.constantFrom(30, 40, 50),
  rsiHigh: fc.constantFrom(60, 70, 100),
  bandShare: fc.constantFrom(0.3, 0.7, 1),
  minScore: fc.integer({ min: 0, max: 101 }),
  stopAtrs: fc.constantFrom(0.5, 2, 12),
  minStop: fc.constantFrom(0, 0.005),
  maxStop: fc.constantFrom(0.01, 0.3),
  targetStops: fc.constantFrom(0.5, 2, 5),
  minRewardRisk: fc.constantFrom(0, 2),
  rewardRiskRoom: fc.constantFrom(0, 0.5),
  minDayTurnover: fc.constantFrom(0, 20_000_000, 25_000_000),
  takerFee: fc.constantFrom(0, 0.0006),
});
const names = Object.keys(DEFAULT_STRATEGY) as (keyof StrategyParameters)[];
const changed = (
  base: StrategyParameters,
  all: StrategyParameters,
  some: readonly (keyof StrategyParameters)[],
): StrategyParameters => ({
  ...base,
  ...Object.fromEntries(some.map((name) => [name, all[name]])),
});

/** One strategy and others that differ from it by few parameters, so that much is shared and little may be. */
const relatives = fc
  .tuple(anyParameters, fc.subarray(names, { maxLength: 6 }))
  .map(([all, some]) => changed(DEFAULT_STRATEGY, all, some))
  .chain((base) =>
    fc.array(
      fc
        .tuple(anyParameters, fc.subarray(names, { minLength: 1, maxLength: 2 }))
        .map(([all, some]) => changed(base, all, some)),
      { minLength: 1, maxLength: 8 },
    ),
  );

const markets = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    noise: fc.constantFrom(0.002, 0.01, 0.04),
    drift: fc.constantFrom(-0.001, 0, 0.001),
    broken: fc.boolean(),
    quietFor: fc.constantFrom(0, 24),
    tick: fc.constantFrom('0.00000001', '0.0001', '0.01', '1'),
  })
  .map(({ seed, noise, drift, broken, quietFor, tick }) => ({
    symbol: 'XUSDT',
    category: 'other',
    instrument: { tick: price(tick) },
    columns: snapshotColumns(
      columnsOf(broken ? damaged(seed, 900) : walk({ seed, count: 600, noise, drift })),
      { ...agreement, quietFor },
    ),
  }));

const cut = fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined });

it('variants run together and each alone trade what plain steps from candle to candle trade', () => {
  let total = 0;
  fc.assert(
    fc.property(
      markets,
      relatives,
      fc.record({ from: cut, to: cut, notional: fc.constantFrom(100, 33.3) }),
      (market, variants, { from, to, notional }) => {
        const options = {
          notional,
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        };
        const expected = variants.map((each) => plainly(market, { ...options, parameters: each }));
        const alone = variants.map((each) =>
          trackSignals(market, strategyChooser(each), { ...options, parameters: each }),
        );
        total += expected.flat().length;
        expect(alone).toEqual(expected);
        expect(followVariants(market, variants, options)).toEqual(expected);
      },
    ),
    { numRuns: 100 },
  );
  expect(total).toBeGreaterThan(1_000);
});

/** Prices around an entry at 100, impossible candles among them. */
const spans = fc.array(
  fc.record({
    open: fc.integer({ min: 90, max: 110 }),
    high: fc.integer({ min: 90, max: 110 }),
    low: fc.integer({ min: 90, max: 110 }),
    hours: fc.constantFrom(1, 1, 1, 1, 2, -1),
  }),
  { minLength: 1, maxLength: 30 },
);

it('rows followed together are tracked as each for itself', () => {
  fc.assert(
    fc.property(spans, fc.constantFrom<Side>('long', 'short'), (rows, side) => {
      let time = 5 * HOUR;
      const candles = rows.map(({ open, high, low, hours }) => {
        time += hours * HOUR;
        return { openTime: time, open, high, low, close: open, volume: 1 };
      });
      const begin = (): Tracked => {
        const [stop, target] = side === 'long' ? [91, 109] : [109, 91];
        const entry = { side, stop, target, open: 100, time: 6 * HOUR, notional: 100 };
        const held = beginTracking(entry, DEFAULT_COSTS);
        if (held === undefined) throw new Error('not entered');
        return held;
      };
      const [single, together] = [begin(), begin()];
      const results = candles.map((each) => ({ ...each, time: each.openTime }));
      const touched = results.findIndex(
        (each) => trackCandle(single, each, DEFAULT_COSTS) !== undefined,
      );
      const to = candles.length;
      const row = trackQuietRows(together, columnsOf(candles), {
        from: 0,
        to,
        costs: DEFAULT_COSTS,
      });
      expect(row).toBe(touched < 0 ? to : touched);
      const last = results[row];
      if (last !== undefined) trackCandle(together, last, DEFAULT_COSTS);
      expect(together).toEqual(single);
    }),
    { numRuns: 1_000 },
  );
});

it.each([...FILTERS, ...CONFIRMATIONS].map((criterion) => [criterion.id, criterion] as const))(
  '%s is met by the thresholds that it names alone',
  (_, { met, thresholds }) => {
    const guarded = new Proxy(DEFAULT_STRATEGY, {
      get(all, name) {
        if (!thresholds.includes(name as keyof StrategyParameters)) {
          throw new Error(`it reads ${String(name)} too`);
        }
        return Reflect.get(all, name) as unknown;
      },
    });
    const { columns } = fc.sample(markets, { numRuns: 1, seed: 1 })[0] ?? {};
    if (columns === undefined) throw new Error('no market');
    let asked = 0;
    for (let row = 0; row < columns.candles.length; row += 1) {
      const view = viewAt(columns, row);
      if (view === undefined) continue;
      asked += 1;
      for (const side of ['long', 'short'] as const) {
        expect(met(view, guarded, side)).toBe(met(view, DEFAULT_STRATEGY, side));
      }
    }
    expect(asked).toBeGreaterThan(100);
  },
);

it('variants of strategies that count nothing trade what each trades alone', () => {
  const variants = [1, 2, 6].flatMap((stopAtrs) =>
    [0.02, 0.05].flatMap((maxStop) =>
      [0, 5e6].map((minDayTurnover) => ({
        ...breakdown.parameters,
        stopAtrs,
        maxStop,
        minDayTurnover,
      })),
    ),
  );
  let total = 0;
  for (const [seed, strategy] of [breakdown, breakout, breakdown, breakout].entries()) {
    const candles = walk({ seed: 70 + seed, count: 3_000, noise: 0.03, volume: 8_000 }).map(
      (each, row) => ({ ...each, openTime: Date.UTC(2024, 0, 1) + row * 4 * HOUR }),
    );
    const market = {
      symbol: 'XUSDT',
      category: 'other',
      instrument: { tick: price('0.0001') },
      columns: snapshotColumns(columnsOf(candles), strategy),
    };
    const options = { from: 400, to: 2_900 };
    const alone = variants.map((parameters) =>
      trackSignals(market, strategyChooser(parameters), { ...options, parameters }),
    );
    expect(followVariants(market, variants, options)).toEqual(alone);
    total += alone.flat().length;
    expect(alone[0]).not.toEqual(alone.at(-1));
  }
  expect(total).toBeGreaterThan(200);
});

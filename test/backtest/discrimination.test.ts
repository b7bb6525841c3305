import { expect, it } from 'vitest';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { discriminationOf } from '../../src/backtest/study/discrimination.ts';
import { discriminationLines } from '../../src/backtest/honesty/honesty-report.ts';
import { recordedInstrument, RECORDED_TIERS } from '../../src/backtest/trade/instrument.ts';
import { snapshotColumns, viewAt } from '../../src/backtest/candles/snapshot-columns.ts';
import { trackSignals, strategyChooser } from '../../src/backtest/study/study.ts';
import { averagesInOrder } from '../../src/signals/agreement/criteria/averages-in-order.ts';
import { decide } from '../../src/signals/agreement/decide.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { walk } from '../indicators/market.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

const parameters = DEFAULT_STRATEGY;
/** Asks at every candle on which its condition stands. */
const often = { ...agreement, quietFor: 0 };
const columns = snapshotColumns(columnsOf(walk({ seed: 21, count: 900, noise: 0.008 })), often);
const instrument = recordedInstrument({ symbol: 'XUSDT', priceDecimals: 4, price: 100 });
const market = { instrument, category: 'other', tiers: RECORDED_TIERS, columns };
const study = { ...market, symbol: 'XUSDT' };
const trades = trackSignals(study, strategyChooser(parameters), { parameters });

it('counts on how many candles there is a signal, and what signals with and without a criterion did', () => {
  const found = discriminationOf([market], trades, parameters);
  const views = Array.from({ length: 900 }, (_, row) => viewAt(columns, row)).filter(
    (view) => view !== undefined,
  );
  expect(found.ready).toBe(views.length);
  const signals = views.filter((view) =>
    ['long', 'short'].includes(decide(view, parameters).outcome),
  );
  expect(found.signalShare).toBeCloseTo(signals.length / views.length, 12);
  const own = found.criteria.find(({ id }) => id === averagesInOrder.id);
  const sides = (['long', 'short'] as const).flatMap((side) =>
    views.filter((view) => averagesInOrder.met(view, parameters, side)),
  );
  expect(own?.metShare).toBeCloseTo(sides.length / (2 * views.length), 12);
  const withIt = trades.filter(({ entryTime, side }) => {
    const view = views.find(({ closedAt }) => closedAt === entryTime);
    return view !== undefined && averagesInOrder.met(view, parameters, side);
  });
  expect(withIt.length).toBeGreaterThan(0);
  expect(own?.met.n).toBe(withIt.length);
  expect(own?.met.mean).toBeCloseTo(
    withIt.reduce((sum, { pnl, risk }) => sum + pnl / risk, 0) / withIt.length,
    9,
  );
  // Every signal is on one side of each question.
  for (const { met, notMet } of found.criteria) expect(met.n + notMet.n).toBe(trades.length);
});

it('says so where there are too few signals for a figure', () => {
  const lines = discriminationLines(discriminationOf([market], trades.slice(0, 3), parameters));
  expect(lines[0]).toMatch(/^There was a signal on \d+\.\d % of \d+ candles\.$/);
  expect(lines.at(-1)).toContain('too few (');
});

import { describe, expect, it } from 'vitest';
import { runBandReversion } from '../../src/backtest/reference/band-reversion.ts';
import { reversionColumns } from '../../src/backtest/reference/reversion-columns.ts';
import { columnsOf, type CandleColumns } from '../../src/backtest/candles/candle-columns.ts';
import { lookAheadText } from '../../src/backtest/honesty/honesty-report.ts';
import { recordedInstrument, RECORDED_TIERS } from '../../src/backtest/trade/instrument.ts';
import { checkLookAhead, joinLookAhead } from '../../src/backtest/honesty/look-ahead.ts';
import type { PortfolioMarket } from '../../src/backtest/candles/market.ts';
import { checkReversionLookAhead } from '../../src/backtest/reference/reversion-look-ahead.ts';
import {
  snapshotColumns,
  type SnapshotColumns,
} from '../../src/backtest/candles/snapshot-columns.ts';
import { trackSignals, strategyChooser } from '../../src/backtest/study/study.ts';
import { checkWarmUp } from '../../src/backtest/candles/warm-up.ts';
import { HOUR } from '../../src/domain/time.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import type { Snapshot } from '../../src/signals/agreement/snapshot.ts';
import { walk } from '../indicators/market.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

const parameters = DEFAULT_STRATEGY;
/** Asks at every candle on which its condition stands: many signals. */
const often = { ...agreement, quietFor: 0 };
const candles = columnsOf(walk({ seed: 21, count: 1_200, noise: 0.008 }));
const instrument = recordedInstrument({ symbol: 'XUSDT', priceDecimals: 4, price: 100 });
const marketOf = (columns: SnapshotColumns): PortfolioMarket => ({
  instrument,
  category: 'other',
  tiers: RECORDED_TIERS,
  columns,
});
const tradesOf = (columns: SnapshotColumns) =>
  trackSignals({ ...marketOf(columns), symbol: 'XUSDT' }, strategyChooser(parameters), {
    parameters,
  });

type Compute = (given: CandleColumns) => SnapshotColumns<Snapshot>;

/** The check as a run with these columns would make it. */
function check(compute: Compute, cuts: readonly number[] = []) {
  const columns = compute(candles);
  const trades = tradesOf(columns);
  return checkLookAhead({ market: marketOf(columns), parameters, trades, cuts, compute });
}

/** Every figure one row early: each row knows the next candle. */
const shifted: Compute = (given) => {
  const honest = snapshotColumns(given, often);
  const rsi = Float64Array.from(honest.fields.rsi, (_, row) => honest.fields.rsi[row + 1] ?? NaN);
  return { ...honest, fields: { ...honest.fields, rsi } };
};

/** A mean over the whole recording, the commonest slip of all. */
const normalised: Compute = (given) => {
  const honest = snapshotColumns(given, often);
  const mean = given.volume.reduce((sum, each) => sum + each, 0) / given.length;
  return {
    ...honest,
    fields: { ...honest.fields, volumeMean: honest.fields.volumeMean.map((each) => each && mean) },
  };
};

describe('the look-ahead check', () => {
  it('sees every row and every signal again and finds nothing in the columns of the run', () => {
    const report = check((given) => snapshotColumns(given, often), [175, 176, 700, 1_199]);
    expect(report).toMatchObject({ rows: 1_200, cuts: 4, different: 0, differences: [] });
    expect(report.signals).toBeGreaterThan(15);
  });

  it.each([
    ['figures that are one candle early', shifted, 'rsi'],
    ['a mean over the whole recording', normalised, 'volumeMean'],
  ])('goes red on %s', (_what, cheat, field) => {
    const report = check(cheat, [700]);
    expect(report.different).toBeGreaterThan(1_000);
    expect(report.differences[0]).toMatchObject({ symbol: 'XUSDT', row: 175, field });
    expect(report.differences).toHaveLength(20);
    expect(lookAheadText(joinLookAhead([report]))).toContain('DIFFERENCES, so the results above');
  });

  it('goes red when only the cut recording shows it', () => {
    // Honest on the whole, but a run on less would have had other values: it depends on how much there is.
    const byLength: Compute = (given) =>
      given.length === candles.length ? snapshotColumns(given, often) : normalised(given);
    expect(check(byLength).different).toBe(0);
    expect(check(byLength, [700])).toMatchObject({
      different: 1,
      differences: [{ row: 700, field: 'volumeMean' }],
    });
  });

  it('goes red on a trade that was entered before its signal was known', () => {
    const columns = snapshotColumns(candles, often);
    const [first, ...rest] = tradesOf(columns);
    if (first === undefined) throw new Error('no trade');
    const early = { ...first, entryTime: first.entryTime - HOUR };
    const market = marketOf(columns);
    const honest = checkLookAhead({ market, parameters, trades: [first, ...rest], cuts: [] });
    expect(honest.different).toBe(0);
    const report = checkLookAhead({ market, parameters, trades: [early, ...rest], cuts: [] });
    expect(report.differences[0]?.field).toBe('signal');
  });
});

describe('the look-ahead check of the reference rule', () => {
  const run = (given: CandleColumns, columns = reversionColumns(given)) =>
    runBandReversion(columns, { symbol: 'XUSDT', category: '' });

  it('finds nothing, and goes red on signals of the next candle', () => {
    const trades = run(candles);
    expect(trades.length).toBeGreaterThan(5);
    expect(checkReversionLookAhead('XUSDT', candles, trades)).toMatchObject({
      rows: 1_200,
      signals: trades.length,
      different: 0,
    });
    const known = reversionColumns(candles);
    const early = { ...known, below: known.below.map((row) => row - 1) };
    expect(
      checkReversionLookAhead('XUSDT', candles, run(candles, early)).different,
    ).toBeGreaterThan(0);
  });
});

it('the warm-up check finds the same decisions on 200 candles, and values that differ less the more is known', () => {
  const market = marketOf(snapshotColumns(candles, often));
  const rows = Array.from({ length: 60 }, (_, each) => 820 + each * 5);
  const reports = checkWarmUp(market, rows, parameters);
  expect(reports.map(({ history }) => history)).toEqual([176, 199, 200, 399, 800]);
  expect(reports.map(({ checked }) => checked)).toEqual([60, 60, 60, 60, 60]);
  const [start, , page, , long] = reports;
  expect(page?.different).toBeLessThanOrEqual(1);
  expect(page?.greatest).toBeLessThan(1e-3);
  expect(start?.greatest).toBeGreaterThan(page?.greatest ?? NaN);
  expect(long?.greatest).toBeLessThan(1e-12);
  // Too little history is not checked rather than counted as the same.
  expect(checkWarmUp(market, [180], parameters).map(({ checked }) => checked)).toEqual([
    1, 0, 0, 0, 0,
  ]);
});

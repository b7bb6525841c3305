import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BollingerBands, EMA, MACD, RSI, SMA, WSMA } from 'trading-signals';
import {
  BAND_REVERSION,
  runBandReversion,
  runVariants,
} from '../../src/backtest/band-reversion.ts';
import { reversionColumns } from '../../src/backtest/reversion-columns.ts';
import { columnsOf } from '../../src/backtest/candle-columns.ts';
import { snapshotColumns } from '../../src/backtest/snapshot-columns.ts';
import { followSignals, strategyChooser } from '../../src/backtest/study.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import type { Figure } from '../bench.ts';
import { quantile } from './quantile.ts';
import { candlesOf, instrumentOf } from './scan-data.ts';

const COUNT = 100_000;
const ROUNDS = 5;
const VARIANTS = 100;

function timed(work: () => unknown): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

/** Median ratio of two pieces of work that take turns, the first round left out. */
function ratio(work: () => unknown, base: () => unknown): string {
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const own = timed(work);
    const bare = timed(base);
    if (round > 0) ratios.push(own / bare);
  }
  return `${quantile(ratios, 0.5).toFixed(2)}x`;
}

/** The two indicators of the reference rule, fed and read. */
function feedReversion(candles: readonly Candle[]): void {
  const bands = new BollingerBands(20, 2);
  const rsi = new RSI(14);
  for (const { close } of candles) {
    bands.update(close, false);
    rsi.update(close, false);
    rsi.getResult();
    bands.getResult();
  }
}

/** The library's objects behind the strategy's indicators, fed and read; arithmetic of Vigil's own is left out. */
function feedStrategy(candles: readonly Candle[]): void {
  const means = [new SMA(50)];
  const closes = [new BollingerBands(20, 2), new RSI(14), ...means];
  const macd = new MACD(new EMA(12), new EMA(26), new EMA(9));
  const ranges = [new WSMA(14), new WSMA(14), new WSMA(14), new WSMA(14), new WSMA(14)];
  const volumes = [new SMA(20), new SMA(20)];
  const all = [...closes, macd, ...ranges, ...volumes];
  for (const { close, high, low, volume } of candles) {
    for (const each of closes) each.update(close, false);
    macd.update(close, false);
    for (const each of ranges) each.update(high - low, false);
    for (const each of volumes) each.update(volume, false);
    for (const each of all) each.getResult();
  }
}

/** Bytes on the heap after a collection. */
function heapUsed(collect: () => void): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Growth of a tracker's memory from candle 1,000 to 10,000, in bytes a tracker. */
function trackerGrowth(candles: readonly Candle[]): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const trackers = Array.from({ length: 50 }, () => createTracker('S0USDT'));
  const feed = (from: number, to: number): void => {
    for (const candle of candles.slice(from, to)) for (const each of trackers) each.feed(candle);
  };
  feed(0, 1_000);
  const before = heapUsed(collect);
  feed(1_000, 10_000);
  return (heapUsed(collect) - before) / trackers.length;
}

/** Cost of a backtest beside the bare cost of its indicators, of many variants beside one run, and memory over time. */
export async function backtestBench(): Promise<readonly Figure[]> {
  const candles = candlesOf(7, COUNT);
  const columns = columnsOf(candles);
  const market = { symbol: 'S7USDT', category: 'other' };
  const parameters = DEFAULT_STRATEGY;
  const study = (): unknown => {
    const known = snapshotColumns(columns);
    const instrument = instrumentOf(7);
    const own = { ...market, instrument, columns: known };
    return followSignals(own, strategyChooser(parameters), { parameters });
  };
  const one = (): unknown => runBandReversion(reversionColumns(columns), market);
  const many = (): unknown => {
    const known = reversionColumns(columns);
    const rules = Array.from({ length: VARIANTS }, (_, index) => ({
      ...BAND_REVERSION,
      rsiBelow: 25 + (index % 10),
      stop: 0.01 + 0.001 * Math.floor(index / 10),
    }));
    return runVariants(known, market, rules);
  };
  const perSecond = (COUNT / timed(one) / 1_000).toFixed(2);
  return [
    {
      what: 'reference rule over bare trading-signals',
      value: `${ratio(one, () => feedReversion(candles))} (${perSecond} M candles/s)`,
      aim: 'at most 1.5x',
    },
    {
      what: 'strategy, each signal followed, over bare trading-signals',
      value: ratio(study, () => feedStrategy(candles)),
      aim: 'at most 1.5x',
    },
    { what: `${VARIANTS} variants over one run`, value: ratio(many, one), aim: 'at most 5x' },
    {
      what: 'memory of a tracker, candle 1,000 to 10,000',
      value: `${Math.round(trackerGrowth(candles))} bytes`,
      aim: 'flat',
    },
  ];
}

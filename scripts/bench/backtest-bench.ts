import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BollingerBands, RSI } from 'trading-signals';
import { runBandReversion } from '../../src/backtest/reference/band-reversion.ts';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { reversionColumns } from '../../src/backtest/reference/reversion-columns.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import { trackSignals, strategyChooser } from '../../src/backtest/study/study.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import type { Figure } from './figure.ts';
import { feedStrategy, ratioText, timed } from './ratio.ts';
import { candlesOf, instrumentOf } from './scan-data.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

const COUNT = 100_000;

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

/** Bytes on the heap after a collection. */
function heapUsed(collect: () => void): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Growth of a tracker's memory from candle 1,000 to 10,000, in bytes a tracker. */
function trackerGrowth(candles: readonly Candle[]): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const trackers = Array.from({ length: 50 }, () => createTracker('S0USDT', agreement));
  const feed = (from: number, to: number): void => {
    for (const candle of candles.slice(from, to)) for (const each of trackers) each.feed(candle);
  };
  feed(0, 1_000);
  const before = heapUsed(collect);
  feed(1_000, 10_000);
  return (heapUsed(collect) - before) / trackers.length;
}

/** Cost of a backtest beside the bare cost of its indicators, and memory over time. */
export async function backtestBench(): Promise<readonly Figure[]> {
  const candles = candlesOf(7, COUNT);
  const columns = columnsOf(candles);
  const market = { symbol: 'S7USDT', category: 'other' };
  const parameters = DEFAULT_STRATEGY;
  const study = (): unknown => {
    const known = snapshotColumns(columns, agreement);
    const instrument = instrumentOf(7);
    const own = { ...market, instrument, columns: known };
    return trackSignals(own, strategyChooser(parameters), { parameters });
  };
  const one = (): unknown => runBandReversion(reversionColumns(columns), market);
  const perSecond = (COUNT / timed(one) / 1_000).toFixed(2);
  return [
    {
      what: 'reference rule over bare trading-signals',
      value: `${ratioText(one, () => feedReversion(candles))} (${perSecond} M candles/s)`,
      aim: 'at most 1.5x',
    },
    {
      what: 'strategy, each signal followed, over bare trading-signals',
      value: ratioText(study, () => feedStrategy(candles)),
      aim: 'at most 1.5x',
    },
    {
      what: 'memory of a tracker, candle 1,000 to 10,000',
      value: `${Math.round(trackerGrowth(candles))} bytes`,
      aim: 'flat',
    },
  ];
}

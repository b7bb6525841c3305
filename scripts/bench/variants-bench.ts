import {
  BAND_REVERSION,
  runBandReversion,
  runVariants,
} from '../../src/backtest/band-reversion.ts';
import { columnsOf } from '../../src/backtest/candle-columns.ts';
import { reversionColumns } from '../../src/backtest/reversion-columns.ts';
import { snapshotColumns } from '../../src/backtest/snapshot-columns.ts';
import { followSignals, strategyChooser } from '../../src/backtest/study.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import type { Figure } from '../bench.ts';
import { marketSets, type MarketSet } from './market-sets.ts';
import { ratioText } from './ratio.ts';
import { candlesOf, instrumentOf } from './scan-data.ts';

const market = { symbol: 'S7USDT', category: 'other' };

/** Ten RSI limits and ten stops. */
const RULES = Array.from({ length: 100 }, (_, index) => ({
  ...BAND_REVERSION,
  rsiBelow: 25 + (index % 10),
  stop: 0.01 + 0.001 * Math.floor(index / 10),
}));

const STRATEGY_CANDLES = 10_000;
const STRATEGIES = Array.from({ length: 100 }, (_, index) => ({
  ...DEFAULT_STRATEGY,
  minScore: 70 + 3 * (index % 10),
  stopAtrs: 1.5 + 0.1 * Math.floor(index / 10),
}));

/** Reading the indicators once and running 100 rules, beside reading them once and running one. */
function ruleFigure({ name, candles }: MarketSet, listed: boolean): string {
  const many = (): void => {
    for (const each of candles) {
      const { tradesOf } = runVariants(reversionColumns(each), market, RULES);
      if (listed) for (const index of RULES.keys()) tradesOf(index);
    }
  };
  const one = (): void => {
    for (const each of candles) runBandReversion(reversionColumns(each), market);
  };
  return `${ratioText(many, one)} on ${name}`;
}

function strategyFigure(): string {
  const candles = columnsOf(candlesOf(7, STRATEGY_CANDLES));
  const run = (all: readonly (typeof DEFAULT_STRATEGY)[]) => (): void => {
    const own = { ...market, instrument: instrumentOf(7), columns: snapshotColumns(candles) };
    for (const parameters of all) followSignals(own, strategyChooser(parameters), { parameters });
  };
  return ratioText(run(STRATEGIES), run([DEFAULT_STRATEGY]));
}

/** Cost of 100 variants beside one run over the same candles, indicators included on both sides. */
export async function variantsBench(): Promise<readonly Figure[]> {
  const sets = marketSets();
  return [
    ...sets.map((set) => ({
      what: '100 variants of the reference rule, their figures',
      value: ruleFigure(set, false),
      aim: 'at most 5x',
    })),
    ...sets.map((set) => ({
      what: 'the same, every trade of every variant listed',
      value: ruleFigure(set, true),
    })),
    {
      what: '100 variants of the strategy, each decided anew',
      value: `${strategyFigure()} on ${STRATEGY_CANDLES.toLocaleString('en')} candles`,
    },
  ];
}

import {
  BAND_REVERSION,
  runBandReversion,
  runVariants,
} from '../../src/backtest/reference/band-reversion.ts';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { reversionColumns } from '../../src/backtest/reference/reversion-columns.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import { trackSignals, strategyChooser } from '../../src/backtest/study/study.ts';
import { followVariants } from '../../src/backtest/study/variants.ts';
import { price } from '../../src/domain/money/money.ts';
import { intervalMs } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import type { Strategy } from '../../src/signals/strategy.ts';
import { breakdown } from '../../src/signals/strategies/breakdown.ts';
import { breakout } from '../../src/signals/strategies/breakout.ts';
import type { Figure } from './figure.ts';
import { marketSets, type MarketSet } from './market-sets.ts';
import { ratioText } from './ratio.ts';
import { walk, type MarketShape } from '../../test/indicators/market.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

const market = { symbol: 'S7USDT', category: 'other' };

/** Ten RSI limits and ten stops. */
const RULES = Array.from({ length: 100 }, (_, index) => ({
  ...BAND_REVERSION,
  rsiBelow: 25 + (index % 10),
  stop: 0.01 + 0.001 * Math.floor(index / 10),
}));

/** Ten least scores and ten stops, and ten ranges of the RSI with as many stops. */
const STRATEGIES = Array.from({ length: 100 }, (_, index) => ({
  ...DEFAULT_STRATEGY,
  minScore: 70 + 3 * (index % 10),
  stopAtrs: 1.5 + 0.1 * Math.floor(index / 10),
}));
const RANGES = STRATEGIES.map((each, index) => ({
  ...each,
  minScore: DEFAULT_STRATEGY.minScore,
  rsiLow: 30 + 2 * (index % 10),
}));

/** Short and long histories; many short trades in the wild one, few long ones in the calm one. */
const SHAPES = [
  { name: '2,000 candles', shape: { count: 2_000, noise: 0.012 } },
  { name: '10,000 calm candles', shape: { count: 10_000, noise: 0.002 } },
  { name: '10,000 wild candles', shape: { count: 10_000, noise: 0.04 } },
  { name: '50,000 candles with a trend', shape: { count: 50_000, noise: 0.012, drift: 0.0002 } },
];

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

/** Ten stops in ATRs and ten greatest stops, for a strategy whose events hang on neither. */
const CHANNELS = Array.from({ length: 100 }, (_, index) => ({
  ...breakdown.parameters,
  stopAtrs: 1 + 0.2 * (index % 10),
  maxStop: 0.02 + 0.005 * Math.floor(index / 10),
}));

/** The same for a strategy, every trade listed. */
function strategyFigure(
  shape: MarketShape,
  variants: typeof STRATEGIES,
  strategy: Strategy = agreement,
): string {
  const candles = columnsOf(
    walk(shape).map((each) => ({
      ...each,
      openTime: (each.openTime / HOUR) * intervalMs(strategy.interval),
    })),
  );
  const instrument = { tick: price('0.0001') };
  const own = () => ({ ...market, instrument, columns: snapshotColumns(candles, strategy) });
  const { parameters } = strategy;
  return ratioText(
    () => followVariants(own(), variants, {}),
    () => trackSignals(own(), strategyChooser(parameters), { parameters }),
  );
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
    ...SHAPES.map(({ name, shape }) => ({
      what: '100 variants of agreement, every trade listed',
      value: `${strategyFigure(shape, STRATEGIES)} for scores and stops, ${strategyFigure(shape, RANGES)} for RSI and stops on ${name}`,
      aim: 'at most 5x',
    })),
    ...[breakdown, breakout].flatMap((strategy) =>
      SHAPES.map(({ name, shape }) => ({
        what: `100 variants of ${strategy.name}, every trade listed`,
        value: `${strategyFigure({ ...shape, volume: 1e6 }, CHANNELS, strategy)} on ${name}`,
        aim: 'at most 5x',
      })),
    ),
  ];
}

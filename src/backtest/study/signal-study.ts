import { intervalMs } from '../../domain/candle.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import { analyse, withinWindow, type Analysis, type Window } from '../figures/analyse.ts';
import { rowAt } from '../candles/candle-columns.ts';
import { randomChooser, signalShare, type Random } from './baselines.ts';
import type { TradingCosts } from '../trade/costs.ts';
import { realisedEquity } from '../figures/equity.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import {
  trackSignals,
  strategyChooser,
  type Chooser,
  type StudyMarket,
  type StudyOptions,
} from './study.ts';
import { byEntry, type Trade } from '../trade/trade.ts';
import { followVariants } from './variants.ts';

/** What is tracked, and how. */
export interface StudyInput {
  readonly markets: readonly PortfolioMarket[];
  readonly window: Window;
  readonly parameters: StrategyParameters;
  readonly costs: TradingCosts;
}

/** Random entries are drawn again until there are so many of them, or so many times. */
const ENOUGH_RANDOM = 1_000;
const MOST_DRAWS = 20;

/** Every signal tracked on its own, next to random entries with the same exits. */
export function analyseSignals(
  input: StudyInput,
  { equity: start, random }: { readonly equity: number; readonly random: Random },
): Analysis {
  const { parameters, costs, window, markets } = input;
  const candleMs = intervalMs(markets[0]?.columns.strategy.interval ?? '1h');
  const trades = followAll(input, () => strategyChooser(parameters));
  const shares = new Map(
    markets.map((market) => [market, signalShare(market.columns, parameters)] as const),
  );
  const randomTrades: Trade[] = [];
  for (let draw = 0; draw < MOST_DRAWS && randomTrades.length < ENOUGH_RANDOM; draw += 1) {
    randomTrades.push(
      ...followAll(input, (market) => randomChooser(shares.get(market) ?? 0, random)),
    );
  }
  return analyse({
    trades,
    equity: realisedEquity(trades, { at: window.from, equity: start }, window.to),
    randomTrades,
    held: markets.map(({ columns }) => withinWindow(columns.candles, window)),
    window,
    takerFee: costs.takerFee,
    candleMs: () => candleMs,
    random,
  });
}

/** The choosers' trades on every market, in the order of their entry. */
export function followAll(
  input: StudyInput,
  chooserOf: (market: PortfolioMarket) => Chooser,
): Trade[] {
  return input.markets
    .flatMap((market) =>
      trackSignals(studyOf(market), chooserOf(market), optionsFor(market, input)),
    )
    .sort(byEntry);
}

/** The trades of each variant of the strategy on every market, in the order of their entry. */
export function followAllVariants(
  input: StudyInput,
  variants: readonly StrategyParameters[],
): Trade[][] {
  const found = input.markets.map((market) =>
    followVariants(studyOf(market), variants, optionsFor(market, input)),
  );
  return variants.map((_, index) => found.flatMap((own) => own[index] ?? []).sort(byEntry));
}

const studyOf = ({ instrument, category, columns }: PortfolioMarket): StudyMarket => ({
  symbol: instrument.symbol,
  category,
  instrument,
  columns,
});

const optionsFor = (
  { columns: { candles } }: PortfolioMarket,
  { window, parameters, costs }: StudyInput,
): StudyOptions => ({
  parameters,
  costs,
  from: rowAt(candles, window.from),
  to: rowAt(candles, window.to),
});

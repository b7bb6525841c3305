import { intervalMs } from '../../domain/candle.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import { analyse, withinWindow, type Analysis, type Window } from '../figures/analyse.ts';
import { rowAt } from '../candles/candle-columns.ts';
import type { Random } from './baselines.ts';
import type { TradingCosts } from '../trade/costs.ts';
import { realisedEquity } from '../figures/equity.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { followRequest, spanOf, type StudyMarket, type StudyOptions } from './study.ts';
import { byEntry, type Trade } from '../trade/trade.ts';
import { followStrategy, followVariants } from './variants.ts';

/** What is tracked, and how. */
export interface StudyInput {
  readonly markets: readonly PortfolioMarket[];
  readonly window: Window;
  readonly parameters: StrategyParameters;
  readonly costs: TradingCosts;
  /** See `StudyOptions`. */
  readonly atMark?: StudyOptions['atMark'];
}

/** Random entries are drawn again for all signals until there are so many of them, or so many times. */
const ENOUGH_RANDOM = 1_000;
const MOST_DRAWS = 20;

export interface SignalAnalysis {
  readonly equity: number;
  /** See `AnalysisInput`. */
  readonly tried?: number | undefined;
  readonly random: Random;
}

/** Every signal tracked on its own, next to random entries at the same candles with the same exits. */
export function analyseSignals(
  input: StudyInput,
  { equity: start, tried, random }: SignalAnalysis,
): Analysis {
  const { costs, window, markets } = input;
  const candleMs = intervalMs(markets[0]?.columns.strategy.interval ?? '1h');
  const trades = followAll(input);
  const randomTrades: Trade[] = [];
  for (let draw = 0; draw < MOST_DRAWS && randomTrades.length < ENOUGH_RANDOM; draw += 1) {
    randomTrades.push(...sameCandleTrades(input, trades, random));
  }
  return analyse({
    trades,
    equity: realisedEquity(trades, { at: window.from, equity: start }, window.to),
    randomTrades,
    held: markets.map(({ columns }) => withinWindow(columns.candles, window)),
    window,
    takerFee: costs.takerFee,
    tried,
    candleMs: () => candleMs,
    random,
  });
}

/** Markets that are drawn for one signal before it goes without a counterpart. */
const MOST_MARKETS = 50;

/**
 * For each signal an entry at the same candle on the same side in a market drawn at random, where that may be traded too: what the
 * moment and the exits alone earn.
 */
export function sameCandleTrades(
  input: StudyInput,
  signals: readonly Trade[],
  random: Random,
): Trade[] {
  const { markets, parameters } = input;
  return signals.flatMap(({ entryTime, side }) => {
    for (let draw = 0; draw < MOST_MARKETS; draw += 1) {
      const market = markets[Math.floor(random() * markets.length)];
      if (market === undefined) continue;
      const { candles, ready, fields } = market.columns;
      const row = rowAt(candles, entryTime) - 1;
      if (ready[row] !== 1 || fields.closedAt[row] !== entryTime) continue;
      if ((fields.dayTurnover[row] ?? NaN) < parameters.minDayTurnover) continue;
      const study = studyOf(market);
      const span = spanOf(study, optionsFor(market, input));
      const ended = followRequest(study, { side, row }, span);
      return ended === undefined ? [] : [ended.trade];
    }
    return [];
  });
}

/** The strategy's trades on every market, in the order of their entry. */
export const followAll = (input: StudyInput): Trade[] =>
  input.markets
    .flatMap((market) => followStrategy(studyOf(market), optionsFor(market, input)))
    .sort(byEntry);

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
  { window, parameters, costs, atMark }: StudyInput,
): StudyOptions => ({
  parameters,
  costs,
  atMark,
  from: rowAt(candles, window.from),
  to: rowAt(candles, window.to),
});

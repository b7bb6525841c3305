import { HOUR } from '../domain/time.ts';
import type { StrategyParameters } from '../signals/parameters.ts';
import { analyse, withinWindow, type Analysis, type Window } from './analyse.ts';
import { rowAt } from './candle-columns.ts';
import { randomChooser, signalShare, type Random } from './baselines.ts';
import type { TradingCosts } from './costs.ts';
import { realisedEquity } from './equity.ts';
import type { PortfolioMarket } from './market.ts';
import { followSignals, strategyChooser, type Chooser } from './study.ts';
import { byEntry, type Trade } from './trade.ts';

/** What is followed, and how. */
export interface StudyInput {
  readonly markets: readonly PortfolioMarket[];
  readonly window: Window;
  readonly parameters: StrategyParameters;
  readonly costs: TradingCosts;
}

/** Random entries are drawn again until there are so many of them, or so many times. */
const ENOUGH_RANDOM = 1_000;
const MOST_DRAWS = 20;

/** Every signal followed on its own, next to random entries with the same exits. */
export function analyseSignals(
  input: StudyInput,
  { equity: start, random }: { readonly equity: number; readonly random: Random },
): Analysis {
  const { parameters, costs, window, markets } = input;
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
    candleMs: () => HOUR,
    random,
  });
}

/** The choosers' trades on every market, in the order of their entry. */
export function followAll(
  { markets, window, parameters, costs }: StudyInput,
  chooserOf: (market: PortfolioMarket) => Chooser,
): Trade[] {
  const trades = markets.flatMap((market) => {
    const { instrument, category, columns } = market;
    const from = rowAt(columns.candles, window.from);
    const to = rowAt(columns.candles, window.to);
    const options = { parameters, costs, from, to };
    const study = { symbol: instrument.symbol, category, instrument, columns };
    return followSignals(study, chooserOf(market), options);
  });
  return trades.sort(byEntry);
}

import type { Side } from '../../domain/position.ts';
import type { Signal } from '../../domain/signal.ts';
import type { Timestamp } from '../../domain/time.ts';
import { decide } from '../../signals/decide.ts';
import { signalId } from '../../signals/evaluate.ts';
import { tradeLevels } from '../../signals/levels.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import { turnoverOf, type Snapshot } from '../../signals/snapshot.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { viewAt } from '../candles/snapshot-columns.ts';

/** What the strategy wants; its prices are worked out only when somebody may trade at all. */
export interface Wish {
  readonly market: PortfolioMarket;
  readonly view: Snapshot;
  readonly side: Side;
  readonly score: number;
}

/** What the strategy wants of one market on the candle in row `row`, when that row is the hour `time`. */
export function wishOf(
  market: PortfolioMarket,
  at: { readonly time: Timestamp; readonly row: number },
  parameters: StrategyParameters,
): Wish | undefined {
  if (market.columns.candles.time[at.row] !== at.time) return undefined;
  const view = viewAt(market.columns, at.row);
  if (view === undefined) return undefined;
  const { outcome, longScore, shortScore } = decide(view, parameters);
  if (outcome === 'long') return { market, view, side: outcome, score: longScore };
  if (outcome === 'short') return { market, view, side: outcome, score: shortScore };
  return undefined;
}

/** The live signal without its words; undefined where no sound prices exist. */
export function signalOf(
  { market, view, side, score }: Wish,
  parameters: StrategyParameters,
): Signal | undefined {
  const { instrument, category } = market;
  const levels = tradeLevels({ side, entry: view.close, atr: view.atr, instrument, parameters });
  if (typeof levels === 'string') return undefined;
  return {
    id: signalId(instrument.symbol, side, view.closedAt),
    symbol: instrument.symbol,
    side,
    entry: levels.entry,
    stop: levels.stop,
    target: levels.target,
    rewardRisk: levels.rewardRisk,
    score,
    criteria: [],
    atrFraction: view.atr / view.close,
    turnover: turnoverOf(view),
    category,
    candleClosedAt: view.closedAt,
  };
}

import type { Instrument } from '../domain/instrument.ts';
import { toNumber } from '../domain/money.ts';
import type { Side } from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import { decide } from '../signals/decide.ts';
import { tradeLevels } from '../signals/levels.ts';
import type { StrategyParameters } from '../signals/parameters.ts';
import type { Snapshot } from '../signals/snapshot.ts';
import { DEFAULT_COSTS, type TradingCosts } from './costs.ts';
import {
  beginFollowing,
  endFollowing,
  followCandle,
  type Followed,
  type FollowedResult,
} from './followed.ts';
import { viewAt, type SnapshotColumns } from './snapshot-columns.ts';
import type { Trade } from './trade.ts';

/** What a chooser wants on the candle that just closed. */
export interface Wish {
  readonly side: Side;
  readonly score?: number;
}
export type Chooser = (view: Snapshot, row: number) => Wish | undefined;

export interface StudyMarket {
  readonly symbol: string;
  readonly category: string;
  readonly instrument: Pick<Instrument, 'tick'>;
  readonly columns: SnapshotColumns;
}

export interface StudyOptions {
  readonly parameters: StrategyParameters;
  readonly costs?: TradingCosts;
  /** Quote currency a trade; results in R do not depend on it. */
  readonly notional?: number;
  /** Rows looked at; the whole history by default. Indicators know what came before. */
  readonly from?: number;
  readonly to?: number;
}

/** The strategy as a chooser. */
export const strategyChooser =
  (parameters: StrategyParameters): Chooser =>
  (view) => {
    const { outcome, longScore, shortScore } = decide(view, parameters);
    if (outcome === 'long') return { side: outcome, score: longScore };
    return outcome === 'short' ? { side: outcome, score: shortScore } : undefined;
  };

interface Pending {
  readonly wish: Wish;
  readonly view: Snapshot;
}

/**
 * Follows every wish to its stop or target on its own: one position a symbol, fixed notional, no portfolio limits, so that the
 * number measured is the signal's and not the account's. Entry at the open of the very next hour (none when that candle is
 * missing or opens beyond stop or target), stop first, gaps at the open, costs as given.
 */
export function followSignals(
  market: StudyMarket,
  choose: Chooser,
  options: StudyOptions,
): Trade[] {
  const { candles, ready } = market.columns;
  const costs = options.costs ?? DEFAULT_COSTS;
  const trades: Trade[] = [];
  const to = Math.min(options.to ?? candles.length, candles.length);
  let pending: Pending | undefined;
  let held: (Followed & { readonly wish: Wish }) | undefined;
  const finish = ({ wish }: { readonly wish: Wish }, result: FollowedResult): void => {
    const { symbol, category } = market;
    const score = wish.score === undefined ? {} : { score: wish.score };
    trades.push({ symbol, category, ...result, ...score });
  };
  for (let row = options.from ?? 0; row < to; row += 1) {
    const time = candles.time[row] ?? NaN;
    const open = candles.open[row] ?? NaN;
    if (pending !== undefined && pending.view.closedAt === time) {
      held = enter(pending, { market, time, open }, { ...options, costs });
    }
    pending = undefined;
    if (held !== undefined) {
      const span = { time, open, high: candles.high[row] ?? NaN, low: candles.low[row] ?? NaN };
      const result = followCandle(held, span, costs);
      if (result !== undefined) {
        finish(held, result);
        held = undefined;
      }
    }
    if (held !== undefined || ready[row] !== 1) continue;
    const view = viewAt(market.columns, row);
    const wish = view === undefined ? undefined : choose(view, row);
    if (view !== undefined && wish !== undefined) pending = { wish, view };
  }
  if (held !== undefined) {
    const price = candles.close[to - 1] ?? NaN;
    const time = candles.time[to - 1] ?? NaN;
    finish(held, endFollowing(held, { time, price, reason: 'end', gap: false }, costs));
  }
  return trades;
}

function enter(
  { wish, view }: Pending,
  at: { readonly market: StudyMarket; readonly time: Timestamp; readonly open: number },
  { parameters, notional = 100, costs }: StudyOptions & { readonly costs: TradingCosts },
): (Followed & { readonly wish: Wish }) | undefined {
  const { side } = wish;
  const levels = tradeLevels({
    side,
    entry: view.close,
    atr: view.atr,
    instrument: at.market.instrument,
    parameters,
  });
  if (typeof levels === 'string') return undefined;
  const held = beginFollowing(
    {
      side,
      stop: toNumber(levels.stop),
      target: toNumber(levels.target),
      open: at.open,
      time: at.time,
      notional,
    },
    costs,
  );
  return held === undefined ? undefined : Object.assign(held, { wish });
}

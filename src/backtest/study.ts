import type { Instrument } from '../domain/instrument.ts';
import { toNumber } from '../domain/money.ts';
import type { Side } from '../domain/position.ts';
import { decide } from '../signals/decide.ts';
import { tradeLevels } from '../signals/levels.ts';
import type { StrategyParameters } from '../signals/parameters.ts';
import type { Snapshot } from '../signals/snapshot.ts';
import { DEFAULT_COSTS, fundingOf, isFundingTime, slipped, type TradingCosts } from './costs.ts';
import { bracketExit, type ExitReason } from './fills.ts';
import { viewAt, type SnapshotColumns } from './snapshot-columns.ts';
import { excursionOf, widen, type Excursion, type Trade } from './trade.ts';

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

interface Held {
  readonly row: number;
  readonly wish: Wish;
  readonly entry: number;
  readonly stop: number;
  readonly target: number;
  readonly quantity: number;
  readonly excursion: Excursion;
  funding: number;
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
  let held: Held | undefined;
  for (let row = options.from ?? 0; row < to; row += 1) {
    const time = candles.time[row] ?? NaN;
    const open = candles.open[row] ?? NaN;
    const span = { open, high: candles.high[row] ?? NaN, low: candles.low[row] ?? NaN };
    if (held !== undefined && isFundingTime(time)) {
      held.funding += fundingOf(held.wish.side, held.quantity * open, costs.funding);
    }
    if (pending !== undefined && pending.view.closedAt === time) {
      held = enter(pending, { market, row, open }, { ...options, costs });
    }
    pending = undefined;
    if (held !== undefined) {
      const touch = bracketExit({ ...held, side: held.wish.side }, span);
      if (touch === undefined) widen(held.excursion, span.low, span.high);
      else {
        trades.push(finish(held, { market, row, ...touch }, costs));
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
    trades.push(finish(held, { market, row: to - 1, price, reason: 'end', gap: false }, costs));
  }
  return trades;
}

function enter(
  { wish, view }: Pending,
  at: { readonly market: StudyMarket; readonly row: number; readonly open: number },
  { parameters, notional = 100, costs }: StudyOptions & { readonly costs: TradingCosts },
): Held | undefined {
  const { side } = wish;
  const levels = tradeLevels({
    side,
    entry: view.close,
    atr: view.atr,
    instrument: at.market.instrument,
    parameters,
  });
  if (typeof levels === 'string') return undefined;
  const stop = toNumber(levels.stop);
  const target = toNumber(levels.target);
  const span = { open: at.open, high: at.open, low: at.open };
  if (bracketExit({ side, stop, target }, span) !== undefined) return undefined;
  const entry = slipped(at.open, { side, opens: true }, costs.slippage);
  return {
    row: at.row,
    wish,
    entry,
    stop,
    target,
    quantity: notional / entry,
    excursion: { worst: entry, best: entry },
    funding: 0,
  };
}

interface Exit {
  readonly market: StudyMarket;
  readonly row: number;
  readonly price: number;
  readonly reason: ExitReason;
  readonly gap: boolean;
}

function finish(held: Held, exit: Exit, costs: TradingCosts): Trade {
  const { wish, entry, quantity, stop } = held;
  const { side } = wish;
  const closes = { side, opens: false };
  const slippage = exit.gap ? 2 * costs.slippage : costs.slippage;
  const exitPrice = exit.reason === 'target' ? exit.price : slipped(exit.price, closes, slippage);
  const gain = side === 'long' ? exitPrice - entry : entry - exitPrice;
  const fees = costs.takerFee * quantity * (entry + exitPrice);
  const stopped = slipped(stop, closes, costs.slippage);
  widen(held.excursion, exit.price, exit.price);
  const { candles } = exit.market.columns;
  const { mae, mfe } = excursionOf(held.excursion, side, entry);
  return {
    symbol: exit.market.symbol,
    category: exit.market.category,
    side,
    entryTime: candles.time[held.row] ?? NaN,
    entryPrice: entry,
    exitTime: candles.time[exit.row] ?? NaN,
    exitPrice,
    quantity,
    fees,
    funding: held.funding,
    pnl: quantity * gain - fees + held.funding,
    reason: exit.reason,
    risk: quantity * Math.abs(entry - stopped) + costs.takerFee * quantity * (entry + stopped),
    candles: exit.row - held.row + 1,
    mae,
    mfe,
    ...(wish.score === undefined ? {} : { score: wish.score }),
  };
}

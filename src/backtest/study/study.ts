import type { Instrument } from '../../domain/instrument.ts';
import { priceFromNumber, toNumber } from '../../domain/money/money.ts';
import type { Side } from '../../domain/position.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import { anchored } from '../../signals/ordering/anchor.ts';
import type { TradePrices } from '../../signals/levels.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import type { EntryRequest, Strategy } from '../../signals/strategy.ts';
import type { CandleColumns } from '../candles/candle-columns.ts';
import { DEFAULT_COSTS, type TradingCosts } from '../trade/costs.ts';
import {
  beginTracking,
  endTracking,
  trackCandle,
  trackQuietRows,
  type Tracked,
  type TrackedResult,
} from '../trade/tracked.ts';
import {
  eventAt,
  viewAt,
  type RequestAt,
  type SnapshotColumns,
} from '../candles/snapshot-columns.ts';
import type { Trade } from '../trade/trade.ts';

/** What is wanted on the candle in a row that has a view. */
export type Chooser = (row: number, columns: SnapshotColumns) => EntryRequest | undefined;

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
  /** Moves stop and target to the price of the entry, as the card that is confirmed does; absent: those of the signal. */
  readonly atMark?: Pick<RiskLimits, 'maxStop'> | undefined;
  /** Rows looked at; the whole history by default. Indicators know what came before. */
  readonly from?: number;
  readonly to?: number;
}

/** The strategy as a chooser. */
export const strategyChooser =
  (parameters: StrategyParameters): Chooser =>
  (row, columns) =>
    eventAt(columns, row, parameters);

/**
 * Follows every request to its stop or target on its own: one position a symbol, fixed notional, no portfolio limits, so that the
 * number measured is the signal's and not the account's. Entry at the open of the very next candle (none when that candle is
 * missing or opens beyond stop or target), stop first, gaps at the open, costs as given.
 */
export function trackSignals(market: StudyMarket, choose: Chooser, options: StudyOptions): Trade[] {
  const trades: Trade[] = [];
  const span = spanOf(market, options);
  let row = span.from;
  while (row < span.to) {
    const request = market.columns.ready[row] === 1 ? choose(row, market.columns) : undefined;
    const ended =
      request === undefined ? undefined : followRequest(market, { ...request, row }, span);
    if (ended !== undefined) trades.push(ended.trade);
    row = ended?.row ?? row + 1;
  }
  return trades;
}

/** The options with nothing left open. */
export type StudySpan = Required<Omit<StudyOptions, 'atMark'>> & Pick<StudyOptions, 'atMark'>;

export function spanOf(
  { columns: { candles } }: StudyMarket,
  {
    parameters,
    costs = DEFAULT_COSTS,
    notional = 100,
    atMark,
    from = 0,
    to = Infinity,
  }: StudyOptions,
): StudySpan {
  return { parameters, costs, notional, atMark, from, to: Math.min(to, candles.length) };
}

export interface Ended {
  readonly trade: Trade;
  /** Where it ended: the first row on which a request counts again. */
  readonly row: number;
}

/** What becomes of a request; undefined when it is not entered. */
export function followRequest(
  market: StudyMarket,
  request: RequestAt,
  span: StudySpan,
): Ended | undefined {
  const { candles } = market.columns;
  const { costs, to } = span;
  const held = enter(market, request, span);
  if (held === undefined) return undefined;
  const { leavesAfter = Infinity } = market.columns.strategy;
  const leaves = request.row + 1 + leavesAfter;
  const end = Math.min(to, leaves);
  const row = trackQuietRows(held, candles, { from: request.row + 1, to: end, costs });
  const touched = row < end ? trackCandle(held, spanAt(candles, row), costs) : undefined;
  if (touched !== undefined) return { trade: tradeOf(market, request, touched), row };
  const reason = end === leaves ? 'time' : 'end';
  const left = endAtClose(held, candles, { row: end - 1, reason, costs });
  return { trade: tradeOf(market, request, left), row: reason === 'time' ? end - 1 : end };
}

const spanAt = ({ time, open, high, low }: CandleColumns, row: number) => ({
  time: time[row] ?? NaN,
  open: open[row] ?? NaN,
  high: high[row] ?? NaN,
  low: low[row] ?? NaN,
});

function endAtClose(
  held: Tracked,
  { time, close }: CandleColumns,
  {
    row,
    reason,
    costs,
  }: { readonly row: number; readonly reason: 'time' | 'end'; readonly costs: TradingCosts },
): TrackedResult {
  const last = { time: time[row] ?? NaN, price: close[row] ?? NaN };
  return endTracking(held, { ...last, reason, gap: false }, costs);
}

/** The result becomes the trade: a copy costs more than following it. */
const tradeOf = (
  { symbol, category }: StudyMarket,
  { score }: EntryRequest,
  result: TrackedResult,
): Trade =>
  Object.assign(result, score === undefined ? { symbol, category } : { symbol, category, score });

function enter(
  { columns, instrument }: StudyMarket,
  { side, row, view = viewAt(columns, row) }: RequestAt,
  { parameters, notional, costs, atMark, to }: StudySpan,
): Tracked | undefined {
  const { candles, strategy } = columns;
  const next = row + 1;
  const time = candles.time[next];
  if (next >= to || view === undefined || time !== view.closedAt) return undefined;
  const prices = strategy.pricesOf({ view, parameters, side }, instrument);
  if (typeof prices === 'string') return undefined;
  const open = candles.open[next] ?? NaN;
  const levels =
    atMark === undefined ? prices : movedTo(open, { strategy, side, prices, instrument, atMark });
  const stop = toNumber(levels.stop);
  const target = toNumber(levels.target);
  return beginTracking({ side, stop, target, open, time, notional }, costs);
}

interface Moved {
  readonly strategy: Strategy;
  readonly side: Side;
  readonly prices: TradePrices;
  readonly instrument: Pick<Instrument, 'tick'>;
  readonly atMark: Pick<RiskLimits, 'maxStop'>;
}

/** The levels that the card would have at that price, or the signal's own. */
function movedTo(open: number, { strategy, side, prices, instrument, atMark }: Moved): TradePrices {
  const mark = priceFromNumber(open, instrument.tick, 'half-even');
  const signal = { ...prices, strategy: strategy.name, side };
  return anchored(signal, { mark, instrument, limits: atMark }) ?? prices;
}

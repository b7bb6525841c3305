import { within } from '../../signals/parameters.ts';
import { equityOf } from '../../domain/account.ts';
import { toNumber } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';
import { createBook } from '../trade/book.ts';
import { enterHour } from './entries.ts';
import type { EquityPoint } from '../figures/equity.ts';
import { createMarketContext } from './market-context.ts';
import { createRiskSupervisor, type Halt } from './risk-supervisor.ts';
import type { PortfolioInput, Run } from './portfolio-run.ts';
import { rowAt } from '../candles/candle-columns.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { timelineOf, type Timeline } from './timeline.ts';
import { byEntry, type Trade } from '../trade/trade.ts';

export interface PortfolioResult {
  readonly trades: readonly Trade[];
  /** Equity at every hour's close. */
  readonly equity: readonly EquityPoint[];
  /** Signals that asked for an entry, and how many of them each limit refused. One signal can meet several limits. */
  readonly requests: number;
  readonly refusals: ReadonlyMap<string, number>;
  readonly halts: readonly Halt[];
}

/**
 * The strategy with its account, as the live pipeline would have run it at the full hours: signals of closed candles, entries at
 * the next open through the same gate, every card approved at once. In each hour: what the open jumped over ends, funding, marks,
 * the account read and the emergency stop judged, the owner, entries at the open, then stops and targets within the candle.
 */
export function runPortfolio(
  input: PortfolioInput,
  timeline: Timeline = timelineOf(input),
): PortfolioResult {
  const { markets, limits } = input;
  const { candleMs } = timeline;
  const leavesAfter = markets[0]?.columns.strategy.leavesAfter;
  const run: Run = {
    input: { ...input, parameters: within(input.parameters, limits) },
    timeline,
    places: new Map(markets.map(({ instrument }, place) => [instrument.symbol, place])),
    book: createBook(input.equity, input.costs, { candleMs, leavesAfter }),
    supervisor: createRiskSupervisor(limits, input.owner),
    context: createMarketContext(markets, limits, timeline),
    trades: [],
    refusals: new Map(),
    requests: 0,
  };
  const { book, supervisor, context, trades } = run;
  const { from = -Infinity, to = Infinity } = input;
  const times = timeline.times.filter((time) => time >= from && time < to);
  const isOver = (): boolean =>
    supervisor.halts().some(({ trigger }) => trigger === input.endsWith);
  let last: Timestamp | undefined;
  const first = times[0];
  const equity: EquityPoint[] = [];
  if (first !== undefined) equity.push({ at: first, equity: toNumber(input.equity) });
  for (const time of times) {
    openHour(run, time);
    supervisor.hour({ book, at: time, market: context.reading(book, time) });
    enterHour(run, time);
    playHour(run, time);
    equity.push({ at: time + candleMs, equity: toNumber(equityOf(book.account(time))) });
    last = time;
    if (isOver()) break;
  }
  if (last !== undefined) {
    endAll(run, last);
    equity.push({ at: last + candleMs, equity: toNumber(equityOf(book.account(last))) });
  }
  trades.sort(byEntry);
  return {
    trades,
    equity,
    requests: run.requests,
    refusals: run.refusals,
    halts: supervisor.halts(),
  };
}

/** The markets in which something is held, in the order of the input. */
function heldMarkets({ book, places, input }: Run): readonly PortfolioMarket[] {
  return book
    .holdings()
    .map(({ position }) => places.get(position.symbol) ?? NaN)
    .toSorted((one, other) => one - other)
    .flatMap((place) => input.markets[place] ?? []);
}

/** The first prices of the hour. */
function openHour(run: Run, time: Timestamp): void {
  for (const { instrument, columns, funding } of heldMarkets(run)) {
    const row = rowAt(columns.candles, time);
    if (columns.candles.time[row] !== time) continue;
    const open = columns.candles.open[row] ?? NaN;
    const trade = run.book.open(instrument.symbol, open, { at: time, funding });
    if (trade !== undefined) run.trades.push(trade);
  }
}

/** Stops and targets of the hour. */
function playHour(run: Run, time: Timestamp): void {
  for (const { instrument, columns } of heldMarkets(run)) {
    const { candles } = columns;
    const row = rowAt(candles, time);
    if (candles.time[row] !== time) continue;
    const span = {
      open: candles.open[row] ?? NaN,
      high: candles.high[row] ?? NaN,
      low: candles.low[row] ?? NaN,
      close: candles.close[row] ?? NaN,
    };
    const trade = run.book.candle(instrument.symbol, span, time);
    if (trade !== undefined) run.trades.push(trade);
  }
}

function endAll(run: Run, time: Timestamp): void {
  for (const { instrument, columns } of heldMarkets(run)) {
    const { candles } = columns;
    const row = Math.min(rowAt(candles, time), candles.length - 1);
    const at = candles.time[row] === time ? row : row - 1;
    const price = candles.close[at] ?? NaN;
    const trade = run.book.end(instrument.symbol, price, candles.time[at] ?? NaN);
    if (trade !== undefined) run.trades.push(trade);
  }
}

import { within } from '../../signals/parameters.ts';
import { intervalMs } from '../../domain/candle.ts';
import { equityOf } from '../../domain/account.ts';
import { toNumber } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';
import { createBook } from '../trade/book.ts';
import { enterHour } from './entries.ts';
import type { EquityPoint } from '../figures/equity.ts';
import { createMarketContext } from './market-context.ts';
import { createRiskSupervisor, type Halt } from './risk-supervisor.ts';
import type { Hour, PortfolioInput, Run } from './portfolio-run.ts';
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
export function runPortfolio(input: PortfolioInput): PortfolioResult {
  const candleMs = candleLength(input.markets);
  const leavesAfter = input.markets[0]?.columns.strategy.leavesAfter;
  const run: Run = {
    input: { ...input, parameters: within(input.parameters, input.limits) },
    book: createBook(input.equity, input.costs, { candleMs, leavesAfter }),
    supervisor: createRiskSupervisor(input.limits, input.owner),
    context: createMarketContext(input.markets, input.limits, candleMs),
    trades: [],
    refusals: new Map(),
    requests: 0,
  };
  const { book, supervisor, context, trades } = run;
  const times = timesOf(input);
  const first = times[0];
  const equity: EquityPoint[] = [];
  if (first !== undefined) equity.push({ at: first, equity: toNumber(input.equity) });
  let rows = input.markets.map(() => 0);
  for (const time of times) {
    rows = input.markets.map(({ columns }, index) =>
      advance(columns.candles.time, rows[index] ?? 0, time),
    );
    const hour = { time, rows };
    openHour(run, hour);
    supervisor.hour({ book, at: time, market: context.reading(book, time) });
    enterHour(run, hour);
    playHour(run, hour);
    equity.push({ at: time + candleMs, equity: toNumber(equityOf(book.account(time))) });
  }
  const last = times.at(-1);
  if (last !== undefined) {
    endAll(run, { time: last, rows });
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

/** Length of the candles of the strategy, which is the same in every market. */
const candleLength = (markets: PortfolioInput['markets']): number =>
  intervalMs(markets[0]?.columns.strategy.interval ?? '1h');

/** Every open time of any market within the window, ascending. */
function timesOf({ markets, from = -Infinity, to = Infinity }: PortfolioInput): readonly number[] {
  const all = new Set<number>();
  for (const { columns } of markets) {
    for (const time of columns.candles.time) if (time >= from && time < to) all.add(time);
  }
  return [...all].sort((one, other) => one - other);
}

/** First row at or after `time`, searched forward. */
function advance(times: Float64Array, from: number, time: Timestamp): number {
  let row = from;
  while (row < times.length && (times[row] ?? Infinity) < time) row += 1;
  return row;
}

/** The first prices of the hour. */
function openHour({ book, input, trades }: Run, { time, rows }: Hour): void {
  for (const [index, { instrument, columns, funding }] of input.markets.entries()) {
    const row = rows[index] ?? 0;
    if (columns.candles.time[row] !== time) continue;
    const open = columns.candles.open[row] ?? NaN;
    const trade = book.open(instrument.symbol, open, { at: time, funding });
    if (trade !== undefined) trades.push(trade);
  }
}

/** Stops and targets of the hour. */
function playHour({ book, input, trades }: Run, { time, rows }: Hour): void {
  for (const [index, { instrument, columns }] of input.markets.entries()) {
    const row = rows[index] ?? 0;
    const { candles } = columns;
    if (!book.has(instrument.symbol) || candles.time[row] !== time) continue;
    const span = {
      open: candles.open[row] ?? NaN,
      high: candles.high[row] ?? NaN,
      low: candles.low[row] ?? NaN,
      close: candles.close[row] ?? NaN,
    };
    const trade = book.candle(instrument.symbol, span, time);
    if (trade !== undefined) trades.push(trade);
  }
}

function endAll({ book, input, trades }: Run, { time, rows }: Hour): void {
  for (const [index, { instrument, columns }] of input.markets.entries()) {
    const { candles } = columns;
    const row = Math.min(rows[index] ?? 0, candles.length - 1);
    const at = candles.time[row] === time ? row : row - 1;
    const price = candles.close[at] ?? NaN;
    const trade = book.end(instrument.symbol, price, candles.time[at] ?? NaN);
    if (trade !== undefined) trades.push(trade);
  }
}

import { equityOf } from '../domain/account.ts';
import { priceFromNumber, toNumber, type Usd } from '../domain/money.ts';
import type { Signal } from '../domain/signal.ts';
import { HOUR, type Timestamp } from '../domain/time.ts';
import { check } from '../risk/gate.ts';
import type { GateInput } from '../risk/gate-input.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { StrategyParameters } from '../signals/parameters.ts';
import { byRank } from '../signals/scan.ts';
import { createBook, type Book } from './book.ts';
import type { TradingCosts } from './costs.ts';
import type { EquityPoint } from './equity.ts';
import type { PortfolioMarket } from './market.ts';
import { createOverseer, type Halt, type OwnerPolicy, type Overseer } from './overseer.ts';
import { byEntry, type Trade } from './trade.ts';
import { signalOf, wishOf, type Wish } from './wishes.ts';

export interface PortfolioInput {
  readonly markets: readonly PortfolioMarket[];
  readonly equity: Usd;
  readonly parameters: StrategyParameters;
  readonly limits: RiskLimits;
  readonly costs: TradingCosts;
  /** What the person does whom the emergency stop waits for. */
  readonly owner: OwnerPolicy;
  /** Entries from here on; indicators know what came before. */
  readonly from?: Timestamp;
  /** Ends before this moment; what is open closes at its last close. */
  readonly to?: Timestamp;
  /** Puts every signal before the gate even while nobody may enter: slower, same trades, every refusal counted. */
  readonly askAlways?: boolean;
}

export interface PortfolioResult {
  readonly trades: readonly Trade[];
  /** Equity at every hour's close. */
  readonly equity: readonly EquityPoint[];
  /** Signals that asked for an entry, and how many of them each limit refused. One signal can meet several limits. */
  readonly wishes: number;
  readonly refusals: ReadonlyMap<string, number>;
  readonly halts: readonly Halt[];
}

/** Refusals that hold for every candidate of the moment: after one of them nobody else need ask. */
const FOR_ALL = new Set([
  'mode-halted',
  'mode-reducing',
  'cool-off',
  'daily-loss-reached',
  'drawdown-reached',
  'loss-streak-reached',
  'equity-under-floor',
  'too-many-trades',
  'too-many-positions',
]);

interface Run {
  readonly input: PortfolioInput;
  readonly book: Book;
  readonly overseer: Overseer;
  readonly trades: Trade[];
  readonly refusals: Map<string, number>;
  wishes: number;
}

/**
 * The strategy with its account: signals of closed candles, entries at the next open through the same gate as live orders, the
 * emergency stop after every hour, every signal approved that the gate lets through. Within an hour: funding, entries at the
 * open, stops and targets, marking at the close, emergency stop. A place freed within an hour is free from the next one on.
 */
export function runPortfolio(input: PortfolioInput): PortfolioResult {
  const book = createBook(input.equity, input.costs);
  const overseer = createOverseer(input.limits, input.owner);
  const run: Run = { input, book, overseer, trades: [], refusals: new Map(), wishes: 0 };
  const equity: EquityPoint[] = [];
  const rows = input.markets.map(() => 0);
  const times = timesOf(input);
  const first = times[0];
  if (first !== undefined) {
    overseer.read(book, first);
    equity.push({ at: first, equity: toNumber(input.equity) });
  }
  let wishes: readonly Wish[] = [];
  for (const time of times) {
    input.markets.forEach((market, index) => {
      rows[index] = advance(market.columns.candles.time, rows[index] ?? 0, time);
    });
    openHour(run, { time, rows, wishes });
    const traded = playHour(run, time, rows);
    overseer.hour(book, { at: time + HOUR, traded });
    equity.push({ at: time + HOUR, equity: toNumber(equityOf(book.account(time))) });
    wishes = wishesAt(run, time, rows);
  }
  endAll(run, rows, times.at(-1));
  const last = times.at(-1);
  if (last !== undefined) {
    equity.push({ at: last + HOUR, equity: toNumber(equityOf(book.account(last))) });
  }
  const { trades, refusals } = run;
  trades.sort(byEntry);
  return { trades, equity, wishes: run.wishes, refusals, halts: overseer.halts() };
}

/** Every open time of any market within the window, ascending. */
function timesOf({ markets, from = -Infinity, to = Infinity }: PortfolioInput): readonly number[] {
  const all = new Set<number>();
  for (const { columns } of markets) {
    for (const time of columns.candles.time) if (time >= from && time < to) all.add(time);
  }
  return [...all].sort((one, other) => one - other);
}

/** First row at or after `time`, searched forward. */
function advance(times: Float64Array, from: number, time: number): number {
  let row = from;
  while (row < times.length && (times[row] ?? Infinity) < time) row += 1;
  return row;
}

interface Hour {
  readonly time: Timestamp;
  readonly rows: readonly number[];
  readonly wishes: readonly Wish[];
}

function openHour(run: Run, { time, rows, wishes }: Hour): void {
  const { book, input, overseer } = run;
  overseer.wake(book, time);
  input.markets.forEach(({ instrument, columns }, index) => {
    const row = rows[index] ?? 0;
    if (!book.has(instrument.symbol) || columns.candles.time[row] !== time) return;
    book.settleFunding(instrument.symbol, columns.candles.open[row] ?? NaN, time);
  });
  const signals = signalsOf(run, { time, rows, wishes });
  for (const [place, { signal, market, open }] of signals.entries()) {
    const forAll = ask(run, market, { signal, time, open });
    if (forAll === undefined || input.askAlways === true) continue;
    count(run, forAll, signals.length - place - 1);
    break;
  }
}

interface Ask {
  readonly signal: Signal;
  readonly time: Timestamp;
  readonly open: number;
}

/** The wishes that can be entered at this open, with prices, best first. Those that cannot are counted. */
function signalsOf(
  run: Run,
  { time, rows, wishes }: Hour,
): readonly (Omit<Ask, 'time'> & { readonly market: PortfolioMarket })[] {
  const found: (Omit<Ask, 'time'> & { readonly market: PortfolioMarket })[] = [];
  const idle = run.input.askAlways === true ? [] : standstill(run, time);
  if (idle.length > 0) {
    count(run, idle, wishes.length);
    return found;
  }
  for (const wish of wishes) {
    const { candles } = wish.market.columns;
    const row = rows[run.input.markets.indexOf(wish.market)] ?? 0;
    if (candles.time[row] !== time || wish.view.closedAt !== time) {
      count(run, ['no-next-candle'], 1);
      continue;
    }
    const signal = signalOf(wish, run.input.parameters);
    if (signal === undefined) count(run, ['no-sound-prices'], 1);
    else found.push({ signal, market: wish.market, open: candles.open[row] ?? NaN });
  }
  return found.toSorted((one, other) => byRank(one.signal, other.signal));
}

/**
 * Why nobody may enter in this hour: what the gate would say to every signal, known without asking it for each of hundreds. It
 * only ever saves questions; who enters is decided by the gate alone.
 */
function standstill({ book, overseer, input }: Run, time: Timestamp): readonly string[] {
  const state = overseer.state();
  const open = book.holdings().length;
  if (overseer.mode().mode !== 'normal') return [`mode-${overseer.mode().mode}`];
  if (open >= input.limits.maxPositions) return ['too-many-positions'];
  if (state === undefined || state.dayStart > time) return [];
  return state.tradesToday >= input.limits.maxTradesPerDay ? ['too-many-trades'] : [];
}

/** Puts one wish before the gate. Returns the refusals when they hold for everybody. */
function ask(
  run: Run,
  market: PortfolioMarket,
  { signal, time, open }: Ask,
): readonly string[] | undefined {
  const { book, overseer, input } = run;
  const { instrument, category, tiers } = market;
  const price = priceFromNumber(open, instrument.tick, 'half-even');
  const holdings = book.holdings();
  const gate: GateInput = {
    candidate: { ...signal, entry: price, signalAgeMs: time - signal.candleClosedAt },
    account: book.account(time),
    positions: holdings.map((each) => each.position),
    protections: holdings.map((each) => each.protection),
    openEntryOrders: [],
    instrument,
    tiers,
    mark: { price, at: time },
    state: overseer.state(),
    mode: overseer.mode(),
    categories: new Map(holdings.map((each) => [each.position.symbol, each.entry.category])),
    // As in the live scan: unknown, so that every open position of the side counts as correlated.
    correlatedSameSide: undefined,
    // A data set need not hold Bitcoin, nor say what margin the exchange asked for at the time.
    market: 'not judged',
    limits: input.limits,
    now: time,
  };
  const verdict = check(gate);
  if (verdict.kind === 'refused') {
    const codes = verdict.refusals.map((each) => each.code);
    count(run, codes, 1);
    const forAll = codes.filter((code) => FOR_ALL.has(code));
    return forAll.length > 0 ? forAll : undefined;
  }
  const entry = { ...verdict.entry, category };
  book.enter({ entry, instrument, score: signal.score, open: price, at: time });
  overseer.read(book, time);
  return undefined;
}

function count(run: Run, codes: readonly string[], by: number): void {
  if (by === 0) return;
  for (const code of codes) run.refusals.set(code, (run.refusals.get(code) ?? 0) + by);
}

/** Stops and targets of the hour. Returns whether anything was open. */
function playHour(run: Run, time: Timestamp, rows: readonly number[]): boolean {
  const { book, input } = run;
  let open = false;
  input.markets.forEach(({ instrument, columns }, index) => {
    const row = rows[index] ?? 0;
    const { candles } = columns;
    if (!book.has(instrument.symbol) || candles.time[row] !== time) return;
    open = true;
    const span = {
      open: candles.open[row] ?? NaN,
      high: candles.high[row] ?? NaN,
      low: candles.low[row] ?? NaN,
      close: candles.close[row] ?? NaN,
    };
    const trade = book.candle(instrument.symbol, span, time);
    if (trade !== undefined) run.trades.push(trade);
  });
  return open;
}

function wishesAt(run: Run, time: Timestamp, rows: readonly number[]): readonly Wish[] {
  const { input, book } = run;
  const found: Wish[] = [];
  input.markets.forEach((market, index) => {
    if (book.has(market.instrument.symbol)) return;
    const wish = wishOf(market, { time, row: rows[index] ?? 0 }, input.parameters);
    if (wish !== undefined) found.push(wish);
  });
  run.wishes += found.length;
  return found;
}

function endAll(run: Run, rows: readonly number[], time: Timestamp | undefined): void {
  if (time === undefined) return;
  run.input.markets.forEach(({ instrument, columns }, index) => {
    const { candles } = columns;
    const row = Math.min(rows[index] ?? 0, candles.length - 1);
    const at = candles.time[row] === time ? row : row - 1;
    const trade = run.book.end(
      instrument.symbol,
      candles.close[at] ?? NaN,
      candles.time[at] ?? NaN,
    );
    if (trade !== undefined) run.trades.push(trade);
  });
}

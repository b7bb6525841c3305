import {
  max,
  min,
  neg,
  sub,
  sumUsd,
  ZERO_USD,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import { equityOf, type Account } from '../../domain/account.ts';
import { valueOf, type Position } from '../../domain/position.ts';
import { dayStart, MINUTE, type Timestamp } from '../../domain/time.ts';
import {
  applyCashFlow,
  recordFlow,
  restated,
  type Baselines,
  type UnexplainedWithdrawal,
} from './cash-flow.ts';
import { legsOf, type Legs } from './follow-fills.ts';
import { withMark, type EquityMark } from './week.ts';
import {
  countNewTrades,
  countResults,
  type TradeCount,
  type TradeCountEvent,
  type TradeCountLimits,
  type TradeReading,
} from './trade-count.ts';

/** What was open in one symbol: signed, short below 0; both sides of a hedge together. */
export interface BookRow {
  readonly symbol: string;
  readonly qty: Qty;
  readonly value: Usd;
  /** Both sides apart, at their cost. Undefined in a book of an earlier version. */
  readonly legs?: Legs;
}

/** The limits that the risk state goes by. */
export interface RiskStateLimits extends TradeCountLimits {
  readonly dayStartOffsetMs: number;
}

/** Equity and open positions at one moment: with the fills since, they give the equity of any later one. */
export interface Book {
  readonly at: Timestamp;
  readonly equity: Usd;
  readonly rows: readonly BookRow[];
}

/** What the gate and the emergency stop remember between readings. Stored as a whole; a lost one is `undefined`, never zeros. */
export interface RiskState extends TradeCount, Baselines {
  /**
   * Equity at the day's start, restated by every deposit and withdrawal in proportion, so that percentages of the day stay as
   * they were.
   */
  readonly dayStartEquity: Usd;
  /** Equity at the day's start as it was. With `dayCashFlow` it gives the day's P&L in money. */
  readonly dayFirstEquity: Usd;
  /** Deposits minus withdrawals since the day's start. */
  readonly dayCashFlow: Usd;
  /** What was open when the day began. */
  readonly dayBook: Book;
  /** High-water mark of equity, restated by cash flows like `dayStartEquity`. */
  readonly peakEquity: Usd;
  readonly lastEquity: Usd;
  /** Failed reads in a row. */
  readonly failedReads: number;
}

/** One good reading of the account. */
export interface RiskReading extends TradeReading {
  readonly account: Account;
  /** Deposits minus withdrawals that this reading confirms; absent: none. */
  readonly cashFlow?: Usd;
  /** Money that left without a trade, as this reading confirms: below 0. It becomes a question to the owner. */
  readonly unexplained?: Usd;
  /** The wallet moved in a way that the next reading must confirm first: nothing is measured by this one. */
  readonly suspect?: boolean;
}

export type RiskEvent =
  | { readonly kind: 'started'; readonly equity: Usd }
  | { readonly kind: 'day-rolled'; readonly dayStart: Timestamp; readonly equity: Usd }
  | { readonly kind: 'cash-flow'; readonly amount: Usd }
  | { readonly kind: 'unexplained-withdrawal'; readonly withdrawal: UnexplainedWithdrawal }
  | TradeCountEvent;

export interface RiskUpdate {
  readonly state: RiskState;
  readonly events: readonly RiskEvent[];
}

/** An old reading serves as the new day's baseline only when it is this close to the boundary. */
const BASELINE_MAX_AGE_MS = 10 * MINUTE;

/** Start of the risk day that holds `at`. */
export const riskDayStart = (
  at: Timestamp,
  limits: Pick<RiskStateLimits, 'dayStartOffsetMs'>,
): Timestamp => dayStart(at - limits.dayStartOffsetMs) + limits.dayStartOffsetMs;

/**
 * The state after a good reading, with what happened. Without a state it starts one whose day and high-water mark begin at
 * this equity. Readings older than the last one are ignored. Throws nothing.
 */
export function updateRiskState(
  state: RiskState | undefined,
  reading: RiskReading,
  limits: RiskStateLimits,
): RiskUpdate {
  if (state !== undefined && reading.account.at < state.accountAt) return { state, events: [] };
  if (state === undefined) return startState(reading, limits);
  const equity = equityOf(reading.account);
  const events: RiskEvent[] = [];
  const flow = { amount: reading.cashFlow ?? ZERO_USD, equity, at: reading.account.at };
  const flowed = withFlow(state, flow, events);
  const rolled = rollDay(flowed, reading, { limits, events });
  const asked = withQuestion(rolled, reading, events);
  const counted = withCounts(asked, reading, { limits, events });
  return {
    state: {
      ...withHighs(counted, reading),
      week: weekAfter(counted, reading),
      accountAt: reading.account.at,
      failedReads: 0,
    },
    events,
  };
}

/** A person accepts the drawdown: the high-water mark starts anew at the last equity. Nothing else ever lowers it. */
export const rebasePeak = (state: RiskState): RiskState => ({
  ...state,
  peakEquity: state.lastEquity,
});

/** What is open, symbol by symbol. */
export function bookOf(positions: readonly Position[]): readonly BookRow[] {
  const symbols = [...new Set(positions.map((each) => each.symbol))];
  return symbols.map((symbol) => {
    const rows = positions.filter((each) => each.symbol === symbol);
    const long = (each: Position): boolean => each.side === 'long';
    return {
      symbol,
      qty: rows.reduce(
        (sum, each) => (sum + (long(each) ? each.qty : -each.qty)) as Qty,
        0n as Qty,
      ),
      value: sumUsd(rows.map((each) => (long(each) ? valueOf(each) : neg(valueOf(each))))),
      legs: legsOf(rows),
    };
  });
}

function startState(reading: RiskReading, limits: RiskStateLimits): RiskUpdate {
  const equity = equityOf(reading.account);
  const events: RiskEvent[] = [{ kind: 'started', equity }];
  const fresh: RiskState = {
    dayStart: riskDayStart(reading.now, limits),
    dayStartEquity: equity,
    dayFirstEquity: equity,
    dayCashFlow: ZERO_USD,
    dayBook: { at: reading.account.at, equity, rows: bookOf(reading.positions) },
    peakEquity: equity,
    lastEquity: equity,
    week: [{ at: reading.account.at, equity }],
    steps: [],
    flows: { since: reading.account.at, list: [] },
    accountAt: reading.account.at,
    failedReads: 0,
    ...NOTHING_COUNTED,
  };
  return { state: withCounts(fresh, reading, { limits, events }), events };
}

/** Counts before the first trade. */
export const NOTHING_COUNTED: Omit<TradeCount, 'dayStart'> = {
  lossStreak: 0,
  losers: [],
  tradesToday: 0,
  dayResults: {},
  entriesCounted: [],
  closesCounted: [],
  lossCloses: {},
};

function withCounts(
  state: RiskState,
  reading: RiskReading,
  to: { readonly limits: RiskStateLimits; readonly events: RiskEvent[] },
): RiskState {
  const events: TradeCountEvent[] = [];
  const trades = countNewTrades(state, reading, events);
  const counted = countResults(trades, { reading, limits: to.limits }, events);
  to.events.push(...events);
  if (counted === state) return state;
  // A cool-off that has ended is absent from the counts and must not come back from the old state.
  const { coolOffUntil: _ended, ...rest } = state;
  return { ...rest, ...counted };
}

function withFlow(
  state: RiskState,
  flow: { readonly amount: Usd; readonly equity: Usd; readonly at: Timestamp },
  events: RiskEvent[],
): RiskState {
  if (flow.amount === 0n) return state;
  events.push({ kind: 'cash-flow', amount: flow.amount });
  const flows = recordFlow(state, { ...flow, countedFrom: flow.at });
  return { ...applyCashFlow(state, flow), flowAt: flow.at, flows };
}

/**
 * A new day begins only on an equity above 0, at the higher of its first and the old day's last reading: a bad first one hides no
 * loss. Money that left and is only now asked about counts as still there.
 */
function rollDay(
  state: RiskState,
  reading: RiskReading,
  to: { readonly limits: RiskStateLimits; readonly events: RiskEvent[] },
): RiskState {
  const start = riskDayStart(reading.now, to.limits);
  const equity = sub(equityOf(reading.account), reading.unexplained ?? ZERO_USD);
  if (start <= state.dayStart || equity <= 0n || reading.suspect === true) return state;
  const recent = start - state.accountAt <= BASELINE_MAX_AGE_MS;
  const baseline = recent ? max(state.lastEquity, equity) : equity;
  to.events.push({ kind: 'day-rolled', dayStart: start, equity: baseline });
  return {
    ...state,
    dayStart: start,
    dayStartEquity: baseline,
    dayFirstEquity: baseline,
    dayCashFlow: ZERO_USD,
    dayBook: { at: reading.account.at, equity, rows: bookOf(reading.positions) },
    tradesToday: 0,
    entriesCounted: [],
    dayResults: {},
  };
}

/** What is known of the equity of the last 7 days; of a state from before that was kept, where its day began. */
export const weekOf = ({
  week,
  dayStart,
  dayStartEquity,
}: Pick<RiskState, 'week' | 'dayStart' | 'dayStartEquity'>): readonly EquityMark[] =>
  week ?? [{ at: dayStart, equity: dayStartEquity }];

/** Money that left and is only now asked about counts as still there, as it does for a new day. */
function weekAfter(state: RiskState, reading: RiskReading): readonly EquityMark[] {
  const { at } = reading.account;
  const equity = sub(equityOf(reading.account), reading.unexplained ?? ZERO_USD);
  const good = equity > 0n && reading.suspect !== true;
  return withMark(weekOf(state), good ? { at, equity } : undefined, at);
}

function withQuestion(state: RiskState, reading: RiskReading, events: RiskEvent[]): RiskState {
  const amount = reading.unexplained ?? ZERO_USD;
  if (amount >= 0n) return state;
  const { at } = reading.account;
  const withdrawal = {
    id: `${at}`,
    amount,
    at,
    equity: equityOf(reading.account),
    highSince: ZERO_USD,
  };
  events.push({ kind: 'unexplained-withdrawal', withdrawal });
  return { ...state, steps: [...state.steps, withdrawal] };
}

/** The marks rise to what this reading and the one before agree on: one false reading leaves no drawdown that never was. */
function withHighs(state: RiskState, reading: RiskReading): RiskState {
  if (reading.suspect === true) return state;
  const equity = equityOf(reading.account);
  const amount = reading.unexplained ?? ZERO_USD;
  // The last reading was from before the money left.
  const last = amount === 0n ? state.lastEquity : restated(state.lastEquity, { amount, equity });
  const agreed = min(equity, last);
  return {
    ...state,
    peakEquity: max(state.peakEquity, agreed),
    steps: state.steps.map((each) => ({ ...each, highSince: max(each.highSince, agreed) })),
    lastEquity: equity,
  };
}

import { add, max, min, mulDiv, sub, ZERO_USD, type Usd } from '../domain/money.ts';
import { equityOf, walletOf, type Account } from '../domain/account.ts';
import { dayStart, MINUTE, type Timestamp } from '../domain/time.ts';
import type { RiskLimits } from './limits.ts';
import {
  countNewTrades,
  countResults,
  type TradeCount,
  type TradeCountEvent,
  type TradeReading,
} from './trade-count.ts';

/** What the gate and the emergency stop remember between readings. Stored as a whole; lost memory is `undefined`, never zeros. */
export interface RiskState extends TradeCount {
  /**
   * Equity at the day's start, restated by every deposit and withdrawal in proportion, so that percentages of the day stay as
   * they were.
   */
  readonly dayStartEquity: Usd;
  /** Equity at the day's start as it was. With `dayCashFlow` it gives the day's P&L in money. */
  readonly dayFirstEquity: Usd;
  /** Deposits minus withdrawals since the day's start. */
  readonly dayCashFlow: Usd;
  /** High-water mark of equity, restated by cash flows like `dayStartEquity`. */
  readonly peakEquity: Usd;
  readonly lastEquity: Usd;
  readonly lastWallet: Usd;
  /** When the account was last read well. */
  readonly accountAt: Timestamp;
  /** Failed reads in a row. */
  readonly failedReads: number;
}

/** One good reading of the account. */
export interface RiskReading extends TradeReading {
  readonly account: Account;
  /** Deposits minus withdrawals since the last reading, when known. Absent is none known. */
  readonly cashFlow?: Usd;
  /**
   * Change of the wallet since the last reading that trades explain: realised P&L, fees and funding. When it is given, what is
   * left over is reported as an unexplained step.
   */
  readonly explained?: Usd;
}

export type RiskEvent =
  | { readonly kind: 'started'; readonly equity: Usd }
  | { readonly kind: 'day-rolled'; readonly dayStart: Timestamp; readonly equity: Usd }
  | { readonly kind: 'cash-flow'; readonly amount: Usd }
  | { readonly kind: 'unexplained-step'; readonly amount: Usd }
  | TradeCountEvent;

export interface RiskUpdate {
  readonly state: RiskState;
  readonly events: readonly RiskEvent[];
}

/** An old reading serves as the new day's baseline only when it is this close to the boundary. */
const BASELINE_MAX_AGE_MS = 10 * MINUTE;
/** A wallet step below this many parts of equity is rounding, not a cash flow: 0.1 %. */
const STEP_TOLERANCE_PARTS = 1_000n;

/** Start of the risk day that holds `at`. */
export const riskDayStart = (at: Timestamp, limits: RiskLimits): Timestamp =>
  dayStart(at - limits.dayStartOffsetMs) + limits.dayStartOffsetMs;

/**
 * The state after a good reading, with what happened. Without a state it starts one whose day and high-water mark begin at
 * this equity. Readings older than the last one are ignored. Throws nothing.
 */
export function updateRiskState(
  state: RiskState | undefined,
  reading: RiskReading,
  limits: RiskLimits,
): RiskUpdate {
  const equity = equityOf(reading.account);
  if (state !== undefined && reading.account.at < state.accountAt) return { state, events: [] };
  if (state === undefined) return startState(reading, limits);
  const events: RiskEvent[] = [];
  const step = unexplainedStep(state, reading, equity);
  if (step !== undefined) events.push({ kind: 'unexplained-step', amount: step });
  const flowed = applyCashFlow(state, { amount: reading.cashFlow ?? ZERO_USD, equity });
  if (flowed !== state) events.push({ kind: 'cash-flow', amount: reading.cashFlow ?? ZERO_USD });
  const rolled = rollDay(flowed, { equity, now: reading.now }, limits);
  if (rolled !== flowed)
    events.push({ kind: 'day-rolled', dayStart: rolled.dayStart, equity: rolled.dayStartEquity });
  const counted = withCounts(rolled, reading, { limits, events });
  const agreed = min(equity, rolled.lastEquity);
  return {
    state: {
      ...counted,
      peakEquity: max(rolled.peakEquity, agreed),
      lastEquity: equity,
      lastWallet: walletOf(reading.account),
      accountAt: reading.account.at,
      failedReads: 0,
    },
    events,
  };
}

/** A read of the account that failed. */
export const recordFailedRead = (state: RiskState): RiskState => ({
  ...state,
  failedReads: state.failedReads + 1,
});

/** A person accepts the drawdown: the high-water mark starts anew at the last equity. Nothing else ever lowers it. */
export const rebasePeak = (state: RiskState): RiskState => ({
  ...state,
  peakEquity: state.lastEquity,
});

function startState(reading: RiskReading, limits: RiskLimits): RiskUpdate {
  const equity = equityOf(reading.account);
  const events: RiskEvent[] = [{ kind: 'started', equity }];
  const fresh: RiskState = {
    dayStart: riskDayStart(reading.now, limits),
    dayStartEquity: equity,
    dayFirstEquity: equity,
    dayCashFlow: ZERO_USD,
    peakEquity: equity,
    lastEquity: equity,
    lastWallet: walletOf(reading.account),
    accountAt: reading.account.at,
    failedReads: 0,
    lossStreak: 0,
    tradesToday: 0,
    entriesCounted: [],
    closesCounted: [],
    lossCloses: {},
  };
  return { state: withCounts(fresh, reading, { limits, events }), events };
}

function withCounts(
  state: RiskState,
  reading: RiskReading,
  to: { readonly limits: RiskLimits; readonly events: RiskEvent[] },
): RiskState {
  const events: TradeCountEvent[] = [];
  const trades = countNewTrades(state, reading, events);
  const counted = countResults(trades, { reading, limits: to.limits }, events);
  to.events.push(...events);
  // A cool-off that has ended is absent from the counts and must not come back from the old state.
  const { coolOffUntil: _ended, ...rest } = state;
  return { ...rest, ...counted };
}

/**
 * Restates the baselines by a cash flow that is already in `equity`. Percentages lost stay exactly as they were; where that is
 * impossible (nothing was or is left) the baselines move by the amount.
 */
export function applyCashFlow(
  state: RiskState,
  flow: { readonly amount: Usd; readonly equity: Usd },
): RiskState {
  if (flow.amount === 0n) return state;
  const before = sub(flow.equity, flow.amount);
  const inProportion = before > 0n && flow.equity > 0n;
  const restate = (value: Usd): Usd =>
    inProportion
      ? (mulDiv(value, flow.equity, { c: before, rounding: 'up' }) as Usd)
      : max(add(value, flow.amount), ZERO_USD);
  return {
    ...state,
    dayStartEquity: restate(state.dayStartEquity),
    peakEquity: restate(state.peakEquity),
    lastEquity: restate(state.lastEquity),
    dayCashFlow: add(state.dayCashFlow, flow.amount),
  };
}

/** A new day begins only on an equity above 0, at the higher of its first and the old day's last reading: a bad first one hides no loss. */
function rollDay(
  state: RiskState,
  reading: { readonly equity: Usd; readonly now: Timestamp },
  limits: RiskLimits,
): RiskState {
  const start = riskDayStart(reading.now, limits);
  if (start <= state.dayStart || reading.equity <= 0n) return state;
  const recent = start - state.accountAt <= BASELINE_MAX_AGE_MS;
  const baseline = recent ? max(state.lastEquity, reading.equity) : reading.equity;
  return {
    ...state,
    dayStart: start,
    dayStartEquity: baseline,
    dayFirstEquity: baseline,
    dayCashFlow: ZERO_USD,
    tradesToday: 0,
    entriesCounted: [],
  };
}

function unexplainedStep(state: RiskState, reading: RiskReading, equity: Usd): Usd | undefined {
  if (reading.explained === undefined) return undefined;
  const known = add(reading.explained, reading.cashFlow ?? ZERO_USD);
  const left = sub(sub(walletOf(reading.account), state.lastWallet), known);
  const size = left < 0n ? -left : left;
  const scale = equity > state.lastEquity ? equity : state.lastEquity;
  return size * STEP_TOLERANCE_PARTS > scale ? left : undefined;
}

import { add, max, mulDiv, sub, ZERO_USD, type Usd } from '../../domain/money/money.ts';
import { DAY, type Timestamp } from '../../domain/time.ts';
import type { EquityMark } from './week.ts';

/** Money that left the account without a trade that explains it. It counts as a loss until the owner says that they took it. */
export interface UnexplainedWithdrawal {
  /** Names the question about it. */
  readonly id: string;
  /** Below 0: it left. */
  readonly amount: Usd;
  readonly at: Timestamp;
  /** Equity right after it. */
  readonly equity: Usd;
  /** The highest equity since, as two readings agreed on it. */
  readonly highSince: Usd;
}

/** Money that came or went and that the baselines have taken out. */
export interface KnownFlow {
  /** The first account reading that holds it. */
  readonly at: Timestamp;
  readonly amount: Usd;
  /** Equity right after it. */
  readonly equity: Usd;
  /** The first moment at which the baselines had taken it out: later than `at` where the owner had to be asked. */
  readonly countedFrom: Timestamp;
}

/** Every flow since a moment, oldest first: equity from before that moment cannot be compared. */
export interface FlowRecord {
  readonly since: Timestamp;
  readonly list: readonly KnownFlow[];
}

/** What deposits and withdrawals move. */
export interface Baselines {
  readonly dayStart: Timestamp;
  readonly dayStartEquity: Usd;
  readonly dayCashFlow: Usd;
  readonly peakEquity: Usd;
  readonly lastEquity: Usd;
  /** Equity of the last 7 days and of the moment before them, oldest first. Absent in a state that was stored before it was kept. */
  readonly week?: readonly EquityMark[];
  /** Questions that the owner has not answered, oldest first. */
  readonly steps: readonly UnexplainedWithdrawal[];
  /** When the baselines were last restated: equity from before that cannot be compared with them. */
  readonly flowAt?: Timestamp;
  /** Absent in a state that was stored before flows were recorded: then nothing is known of those before `flowAt`. */
  readonly flows?: FlowRecord;
  /** When the account was last read well. */
  readonly accountAt: Timestamp;
}

/** How long a flow is remembered: longer than any picture looks back. */
const FLOWS_KEPT_MS = 60 * DAY;
const MOST_FLOWS = 200;

/** The record with one more flow, the oldest forgotten. */
export function recordFlow(
  { flows, flowAt = 0 }: Pick<Baselines, 'flows' | 'flowAt'>,
  flow: KnownFlow,
): FlowRecord {
  const all = [...(flows?.list ?? []), flow].toSorted((a, b) => a.at - b.at);
  const kept = all.filter((each) => each.at > flow.countedFrom - FLOWS_KEPT_MS).slice(-MOST_FLOWS);
  const forgotten = all.length > kept.length ? (all[all.length - kept.length - 1]?.at ?? 0) : 0;
  return { since: Math.max(flows?.since ?? flowAt, forgotten), list: kept };
}

/** A change of the account by `amount` after which its equity was `equity`. */
export interface Flow {
  readonly amount: Usd;
  readonly equity: Usd;
}

/**
 * A figure from before the flow as it would be had the money come or gone before: in proportion, so that every percentage stays
 * as it was; by the amount where nothing was or is left. Rounded up.
 */
export function restated(value: Usd, { amount, equity }: Flow): Usd {
  const before = sub(equity, amount);
  if (before <= 0n || equity <= 0n) return max(add(value, amount), ZERO_USD);
  return mulDiv(value, equity, { c: before, rounding: 'up' }) as Usd;
}

/** Restates every baseline by a deposit or withdrawal that is already in the flow's equity. */
export function applyCashFlow<S extends Baselines>(state: S, flow: Flow): S {
  if (flow.amount === 0n) return state;
  return {
    ...state,
    dayStartEquity: restated(state.dayStartEquity, flow),
    peakEquity: restated(state.peakEquity, flow),
    lastEquity: restated(state.lastEquity, flow),
    ...withWeek(state.week, flow, () => true),
    dayCashFlow: add(state.dayCashFlow, flow.amount),
    steps: state.steps.map((each) => ({ ...each, highSince: restated(each.highSince, flow) })),
  };
}

/** The marks with those restated that the flow came after. */
const withWeek = (
  week: readonly EquityMark[] | undefined,
  flow: Flow,
  before: (mark: EquityMark) => boolean,
): Pick<Baselines, 'week'> =>
  week === undefined
    ? {}
    : {
        week: week.map((mark) =>
          before(mark) ? { at: mark.at, equity: restated(mark.equity, flow) } : mark,
        ),
      };

/**
 * The owner took that money out: the baselines become what they would be had it been known at the time. Day figures that began
 * after it stay, and so does a high that was reached after it. Undefined when there is no such open question.
 */
export function answerWithdrawal<S extends Baselines>(state: S, id: string): S | undefined {
  const withdrawal = state.steps.find((each) => each.id === id);
  if (withdrawal === undefined) return undefined;
  const ofThatDay = state.dayStart <= withdrawal.at;
  return {
    ...state,
    dayStartEquity: ofThatDay ? restated(state.dayStartEquity, withdrawal) : state.dayStartEquity,
    dayCashFlow: ofThatDay ? add(state.dayCashFlow, withdrawal.amount) : state.dayCashFlow,
    peakEquity: max(restated(state.peakEquity, withdrawal), withdrawal.highSince),
    ...withWeek(state.week, withdrawal, ({ at }) => at <= withdrawal.at),
    flowAt: Math.max(state.flowAt ?? 0, withdrawal.at),
    flows: recordFlow(state, {
      at: withdrawal.at,
      amount: withdrawal.amount,
      equity: withdrawal.equity,
      countedFrom: state.accountAt + 1,
    }),
    steps: state.steps
      .filter((each) => each.id !== id)
      .map((each) =>
        each.at > withdrawal.at
          ? each
          : { ...each, highSince: max(restated(each.highSince, withdrawal), withdrawal.highSince) },
      ),
  };
}

/** The state as if the owner had taken out everything that is still asked about: what trading alone has done. */
export const tradingAlone = <S extends Baselines>(state: S): S =>
  state.steps.reduce((so, each) => answerWithdrawal(so, each.id) ?? so, state);

/** Money that left and that nobody has explained yet; 0 or less. */
export const unexplainedSum = ({ steps }: Pick<Baselines, 'steps'>): Usd =>
  steps.reduce((sum, each) => add(sum, each.amount), ZERO_USD);

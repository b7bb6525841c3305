import { equityOf } from '../../domain/account.ts';
import type { Timestamp } from '../../domain/time.ts';
import { transitionMode, type ModeState } from '../../domain/trading-mode.ts';
import { LOSS_STOPS } from '../../risk/limits/all.ts';
import { evaluateStop, type StopReport } from '../../risk/stop/emergency-stop.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import type { MarketReading } from '../../risk/terms/market-reading.ts';
import { afterResume, standingAgainst } from '../../risk/stop/resume.ts';
import {
  rebasePeak,
  riskDayStart,
  updateRiskState,
  type RiskState,
} from '../../risk/state/risk-state.ts';
import { marketConditions } from '../../risk/stop/stop-conditions.ts';
import type { Book } from '../trade/book.ts';

/**
 * What the person does in the backtest whom a halt waits for, once at the start of each risk day: `resumes-daily` lifts the halt
 * unless a limit still stands against it; `accepts-drawdown` also starts the high-water mark anew where the drawdown alone stands;
 * `never` lifts nothing.
 */
export type OwnerPolicy = 'resumes-daily' | 'accepts-drawdown' | 'never';

export interface Halt {
  readonly at: Timestamp;
  readonly trigger: string;
}

/** The account at a moment, with what is known of the market then. */
export interface Moment {
  readonly book: Book;
  readonly at: Timestamp;
  readonly market: MarketReading;
}

/** Risk state, emergency stop and trading mode of a backtest: the live functions. */
export interface RiskSupervisor {
  state(): RiskState | undefined;
  mode(): ModeState;
  halts(): readonly Halt[];
  /** One read of the account, as live after an entry. */
  read(moment: Moment): void;
  /** The start of an hour: two reads, as the live ones every few seconds agree on a peak, and once a day the owner. */
  hour(moment: Moment): void;
}

const ROLLING = LOSS_STOPS.filter(({ rolling }) => rolling === true);

export function createRiskSupervisor(limits: RiskLimits, owner: OwnerPolicy): RiskSupervisor {
  let state: RiskState | undefined;
  let mode: ModeState = { mode: 'normal', reasons: [], since: 0 };
  const halts: Halt[] = [];
  let lastDay: Timestamp | undefined;

  function judge({ book, at, market }: Moment): StopReport {
    const account = book.account(at);
    const positions = book.holdings().map((each) => each.position);
    const priceAt = new Map(positions.map((each) => [each.symbol, at]));
    const health = { accountReadAt: at, failedReads: 0, priceAt };
    return evaluateStop({ state, account, positions, health, market, limits, mode, now: at });
  }

  function trippedAtRest(known: RiskState, { book, at, market }: Moment): boolean {
    const equity = equityOf(book.account(at));
    return (
      marketConditions(market, limits).some((each) => each.tripped) ||
      ROLLING.some((each) => each.measure(known, equity, limits).tripped)
    );
  }

  function read(moment: Moment): void {
    const { book, at } = moment;
    const closed = book.takeClosed();
    const positions = book.holdings().map((each) => each.position);
    const reading = { account: book.account(at), positions, closed, now: at };
    const first = state === undefined;
    state = updateRiskState(state, reading, limits).state;
    // Nothing open and nothing closed: only the market itself, or time, can have reached a limit.
    const quiet = positions.length === 0 && closed.length === 0;
    if (quiet && !first && !trippedAtRest(state, moment)) return;
    for (const event of judge(moment).tightenings) {
      if (!mode.reasons.some((reason) => reason.trigger === event.reason.trigger)) {
        halts.push({ at, trigger: event.reason.trigger });
      }
      mode = transitionMode(mode, event);
    }
  }

  function askOwner(moment: Moment): void {
    if (state === undefined || mode.mode === 'normal' || owner === 'never') return;
    const { readings } = judge(moment);
    const { conditions, coolOffUntil, needsRebase } = standingAgainst(readings, state, moment.at);
    const accepted = conditions.length === 0 || (needsRebase && owner === 'accepts-drawdown');
    if (!accepted || coolOffUntil !== undefined) return;
    state = afterResume(needsRebase ? rebasePeak(state) : state, limits);
    mode = transitionMode(mode, {
      kind: 'resume',
      at: moment.at,
      by: 0,
      judged: mode.reasons,
    });
  }

  return {
    state: () => state,
    mode: () => mode,
    halts: () => halts,
    read,
    hour(moment) {
      read(moment);
      // A second reading of an unchanged account tells nothing new but this: the two agree on a higher peak.
      if (state !== undefined && state.lastEquity > state.peakEquity) read(moment);
      const day = riskDayStart(moment.at, limits);
      if (day !== lastDay) askOwner(moment);
      lastDay = day;
    },
  };
}

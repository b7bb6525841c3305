import type { Timestamp } from '../domain/time.ts';
import { transitionMode, type ModeState } from '../domain/trading-mode.ts';
import { evaluateStop } from '../risk/emergency-stop.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { rebasePeak, riskDayStart, updateRiskState, type RiskState } from '../risk/risk-state.ts';
import type { Book } from './book.ts';

/**
 * What the person does in the backtest whom a halt waits for: `resumes-daily` lifts every halt at the start of the next risk day
 * except a drawdown, which ends trading; `accepts-drawdown` lifts that too and starts the high-water mark anew; `never` lifts
 * nothing.
 */
export type OwnerPolicy = 'resumes-daily' | 'accepts-drawdown' | 'never';

export interface Halt {
  readonly at: Timestamp;
  readonly trigger: string;
}

/** Risk state, emergency stop and trading mode of a backtest: the live functions, fed at every hour's close. */
export interface Overseer {
  state(): RiskState | undefined;
  mode(): ModeState;
  halts(): readonly Halt[];
  /** Takes in the account as it is now. */
  read(book: Book, at: Timestamp): void;
  /** Start of an hour: the day may have changed and the person may lift a halt. */
  wake(book: Book, at: Timestamp): void;
  /** End of an hour. Without an open position nothing can have changed. */
  hour(book: Book, hour: { readonly at: Timestamp; readonly traded: boolean }): void;
}

export function createOverseer(limits: RiskLimits, owner: OwnerPolicy): Overseer {
  let state: RiskState | undefined;
  let mode: ModeState = { mode: 'normal', reasons: [], since: 0 };
  const halts: Halt[] = [];
  let lastWake = -Infinity;

  function read(book: Book, at: Timestamp): void {
    const reading = {
      account: book.account(at),
      positions: book.holdings().map((each) => each.position),
      closed: book.takeClosed(),
      now: at,
    };
    state = updateRiskState(state, reading, limits).state;
  }

  function tighten(book: Book, at: Timestamp): void {
    const account = book.account(at);
    const positions = book.holdings().map((each) => each.position);
    const priceAt = new Map(positions.map((each) => [each.symbol, at]));
    const health = { accountReadAt: at, failedReads: 0, priceAt };
    const report = evaluateStop({ state, account, positions, health, limits, mode, now: at });
    for (const event of report.tightenings) {
      if (!mode.reasons.some((reason) => reason.trigger === event.reason.trigger)) {
        halts.push({ at, trigger: event.reason.trigger });
      }
      mode = transitionMode(mode, event);
    }
  }

  function wake(book: Book, at: Timestamp): void {
    const day = riskDayStart(at, limits);
    if (state === undefined || day <= lastWake) return;
    lastWake = day;
    // A position that was open at midnight has brought the state into the new day already; reading twice is harmless.
    read(book, at);
    if (mode.mode === 'normal' || owner === 'never') return;
    const drawdown = mode.reasons.some((reason) => reason.trigger === 'drawdown');
    if (drawdown && owner !== 'accepts-drawdown') return;
    if (drawdown) state = rebasePeak(state);
    mode = transitionMode(mode, { kind: 'resume', at, by: 0 });
  }

  return {
    state: () => state,
    mode: () => mode,
    halts: () => halts,
    read,
    wake,
    hour(book, { at, traded }) {
      if (!traded) return;
      read(book, at);
      tighten(book, at);
    },
  };
}

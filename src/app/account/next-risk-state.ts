import { rules } from '../../alerts/explain/with-basis.ts';
import { equityOf, walletOf } from '../../domain/account.ts';
import type { Finding } from '../../domain/alert.ts';
import { sub } from '../../domain/money/money.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import { HOUR } from '../../domain/time.ts';
import { type AccountHistory } from '../../risk/state/history-day.ts';
import { rebuildRiskState } from '../../risk/state/rebuild.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import { updateRiskState, type RiskState, type RiskUpdate } from '../../risk/state/risk-state.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import { HISTORY_MS } from './read-history.ts';
import { advanceLedger, type WalletLedger } from './wallet-ledger.ts';

/** Closes are read again from this long before the last look; they are counted once by id, so overlap is harmless. */
export const CLOSES_OVERLAP_MS = HOUR;

export interface NextRiskState {
  readonly state: RiskState;
  readonly ledger: WalletLedger;
  readonly findings: readonly Finding[];
}

/** What one account read makes of the remembered state. */
export function nextRiskState(
  state: RiskState,
  seen: {
    readonly before: AccountSnapshot | undefined;
    readonly snapshot: AccountSnapshot;
    readonly closed: readonly ClosedPosition[];
  },
  limits: RiskLimits,
): NextRiskState {
  const { before, snapshot, closed } = seen;
  const { account, positions, at } = snapshot;
  const counted = new Set(state.closesCounted);
  const { ledger, change } = advanceLedger(before?.ledger, {
    wallet: walletOf(account),
    bonus: account.bonus,
    positions,
    fresh: closed.filter((each) => !counted.has(each.id)),
  });
  // Money that came raises the baselines, so that it hides no loss. Money that is missing counts as a loss until the owner says
  // otherwise: the careful reading in both directions.
  const known = change !== undefined && (change.bonus || change.amount > 0n);
  const update = updateRiskState(
    state,
    {
      account,
      positions,
      closed,
      now: at,
      suspect: ledger.doubted !== undefined,
      ...(known ? { cashFlow: change.amount } : {}),
      ...(change === undefined || known ? {} : { unexplained: change.amount }),
    },
    limits,
  );
  const notices = known ? [rules.moneyCame(change, at)] : [];
  return { state: update.state, ledger, findings: [...notices, ...questions(update)] };
}

const questions = ({ events }: RiskUpdate): readonly Finding[] =>
  events.flatMap((each) =>
    each.kind === 'unexplained-withdrawal' ? [rules.moneyLeft(each.withdrawal)] : [],
  );

/** The state worked out from the exchange's history where nothing is remembered, and what the owner is told of it. */
export function fromHistory(
  history: AccountHistory,
  lost: boolean,
  limits: RiskLimits,
): {
  readonly state: RiskState;
  readonly findings: readonly Finding[];
  /** Symbols whose result of today is not known. */
  readonly unproven: readonly string[];
} {
  const { state, held, unproven, unsplit, unpriced } = rebuildRiskState(history, limits);
  const { now } = history;
  const paused = Object.entries(state.lossCloses).filter(
    ([, at]) => now < at + limits.symbolCoolDownMs,
  );
  const finding = rules.riskStateRebuilt(
    {
      lost,
      open: history.positions,
      dayResult: sub(equityOf(history.account), state.dayFirstEquity),
      dayStartEquity: state.dayStartEquity,
      tradesToday: state.tradesToday,
      lossStreak: state.lossStreak,
      coolOffUntil: state.coolOffUntil,
      pausedSymbols: paused.map(([symbol]) => symbol),
      peakEquity: state.peakEquity,
      since: now - HISTORY_MS,
      closed: history.closed.length,
      fills: history.fills.length,
      held,
      unproven,
      unsplit,
      unpriced,
    },
    now,
  );
  return { state, findings: finding === undefined ? [] : [finding], unproven };
}

import { formatUtc } from '../../domain/time.ts';
import { cameMeanwhile, type ModeState, type SeenReason } from '../../domain/trading-mode.ts';
import { evaluateStop } from '../../risk/stop/emergency-stop.ts';
import { afterResume, standingAgainst } from '../../risk/stop/resume.ts';
import { rebasePeak, type RiskState } from '../../risk/state/risk-state.ts';
import type { LimitUse } from '../../risk/portfolio/portfolio.ts';
import type { Ports } from '../ports/ports.ts';
import { CLOSES_OVERLAP_MS, nextRiskState } from '../account/next-risk-state.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { readMarketRisk } from '../reading/read-market-risk.ts';
import { readLimitUse } from '../reading/limit-use.ts';
import { possibleWhen } from './how-lifted.ts';
import { whyNotLoosen } from './live-guard.ts';
import { reasonOf } from '../reading/reading.ts';
import { telling } from './tighten.ts';

/** What /resume shows before it asks. */
export interface ResumePreview {
  readonly mode: ModeState | undefined;
  /** Sentences on what still stands against entries; empty when resuming is possible. */
  readonly standing: readonly string[];
  /** The drawdown limit is what stands: it goes only if the owner sets the high-water mark to today's equity. */
  readonly needsRebase: boolean;
  readonly limits: readonly LimitUse[];
}

/**
 * What would be allowed after resuming, judged on a fresh read of the account. A limit that is still broken would halt again at
 * the next read, so it is named instead and `resume` refuses.
 */
export async function previewResume(ports: Ports): Promise<ResumePreview> {
  const mode = await ports.mode.read();
  const limits = await readLimitUse(ports);
  try {
    const { standing, needsRebase } = await whatStands(ports, (state) => state);
    return { mode, standing, needsRebase, limits };
  } catch (error) {
    return {
      mode,
      standing: [(await whyNotLoosen(ports)) ?? `The account cannot be read: ${reasonOf(error)}.`],
      needsRebase: false,
      limits,
    };
  }
}

/** Judged on what the next read would make of the account; `change` is what resuming would do to the risk state first. */
async function whatStands(
  ports: Ports,
  change: (state: RiskState) => RiskState,
): Promise<{ standing: string[]; needsRebase: boolean }> {
  const [stored, before, mode, tickers] = await Promise.all([
    ports.accounts.riskState(),
    ports.accounts.snapshot(),
    ports.mode.read(),
    ports.market.tickers(),
  ]);
  const snapshot = await fetchSnapshot(ports);
  if (stored === undefined) {
    return { standing: ['The risk state is not known yet.'], needsRebase: false };
  }
  const now = ports.clock.now();
  const [market, closed] = await Promise.all([
    readMarketRisk(ports, snapshot),
    ports.account.closedPositions((before?.at ?? now) - CLOSES_OVERLAP_MS),
  ]);
  const seen = { before, snapshot, closed };
  const { state, ledger } = nextRiskState(change(stored), seen, ports.limits());
  const { readings } = evaluateStop({
    state,
    account: snapshot.account,
    positions: snapshot.positions,
    health: {
      accountReadAt: snapshot.at,
      failedReads: 0,
      priceAt: new Map(tickers.map((each) => [each.symbol, each.at])),
    },
    market,
    limits: ports.limits(),
    mode: mode ?? { mode: 'halted', reasons: [], since: now },
    now,
  });
  const { conditions, coolOffUntil, needsRebase } = standingAgainst(readings, state, now);
  const unguarded = await whyNotLoosen(ports);
  const standing = conditions.map((each) => `${each.sentence}${possibleWhen(each.id)}`);
  if (coolOffUntil !== undefined) {
    standing.push(`Cool-off after losses until ${formatUtc(coolOffUntil)}.`);
  }
  const never = [unguarded, ledger.doubted === undefined ? undefined : IN_DOUBT].filter(isText);
  return never.length === 0
    ? { standing, needsRebase }
    : { standing: [...standing, ...never], needsRebase: false };
}

const isText = (each: string | undefined): each is string => each !== undefined;

/** A deposit must not look like a gain that has made a loss good, not even for some seconds. */
const IN_DOUBT =
  'The wallet has just changed and no trade explains it yet. Try again in a few seconds.';

/**
 * Loosening by a person: back to `normal`. Refused while a limit is broken, and where trading was held for a reason that is not
 * among those the person was shown (`seen`). `rebase` sets the high-water mark to the equity of this moment, which is the only way
 * past a broken drawdown limit. Mode, risk state and the alert about it change together or not at all.
 */
export async function resume(
  ports: Ports,
  request: { readonly by: number; readonly rebase: boolean; readonly seen: readonly SeenReason[] },
): Promise<
  | { readonly kind: 'resumed'; readonly state: ModeState }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
> {
  const { by, seen } = request;
  const rebase = (state: RiskState): RiskState => (request.rebase ? rebasePeak(state) : state);
  const { standing } = await whatStands(ports, rebase);
  if (standing.length > 0) return { kind: 'refused', reasons: standing };
  const { state } = await ports.mode.apply(
    { kind: 'resume', at: ports.clock.now(), by, judged: seen },
    { tell: telling, riskState: (riskState) => afterResume(rebase(riskState), ports.limits()) },
  );
  if (state.mode === 'normal') return { kind: 'resumed', state };
  const came = cameMeanwhile(state, seen).map((each) => each.evidence);
  const reasons = [HELD_AGAIN, ...came, 'Send /resume again to look at it.'];
  return { kind: 'refused', reasons };
}

const HELD_AGAIN = 'New trades were paused for a reason that you have not seen yet:';

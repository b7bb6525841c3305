import { formatUtc } from '../domain/time.ts';
import type { ModeState } from '../domain/trading-mode.ts';

import { evaluateStop } from '../risk/emergency-stop.ts';
import { afterResume, standingAgainst } from '../risk/resume.ts';
import { rebasePeak, type RiskState } from '../risk/risk-state.ts';
import type { LimitUse } from '../risk/portfolio.ts';
import type { Ports } from './ports.ts';
import { fetchSnapshot } from './read-account.ts';
import { readMarketRisk } from './read-market-risk.ts';
import { readLimitUse } from './read-status.ts';
import { reasonOf } from './reading.ts';

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
    const { standing, needsRebase } = await whatStands(ports, await ports.accounts.riskState());
    return { mode, standing, needsRebase, limits };
  } catch (error) {
    return {
      mode,
      standing: [`The account cannot be read: ${reasonOf(error)}.`],
      needsRebase: false,
      limits,
    };
  }
}

async function whatStands(
  ports: Ports,
  stored: RiskState | undefined,
): Promise<{ standing: string[]; needsRebase: boolean }> {
  const [snapshot, mode, tickers] = await Promise.all([
    fetchSnapshot(ports),
    ports.mode.read(),
    ports.market.tickers(),
  ]);
  if (stored === undefined) {
    return { standing: ['The risk state is not known yet.'], needsRebase: false };
  }
  const now = ports.clock.now();
  const market = await readMarketRisk(ports, snapshot);
  const { readings } = evaluateStop({
    state: stored,
    account: snapshot.account,
    positions: snapshot.positions,
    health: {
      accountReadAt: snapshot.at,
      failedReads: 0,
      priceAt: new Map(tickers.map((each) => [each.symbol, each.at])),
    },
    market,
    limits: ports.limits,
    mode: mode ?? { mode: 'halted', reasons: [], since: now },
    now,
  });
  const { triggers, coolOffUntil, needsRebase } = standingAgainst(readings, stored, now);
  const standing = triggers.map((each) => each.sentence);
  if (coolOffUntil !== undefined) {
    standing.push(`Cool-off after losses until ${formatUtc(coolOffUntil)}.`);
  }
  return { standing, needsRebase };
}

/**
 * Loosening by a person: back to `normal`. Refused while a limit is broken, with the reasons. `rebase` sets the high-water mark
 * to the equity of this moment, which is the only way past a broken drawdown limit.
 */
export async function resume(
  ports: Ports,
  request: { by: number; rebase: boolean },
): Promise<
  | { readonly kind: 'resumed'; readonly state: ModeState }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
> {
  const stored = await ports.accounts.riskState();
  const rebased = stored !== undefined && request.rebase ? rebasePeak(stored) : stored;
  const { standing } = await whatStands(ports, rebased);
  // Nothing is loosened by a resume that is refused.
  if (standing.length > 0 || rebased === undefined) return { kind: 'refused', reasons: standing };
  const after = afterResume(rebased, ports.limits);
  if (after !== stored) await ports.accounts.saveRiskState(after);
  const { state } = await ports.mode.apply({
    kind: 'resume',
    at: ports.clock.now(),
    by: request.by,
  });
  return { kind: 'resumed', state };
}

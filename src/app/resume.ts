import { formatUtc } from '../domain/time.ts';
import type { ModeState } from '../domain/trading-mode.ts';

import { equityOf } from '../domain/account.ts';
import { evaluateStop } from '../risk/emergency-stop.ts';
import { rebasePeak } from '../risk/risk-state.ts';
import type { LimitUse } from '../risk/portfolio.ts';
import type { Ports } from './ports.ts';
import { fetchSnapshot } from './read-account.ts';
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
    const { standing, needsRebase } = await whatStands(ports);
    return { mode, standing, needsRebase, limits };
  } catch (error) {
    return { mode, standing: [`The account cannot be read: ${reasonOf(error)}.`], needsRebase: false, limits };
  }
}

async function whatStands(ports: Ports): Promise<{ standing: string[]; needsRebase: boolean }> {
  const [snapshot, state, failedReads] = await Promise.all([
    fetchSnapshot(ports),
    ports.accounts.riskState(),
    ports.accounts.failedReads(),
  ]);
  if (state === undefined) return { standing: ['The risk state is not known yet.'], needsRebase: false };
  const now = ports.clock.now();
  const verdict = evaluateStop({
    state,
    account: snapshot.account,
    positions: snapshot.positions,
    health: { accountReadAt: snapshot.at, failedReads },
    limits: ports.limits,
    now,
  });
  const standing = verdict.tighten.map((each) => each.reason.evidence);
  const triggers = verdict.tighten.map((each) => each.reason.trigger);
  if (state.coolOffUntil !== undefined && state.coolOffUntil > now) {
    standing.push(`Cool-off after losses until ${formatUtc(state.coolOffUntil)}.`);
  }
  return { standing, needsRebase: triggers.length > 0 && triggers.every((each) => each === 'drawdown') };
}

/**
 * Loosening by a person: back to `normal`. Refused while a limit is broken, with the reasons. `rebase` sets the high-water mark
 * to the equity of this moment, which is the only way past a broken drawdown limit.
 */
export async function resume(
  ports: Ports,
  request: { by: number; rebase: boolean },
): Promise<{ readonly kind: 'resumed'; readonly state: ModeState } | { readonly kind: 'refused'; readonly reasons: readonly string[] }> {
  if (request.rebase) await rebase(ports);
  const { standing } = await whatStands(ports);
  if (standing.length > 0) return { kind: 'refused', reasons: standing };
  const { state } = await ports.mode.apply({ kind: 'resume', at: ports.clock.now(), by: request.by });
  return { kind: 'resumed', state };
}

async function rebase(ports: Ports): Promise<void> {
  const state = await ports.accounts.riskState();
  if (state === undefined) return;
  const equity = equityOf(await ports.account.account());
  if (equity <= 0n) return;
  await ports.accounts.saveRiskState(rebasePeak(state, equity));
}

import { rules } from '../../alerts/explain/with-basis.ts';
import type { Finding } from '../../domain/alert.ts';
import { drawdownOf } from '../../risk/state/day-loss.ts';
import {
  decideChange,
  settleChange,
  type ChangeContext,
  type ChangeDecision,
  type PendingChange,
} from '../../risk/terms/limits-change.ts';
import {
  describeLimit,
  limitOf,
  type RiskLimits,
  HARD_CEILINGS,
  type LimitId,
} from '../../risk/terms/limits.ts';
import type { LimitRequest } from './limit-request.ts';
import { whyNotLoosen } from '../halt/live-guard.ts';
import { isLimitId, limitsOf } from './limits-in-force.ts';
import type { Ports } from '../ports/ports.ts';
import type { LimitsRecord } from '../../domain/limits-record.ts';

/** What these need of the world. */
type Doors = Pick<Ports, 'clock' | 'limitsStore' | 'mode' | 'halts' | 'accounts'>;

/** What a change would do, or did. */
export interface LimitChange {
  readonly kind: 'applied' | 'waits' | 'refused' | 'same';
  readonly label: string;
  readonly from: string;
  readonly to: string;
  readonly sentence: string;
}

/** What would become of the request now. Changes nothing. Rejects when the stored limits cannot be read. */
export async function previewLimitChange(
  ports: Doors,
  request: LimitRequest,
): Promise<LimitChange> {
  const record = await ports.limitsStore.read();
  const context = await contextFor(ports, limitsOf(record));
  const change = describe(request, decide(request, 0, context), context.limits);
  return unlessUnguarded(ports, change);
}

/** A loosening needs a live guard. */
async function unlessUnguarded(
  ports: Pick<Ports, 'clock' | 'halts' | 'accounts'>,
  change: LimitChange,
): Promise<LimitChange> {
  const unguarded = change.kind === 'waits' ? await whyNotLoosen(ports) : undefined;
  return unguarded === undefined ? change : { ...change, kind: 'refused', sentence: unguarded };
}

/**
 * Carries out what the owner confirmed, if it still is what was shown: tightening counts at once, loosening begins to wait and is
 * announced. A tightening drops a waiting loosening of the same limit.
 */
export async function changeLimit(
  ports: Doors,
  call: {
    readonly request: LimitRequest;
    readonly by: number;
    readonly shown: LimitChange['kind'];
  },
): Promise<LimitChange> {
  const { request, by, shown } = call;
  const before = await ports.limitsStore.read();
  const context = await contextFor(ports, limitsOf(before));
  const decision = decide(request, by, context);
  const change = await unlessUnguarded(ports, describe(request, decision, context.limits));
  if (change.kind === 'refused' || change.kind === 'same') return change;
  if (change.kind !== shown) return refusedBecause(change, 'Things have changed in the meantime.');
  const pending = before.pending.filter((each) => each.id !== request.id);
  const { now } = context;
  const after: LimitsRecord =
    decision.kind === 'waits'
      ? { ...before, pending: [...pending, decision.change] }
      : {
          ...withValue(before, request, { at: now, by, from: change.from, to: change.to }),
          pending,
        };
  const findings =
    decision.kind === 'waits'
      ? [rules.limitWaits(named(decision.change), change, decision.change.effectiveAt)]
      : [];
  const stored = await ports.limitsStore.save({ before, after, findings });
  return stored ? change : refusedBecause(change, 'Somebody else changed the limits just now.');
}

const refusedBecause = (change: LimitChange, why: string): LimitChange => ({
  ...change,
  kind: 'refused',
  sentence: `${why} Nothing was changed; send /limits again.`,
});

/** Takes back a loosening that waits, whatever else changes meanwhile. False when none waits for that limit. */
export async function cancelLimitChange(
  ports: Pick<Ports, 'limitsStore'>,
  id: LimitId,
): Promise<boolean> {
  for (;;) {
    const before = await ports.limitsStore.read();
    const pending = before.pending.filter((each) => each.id !== id);
    if (pending.length === before.pending.length) return false;
    const after = { ...before, pending };
    // Each try that fails means that somebody else's change succeeded, and there are few of those.
    if (await ports.limitsStore.save({ before, after, findings: [] })) return true;
  }
}

/**
 * Puts waiting changes in force whose time has come, or drops those that would be refused today. Each is told. Nothing becomes looser
 * without permission and a live guard: then it goes on waiting.
 */
export async function settleLimits(
  ports: Pick<Ports, 'clock' | 'limitsStore' | 'mode' | 'permission' | 'halts' | 'accounts'>,
): Promise<void> {
  const before = await ports.limitsStore.read();
  if (before.pending.length === 0) return;
  let after = before;
  const withheld = (await ports.permission.refusal()) ?? (await whyNotLoosen(ports));
  const findings: Finding[] = [];
  for (const each of before.pending) {
    const change = pendingOf(each);
    if (change === undefined) {
      after = { ...after, pending: after.pending.filter((other) => other !== each) };
      findings.push(rules.limitUnknown(each, ports.clock.now()));
      continue;
    }
    const context = await contextFor(ports, limitsOf(after));
    const settled = settleChange(change, context);
    if (settled.kind === 'waits') continue;
    const pending = after.pending.filter((other) => other.id !== each.id);
    const from = valueText(change.id, context.limits);
    if (settled.kind === 'dropped') {
      after = { ...after, pending };
      findings.push(rules.limitDropped(named(change), settled.refusal.sentence, context.now));
      continue;
    }
    if (withheld !== undefined) continue;
    const to = valueText(change.id, settled.limits);
    const last = { at: context.now, by: change.by, from, to };
    after = { ...withValue(after, change, last), pending };
    findings.push(rules.limitChanged(named(change), { from, to }, context.now));
  }
  if (after !== before) await ports.limitsStore.save({ before, after, findings });
}

type Waiting = LimitsRecord['pending'][number];

/** Undefined: this version has no such limit. */
const pendingOf = (stored: Waiting): PendingChange | undefined =>
  isLimitId(stored.id) ? ({ ...stored, id: stored.id } as PendingChange) : undefined;

const named = ({ id, askedAt }: PendingChange) => ({ id, askedAt, label: limitOf(id).label });

const withValue = (
  record: LimitsRecord,
  { id, to }: LimitRequest,
  last: LimitsRecord['last'][string],
): LimitsRecord => ({
  ...record,
  values: { ...record.values, [id]: to },
  last: { ...record.last, [id]: last },
});

/** What is unknown counts against loosening. */
async function contextFor(
  ports: Pick<Ports, 'clock' | 'mode' | 'accounts'>,
  limits: RiskLimits,
): Promise<ChangeContext> {
  const [mode, state] = await Promise.all([
    ports.mode.read().catch(() => undefined),
    ports.accounts.riskState().catch(() => undefined),
  ]);
  const fall = state === undefined ? undefined : drawdownOf(state, state.lastEquity, limits);
  return {
    limits,
    ceilings: HARD_CEILINGS,
    mode: mode?.mode ?? 'halted',
    inDrawdown: fall === undefined || fall.fall * 10n >= fall.limit * 6n,
    now: ports.clock.now(),
  };
}

const decide = ({ id, to }: LimitRequest, by: number, context: ChangeContext): ChangeDecision =>
  decideChange({ id, to: to as RiskLimits[typeof id], by }, context);

const valueText = (id: LimitId, limits: RiskLimits): string => describeLimit(id, limits).value;

function describe(
  request: LimitRequest,
  decision: ChangeDecision,
  limits: RiskLimits,
): LimitChange {
  const { label, value: from } = describeLimit(request.id, limits);
  if (decision.kind === 'refused') {
    return { kind: 'refused', label, from, to: '', sentence: decision.refusal.sentence };
  }
  const to = valueText(request.id, { ...limits, [request.id]: request.to });
  const kind = request.to === limits[request.id] ? 'same' : decision.kind;
  return { kind, label, from, to, sentence: decision.sentence };
}

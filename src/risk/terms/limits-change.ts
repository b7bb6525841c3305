import { formatUtc, HOUR, type Timestamp } from '../../domain/time.ts';
import type { TradingMode } from '../../domain/trading-mode.ts';
import { describeLimit, HARD_CEILINGS, limitOf, type LimitId, type RiskLimits } from './limits.ts';
import { refuse, type Refusal } from './refusal.ts';

/** How long a loosening waits, so that it is never decided in the heat of a loss. */
export const LOOSENING_WAIT_MS = 12 * HOUR;

/** A loosening that waits. */
export interface PendingChange<Id extends LimitId = LimitId> {
  readonly id: Id;
  readonly to: RiskLimits[Id];
  readonly by: number;
  readonly askedAt: Timestamp;
  readonly effectiveAt: Timestamp;
}

export interface ChangeContext {
  readonly limits: RiskLimits;
  readonly ceilings: Partial<RiskLimits>;
  readonly mode: TradingMode;
  /** The drawdown has used 60 % of its limit or more. */
  readonly inDrawdown: boolean;
  readonly now: Timestamp;
}

export type ChangeDecision =
  | { readonly kind: 'applied'; readonly limits: RiskLimits; readonly sentence: string }
  | { readonly kind: 'waits'; readonly change: PendingChange; readonly sentence: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

function isTighterValue(id: LimitId, to: number | bigint, from: number | bigint): boolean {
  const { tighter } = limitOf(id);
  return tighter === 'lower' ? to < from : tighter === 'higher' && to > from;
}

const passesCeiling = (
  id: LimitId,
  to: number | bigint,
  ceilings: Partial<RiskLimits>,
): boolean => {
  const ceiling = ceilings[id];
  return ceiling === undefined || to === ceiling || isTighterValue(id, to, ceiling);
};

/** Whether a limit can ever be set to that, by whoever asks. */
export const isReachable = <Id extends LimitId>(id: Id, to: RiskLimits[Id]): boolean =>
  whatIsAllowed(id, to) === undefined && passesCeiling(id, to, HARD_CEILINGS);

/** What a limit may be, in words; undefined where `to` is that. */
export function whatIsAllowed<Id extends LimitId>(id: Id, to: RiskLimits[Id]): string | undefined {
  const { text, holds } = limitOf(id).allowed;
  return holds(to) ? undefined : text;
}

const notSensible = (id: LimitId, allowed: string): Refusal =>
  refuse(
    'value-not-sensible',
    { limit: allowed, observed: 'outside of that' },
    `The limit for ${limitOf(id).label} must be ${allowed}.`,
  );

/** What becomes of a request to change a limit: tightening counts at once, loosening waits, and some things are never possible. */
export function decideChange<Id extends LimitId>(
  request: { readonly id: Id; readonly to: RiskLimits[Id]; readonly by: number },
  context: ChangeContext,
): ChangeDecision {
  const { id, to } = request;
  const { limits, now } = context;
  const next: RiskLimits = { ...limits, [id]: to };
  const { label, value } = describeLimit(id, next);
  const allowed = whatIsAllowed(id, to);
  if (allowed !== undefined) {
    return { kind: 'refused', refusal: notSensible(id, allowed) };
  }
  if (to === limits[id])
    return { kind: 'applied', limits, sentence: `The limit for ${label} is ${value} already.` };
  if (isTighterValue(id, to, limits[id])) {
    return {
      kind: 'applied',
      limits: next,
      sentence: `The limit for ${label} is ${value} from now on.`,
    };
  }
  const hindrance = hindranceOf(request, context);
  if (hindrance !== undefined) return { kind: 'refused', refusal: hindrance };
  const effectiveAt = now + LOOSENING_WAIT_MS;
  return {
    kind: 'waits',
    change: { id, to, by: request.by, askedAt: now, effectiveAt },
    sentence: `The limit for ${label} becomes ${value} at ${formatUtc(effectiveAt)}. You can cancel this until then.`,
  };
}

function hindranceOf(
  request: { readonly id: LimitId; readonly to: number | bigint },
  context: ChangeContext,
): Refusal | undefined {
  const { label } = limitOf(request.id);
  const allowed = whatIsAllowed(request.id, request.to as never);
  if (allowed !== undefined) return notSensible(request.id, allowed);
  if (!passesCeiling(request.id, request.to, context.ceilings)) {
    const most = describeLimit(request.id, { ...context.limits, ...context.ceilings }).value;
    const found = { limit: most, observed: String(request.to) };
    return refuse(
      'hard-ceiling',
      found,
      `The limit for ${label} can never be looser than ${most}.`,
    );
  }
  if (context.mode !== 'normal') {
    const found = { limit: 'mode normal', observed: `mode ${context.mode}` };
    return refuse(
      'not-while-halted',
      found,
      'Limits cannot be loosened while trading is halted or paused.',
    );
  }
  if (context.inDrawdown) {
    const found = { limit: 'no drawdown near its limit', observed: 'in a drawdown' };
    return refuse(
      'not-in-drawdown',
      found,
      'Limits cannot be loosened in a drawdown. Wait until equity has recovered.',
    );
  }
  return undefined;
}

/** What becomes of a waiting change now: still waiting, in force, or dropped because it would be refused today. */
export function settleChange(
  change: PendingChange,
  context: ChangeContext,
):
  | { readonly kind: 'waits' }
  | { readonly kind: 'applied'; readonly limits: RiskLimits }
  | { readonly kind: 'dropped'; readonly refusal: Refusal } {
  if (context.now < change.effectiveAt) return { kind: 'waits' };
  const hindrance = hindranceOf(change, context);
  if (hindrance !== undefined) return { kind: 'dropped', refusal: hindrance };
  return { kind: 'applied', limits: { ...context.limits, [change.id]: change.to } };
}

/** Limits that break a hard ceiling, as sentences; empty is well. For settings that come from outside. */
export const ceilingViolations = (
  limits: RiskLimits,
  ceilings: Partial<RiskLimits> = HARD_CEILINGS,
): readonly string[] =>
  (Object.keys(ceilings) as LimitId[])
    .filter((id) => !passesCeiling(id, limits[id], ceilings))
    .map((id) => {
      const most = describeLimit(id, { ...limits, ...ceilings });
      return `The limit for ${most.label} is ${describeLimit(id, limits).value}; it can never be looser than ${most.value}.`;
    });

import { percent } from '../../domain/money/money.ts';
import { DAY, formatUtc, HOUR, type Timestamp } from '../../domain/time.ts';
import type { TradingMode } from '../../domain/trading-mode.ts';
import { describeLimits, type RiskLimits } from './limits.ts';
import { refuse, type Refusal } from './refusal.ts';

export type LimitId = keyof RiskLimits;

/** Which direction of each limit is tighter. `either`: neither is, so every change waits like a loosening. */
export const TIGHTER: { readonly [Id in LimitId]: 'lower' | 'higher' | 'either' } = {
  riskPerTrade: 'lower',
  maxLeverage: 'lower',
  marginPerPosition: 'lower',
  minRewardRisk: 'higher',
  minScore: 'higher',
  maxPositions: 'lower',
  maxTradesPerDay: 'lower',
  maxHeat: 'lower',
  maxJumpLoss: 'lower',
  jumpMove: 'higher',
  smallestTrade: 'higher',
  maxCorrelated: 'lower',
  correlationThreshold: 'lower',
  categoryHeatShare: 'lower',
  dailyLoss: 'lower',
  dayStartOffsetMs: 'either',
  drawdown: 'lower',
  lossStreak: 'lower',
  lossStreakCoolOffMs: 'higher',
  balanceFloor: 'higher',
  symbolCoolDownMs: 'higher',
  accountMaxAgeMs: 'lower',
  priceMaxAgeMs: 'lower',
  maxFailedReads: 'lower',
  signalMaxAgeMs: 'lower',
  minStop: 'higher',
  maxStop: 'lower',
  liquidationStopMultiple: 'higher',
  takerFee: 'higher',
  slippage: 'higher',
  volatilityMultiple: 'lower',
  maxMarginRatio: 'lower',
};

/** Every limit that can be changed. */
export const LIMIT_IDS = Object.keys(TIGHTER) as readonly LimitId[];

/** The most that any change can reach, whoever asks: the promise of the product. */
export const HARD_CEILINGS: Partial<RiskLimits> = {
  riskPerTrade: percent('1.5'),
  maxLeverage: 5,
  dailyLoss: percent('3'),
  drawdown: percent('10'),
};

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

const labelOf = (id: LimitId, limits: RiskLimits): { label: string; value: string } =>
  describeLimits(limits).find((row) => row.id === id) ?? { label: id, value: String(limits[id]) };

const isTighterValue = (id: LimitId, to: number | bigint, from: number | bigint): boolean =>
  TIGHTER[id] === 'lower' ? to < from : TIGHTER[id] === 'higher' && to > from;

const passesCeiling = (
  id: LimitId,
  to: number | bigint,
  ceilings: Partial<RiskLimits>,
): boolean => {
  const ceiling = ceilings[id];
  return ceiling === undefined || to === ceiling || isTighterValue(id, to, ceiling);
};

const COUNTS: readonly LimitId[] = [
  'maxLeverage',
  'maxPositions',
  'maxTradesPerDay',
  'maxCorrelated',
  'lossStreak',
  'maxFailedReads',
];
/** No limit is meant to be longer or larger than these. */
const LONGEST_MS = 365 * DAY;
const LARGEST = 1_000;

/** What a limit may be, in words; undefined where `to` is that. */
function whatIsAllowed(id: LimitId, to: number | bigint): string | undefined {
  if (typeof to === 'bigint') {
    return to > 0n && to <= 10n ** 18n ? undefined : 'above 0 % and at most 100 %';
  }
  if (COUNTS.includes(id)) {
    const sane = Number.isInteger(to) && to >= 1 && to <= LARGEST;
    return sane ? undefined : `a whole number from 1 to ${LARGEST}`;
  }
  if (id === 'dayStartOffsetMs') return within(to, DAY - 1) ? undefined : 'from 0 h to under 24 h';
  if (id.endsWith('Ms')) return within(to, LONGEST_MS) ? undefined : 'from 0 s to 365 d';
  const most = id === 'minScore' ? 100 : id === 'correlationThreshold' ? 1 : LARGEST;
  return within(to, most) ? undefined : `from 0 to ${most}`;
}

const within = (to: number, most: number): boolean => to >= 0 && to <= most;

const refused = (
  code: string,
  found: { limit: string; observed: string },
  sentence: string,
): ChangeDecision => ({
  kind: 'refused',
  refusal: refuse(code, found, sentence),
});

/** What becomes of a wish to change a limit: tightening counts at once, loosening waits, and some things are never possible. */
export function decideChange<Id extends LimitId>(
  wish: { readonly id: Id; readonly to: RiskLimits[Id]; readonly by: number },
  context: ChangeContext,
): ChangeDecision {
  const { id, to } = wish;
  const { limits, now } = context;
  const next: RiskLimits = { ...limits, [id]: to };
  const { label, value } = labelOf(id, next);
  const allowed = whatIsAllowed(id, to);
  if (allowed !== undefined) {
    const found = { limit: allowed, observed: 'outside of that' };
    return refused('value-not-sensible', found, `The limit for ${label} must be ${allowed}.`);
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
  const hindrance = hindranceOf(wish, context);
  if (hindrance !== undefined) return { kind: 'refused', refusal: hindrance };
  const effectiveAt = now + LOOSENING_WAIT_MS;
  return {
    kind: 'waits',
    change: { id, to, by: wish.by, askedAt: now, effectiveAt },
    sentence: `The limit for ${label} becomes ${value} at ${formatUtc(effectiveAt)}. You can cancel this until then.`,
  };
}

function hindranceOf(
  wish: { readonly id: LimitId; readonly to: number | bigint },
  context: ChangeContext,
): Refusal | undefined {
  const { label } = labelOf(wish.id, context.limits);
  if (!passesCeiling(wish.id, wish.to, context.ceilings)) {
    const most = labelOf(wish.id, { ...context.limits, ...context.ceilings }).value;
    const found = { limit: most, observed: String(wish.to) };
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
      const most = labelOf(id, { ...limits, ...ceilings });
      return `The limit for ${most.label} is ${labelOf(id, limits).value}; it can never be looser than ${most.value}.`;
    });

import type { Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { ageOf } from '../limits/rule.ts';
import type { RiskLimits } from '../terms/limits.ts';

/** What the owner may sign beforehand. Without a signature nothing is ever closed by itself. */
export interface FlattenPolicy {
  readonly signedBy: number;
  readonly signedAt: Timestamp;
  /** Conditions of the emergency stop that it answers to. */
  readonly triggers: readonly string[];
  /** How far it goes: every position, or those that are losing. */
  readonly reach: 'all' | 'losing';
}

/** Where a reading of the loss comes from. They share no request, so that one wrong answer is one wrong source. */
export const EVIDENCE_SOURCES = ['account', 'positions', 'fills'] as const;
export type ConditionSource = (typeof EVIDENCE_SOURCES)[number];

/** What one source says about one condition. */
export interface ConditionEvidence {
  readonly source: ConditionSource;
  readonly trigger: string;
  readonly breached: boolean;
  /** The figures in a plain sentence. */
  readonly sentence: string;
  readonly at: Timestamp;
}

export type FlattenDecision =
  | {
      readonly kind: 'nothing';
      readonly reason: 'not signed' | 'not covered' | 'not breached' | 'nothing to close';
    }
  /** One source alone says so: entries are held meanwhile, nothing is closed. */
  | {
      readonly kind: 'wait';
      readonly agreeing: readonly ConditionSource[];
      readonly missing: readonly ConditionSource[];
    }
  | {
      readonly kind: 'flatten';
      readonly positionIds: readonly string[];
      /** What every source that could be read says, those that agree first. */
      readonly because: readonly ConditionEvidence[];
    };

/** Sources that must agree before anything that cannot be undone. */
const SOURCES_NEEDED = 2;

/**
 * Whether positions are to be closed without asking. Needs a signed policy that covers the condition, and two fresh sources of the
 * three that agree: a single one that is wrong neither closes anything nor keeps a true breach from being acted on. Old
 * evidence counts for nothing.
 */
export function decideFlatten(
  policy: FlattenPolicy | undefined,
  situation: {
    readonly trigger: string;
    readonly evidence: readonly ConditionEvidence[];
    readonly positions: readonly Position[];
    readonly now: Timestamp;
  },
  limits: Pick<RiskLimits, 'priceMaxAgeMs'>,
): FlattenDecision {
  if (policy === undefined) return { kind: 'nothing', reason: 'not signed' };
  if (!policy.triggers.includes(situation.trigger))
    return { kind: 'nothing', reason: 'not covered' };
  const fresh = latestBySource(situation, limits);
  const agreeing = fresh.filter((each) => each.breached);
  if (agreeing.length === 0) return { kind: 'nothing', reason: 'not breached' };
  if (agreeing.length < SOURCES_NEEDED) {
    const names = agreeing.map((each) => each.source);
    return {
      kind: 'wait',
      agreeing: names,
      missing: EVIDENCE_SOURCES.filter((each) => !names.includes(each)),
    };
  }
  const chosen = situation.positions.filter(
    (each) => policy.reach === 'all' || each.unrealisedPnl < 0n,
  );
  if (chosen.length === 0) return { kind: 'nothing', reason: 'nothing to close' };
  const because = [...agreeing, ...fresh.filter((each) => !each.breached)];
  return { kind: 'flatten', positionIds: chosen.map((each) => each.id), because };
}

function latestBySource(
  situation: {
    readonly trigger: string;
    readonly evidence: readonly ConditionEvidence[];
    readonly now: Timestamp;
  },
  limits: Pick<RiskLimits, 'priceMaxAgeMs'>,
): readonly ConditionEvidence[] {
  const latest = new Map<ConditionSource, ConditionEvidence>();
  for (const each of situation.evidence) {
    if (each.trigger !== situation.trigger) continue;
    if (ageOf(each.at, situation.now) > limits.priceMaxAgeMs) continue;
    const known = latest.get(each.source);
    if (known === undefined || each.at >= known.at) latest.set(each.source, each);
  }
  return EVIDENCE_SOURCES.flatMap((source) => latest.get(source) ?? []);
}

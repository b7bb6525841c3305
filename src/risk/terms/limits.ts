import type { Ratio } from '../../domain/money/money.ts';
import { LIMITS } from '../limits/all.ts';
import type { Limit } from '../limits/limit.ts';

export type LimitId = keyof typeof LIMITS;

/**
 * Every limit of the risk gate and the emergency stop; each is described where it is made, in `limits/`. Ratios are fractions (0.015 is
 * 1.5 %), names that end in `Ms` are milliseconds, the rest are plain counts or multiples. "Equity" is always wallet + unrealised P&L.
 */
export type RiskLimits = {
  readonly [Id in LimitId]: (typeof LIMITS)[Id] extends Limit<Ratio> ? Ratio : number;
};

export const LIMIT_IDS = Object.keys(LIMITS) as readonly LimitId[];

/** All that is known of a limit. */
export const limitOf = <Id extends LimitId>(id: Id): Limit<RiskLimits[Id]> =>
  LIMITS[id] as unknown as Limit<RiskLimits[Id]>;

/** A value of each limit, as far as `pick` gives one. */
function valuesOf(pick: (limit: Limit) => Ratio | number | undefined): Partial<RiskLimits> {
  const entries = LIMIT_IDS.flatMap((id) => {
    const value = pick(limitOf(id) as Limit);
    return value === undefined ? [] : [[id, value] as const];
  });
  return Object.fromEntries(entries) as Partial<RiskLimits>;
}

/** The conservative defaults of the product. */
export const DEFAULT_LIMITS = valuesOf(({ standard }) => standard) as RiskLimits;

/** The most that any change can reach, whoever asks: the promise of the product. */
export const HARD_CEILINGS = valuesOf(({ ceiling }) => ceiling);

/** One limit as a row of `/limits` and of the README. `value` carries its unit. */
export interface LimitRow {
  readonly id: LimitId;
  readonly label: string;
  readonly value: string;
  readonly meaning: string;
}

/** A limit with its value among these, as it is shown. */
export function describeLimit<Id extends LimitId>(id: Id, limits: RiskLimits): LimitRow {
  const { label, show, meaning } = limitOf(id);
  return { id, label, value: show(limits[id]), meaning };
}

/** Every limit with its unit, in the order in which it is shown. */
export const describeLimits = (limits: RiskLimits): readonly LimitRow[] =>
  LIMIT_IDS.map((id) => describeLimit(id, limits));

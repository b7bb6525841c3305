import type { RiskLimits } from '../terms/limits.ts';
import type { EntryFacts, GateFacts } from './gate-facts.ts';

/** Everything that a verdict depends on. */
export interface GateInput extends GateFacts {
  readonly limits: RiskLimits;
}

/** The input with what several limits need from it, worked out once. */
export interface GateContext extends EntryFacts {
  readonly limits: RiskLimits;
}

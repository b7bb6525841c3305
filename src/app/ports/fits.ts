import type { Fit } from '../../backtest/fit/limit-fit.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';

/** What is asked: strategies that push, with their clean signals alone or all, the limits, and each risk of one trade that is told. */
export interface FitRequest {
  readonly strategies: readonly { readonly name: string; readonly cleanOnly: boolean }[];
  readonly limits: RiskLimits;
  readonly risks: readonly number[];
}

/** How often the limits would have been met, one answer a risk; takes seconds, away from everything that must not wait. */
export type CountFits = (request: FitRequest) => Promise<readonly Fit[]>;

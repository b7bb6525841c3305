import type { Side } from '../domain/position.ts';
import type { CriterionResult } from '../domain/signal.ts';
import type { StrategyParameters } from './parameters.ts';
import type { Snapshot } from './snapshot.ts';

export interface Explanation {
  /** What was measured, ready to show. */
  readonly value: string;
  /** Why it counts or does not, in plain words. */
  readonly reason: string;
}

/**
 * One question that the strategy asks of a snapshot. `met` is arithmetic alone, for backtests of millions of candles; the
 * words are made only where somebody reads them. A filter ignores the side.
 */
export interface Criterion {
  readonly id: string;
  readonly label: string;
  /** Points it adds to the score when met. All weights together are 100. */
  readonly weight: number;
  /** All that `met` reads of the parameters: variants alike in these share its verdicts. */
  readonly thresholds: readonly (keyof StrategyParameters)[];
  readonly met: (view: Snapshot, parameters: StrategyParameters, side: Side) => boolean;
  readonly explain: (view: Snapshot, parameters: StrategyParameters, side: Side) => Explanation;
}

/** What is known while a verdict is put into words. */
export interface Question {
  readonly view: Snapshot;
  readonly parameters: StrategyParameters;
  readonly side: Side;
}

/** The verdict of one criterion with its words. */
export function judge(criterion: Criterion, { view, parameters, side }: Question): CriterionResult {
  return {
    id: criterion.id,
    label: criterion.label,
    weight: criterion.weight,
    met: criterion.met(view, parameters, side),
    ...criterion.explain(view, parameters, side),
  };
}

/** "4.2 %" from 0.042. */
export { shareText as percentText } from '../domain/words/words.ts';

import type { CriterionResult } from '../../domain/signal.ts';
import type { Question, StrategyCriterion } from '../strategy.ts';
import type { Snapshot } from './snapshot.ts';

export type WeightedCriterion = StrategyCriterion<Snapshot>;
/** Its points are given where all of them stand together and add up to 100: in `criteria/list.ts`. */
export type Criterion = Omit<WeightedCriterion, 'weight'>;

/** What one criterion says, with its words. */
export function judge(
  criterion: WeightedCriterion,
  { view, parameters, side }: Question<Snapshot>,
): CriterionResult {
  return {
    id: criterion.id,
    label: criterion.label,
    weight: criterion.weight,
    met: criterion.met(view, parameters, side),
    ...criterion.explain(view, parameters, side),
  };
}

/** "4.2 %" from 0.042. */
export { shareText as percentText } from '../../domain/words/words.ts';

import type { Outcome } from './outcomes.ts';
import { readOutcomes } from './outcomes.ts';
import { BREAKDOWN_OUTCOMES } from './breakdown-outcomes.ts';

/** The recorded outcomes of each strategy that has some. */
const TEXTS: Readonly<Record<string, string>> = { breakdown: BREAKDOWN_OUTCOMES };

/** Whether outcomes of a strategy are recorded, from which an answer can be drawn. */
export const hasOutcomes = (strategy: string): boolean => TEXTS[strategy] !== undefined;

/** The recorded outcomes of these strategies together, in the order in which the gate is asked. */
export const recordedOutcomes = (
  strategies: readonly { readonly name: string; readonly cleanOnly: boolean }[],
): readonly Outcome[] =>
  strategies
    .flatMap(({ name, cleanOnly }) =>
      readOutcomes(TEXTS[name] ?? '').filter(({ clean }) => clean || !cleanOnly),
    )
    .toSorted((one, other) => one.entryTime - other.entryTime);

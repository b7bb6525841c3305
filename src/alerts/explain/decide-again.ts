import type { Finding } from '../../domain/alert.ts';
import { RULES } from './rules.ts';

/** What came of deciding an alert again by what it keeps. */
export interface DecidedAgain {
  /** When its rule speaks, to follow "Told when". */
  readonly when: string;
  /**
   * `same`: the rule finds the same from the same figures. `reworded`: the same, in other words: its text was changed afterwards, as when
   * it was over, or by a newer version. `differs`: it does not.
   */
  readonly verdict: 'same' | 'reworded' | 'differs';
  /** What the rule finds now. */
  readonly again: Finding | undefined;
}

/** Decides an alert again by the same rule. Undefined where it keeps no inputs, or those of a rule that is no more or takes others now. */
export function decideAgain(alert: Finding): DecidedAgain | undefined {
  const { basis } = alert;
  const rule = Object.entries(RULES).find(([name]) => name === basis?.rule)?.[1];
  if (basis === undefined || rule === undefined) return undefined;
  const decide = rule.decide as (...inputs: readonly unknown[]) => Finding | undefined;
  let again: Finding | undefined;
  try {
    again = decide(...basis.inputs);
  } catch {
    // Inputs that another version kept.
    return undefined;
  }
  return { when: rule.when, verdict: compare(alert, again), again };
}

/** What the owner acted upon: which happening, how loud. */
const coreOf = ({ key, kind, severity, stakes, at }: Finding): string =>
  JSON.stringify([key, kind, severity, stakes, at]);

function compare(alert: Finding, again: Finding | undefined): DecidedAgain['verdict'] {
  if (again === undefined || coreOf(again) !== coreOf(alert)) return 'differs';
  // Lines that were added say how it was told.
  const whole =
    again.title === alert.title && again.lines.every((line, index) => line === alert.lines[index]);
  return whole ? 'same' : 'reworded';
}

import { refuse } from '../terms/refusal.ts';
import { count, number } from './limit.ts';
import type { LimitRule } from './rule.ts';
import { countText } from '../../domain/words/words.ts';

/** Positions of one direction inside one correlated cluster, the new one included. */
export const maxCorrelated = count({
  label: 'same direction, correlated',
  standard: 2,
  noun: 'position',
  tighter: 'lower',
  meaning: 'positions of one direction whose coins move together; unknown counts as together',
});

/** From where two symbols are one cluster. */
export const correlationThreshold = number({
  label: 'correlated from',
  standard: 0.8,
  most: 1,
  tighter: 'lower',
  meaning: 'pairwise correlation of 1 h returns over 7 days',
});

interface Needs {
  readonly maxCorrelated: number;
}

/** Positions of one direction that move together. An unknown correlation counts every position of that side. */
export const correlationRule: LimitRule<Needs> = ({
  open,
  candidate,
  correlatedSameSide,
  limits,
}) => {
  if (open === undefined) return undefined;
  const together = correlatedSameSide ?? open.sameSide;
  if (together < limits.maxCorrelated) return undefined;
  const found = {
    limit: countText(limits.maxCorrelated, 'position'),
    observed: `${together} and this one`,
  };
  const how =
    correlatedSameSide === undefined
      ? 'may move together (unknown)'
      : `${together === 1 ? 'moves' : 'move'} together with this coin`;
  const sentence = `${countText(together, `open ${candidate.side} position`)} ${how}; the limit is ${limits.maxCorrelated}.`;
  return refuse('too-correlated', found, sentence);
};

import { refuse } from '../terms/refusal.ts';
import { count, number } from './limit.ts';
import type { LimitRule } from './rule.ts';

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
    limit: `${limits.maxCorrelated} positions`,
    observed: `${together} and this one`,
  };
  const how =
    correlatedSameSide === undefined
      ? 'may move together (unknown)'
      : 'move together with this coin';
  const sentence = `${together} open ${candidate.side} positions ${how}; at most ${limits.maxCorrelated} are allowed.`;
  return refuse('too-correlated', found, sentence);
};

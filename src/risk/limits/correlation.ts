import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** Positions of one direction that move together. An unknown correlation counts every position of that side. */
export const correlation: LimitRule = ({ open, candidate, correlatedSameSide, limits }) => {
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

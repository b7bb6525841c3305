import { ratioFromNumber, toFixed } from '../../domain/money/money.ts';
import { reaches, rewardAndRisk, rewardRiskOf } from '../../domain/money/reward-risk.ts';
import { decimalText } from '../../domain/words/words.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** Reward ÷ risk after fees on both legs, measured at the reference price of now; a lower figure of the signal counts too. */
export const rewardRisk: LimitRule = ({ candidate, limits }) => {
  const pair = rewardAndRisk(candidate, limits.takerFee);
  const measured = rewardRiskOf(pair);
  const claimed = candidate.rewardRisk;
  const claimHolds = claimed === undefined || claimed >= limits.minRewardRisk;
  if (measured === undefined) return undefined;
  if (reaches(pair, ratioFromNumber(limits.minRewardRisk)) && claimHolds) return undefined;
  const observed = claimHolds ? toFixed(measured, 2) : decimalText(claimed, 2);
  const found = { limit: `at least ${limits.minRewardRisk}`, observed };
  const sentence = `After fees the target pays ${observed} times what the stop costs; ${found.limit} is needed.`;
  return refuse('reward-risk-too-low', found, sentence);
};

import { SIGNAL_STANDARD } from '../../domain/signal-standard.ts';
import { ratioFromNumber, toFixed, type Ratio } from '../../domain/money/money.ts';
import { reaches, rewardAndRisk, rewardRiskOf } from '../../domain/money/reward-risk.ts';
import { decimalText } from '../../domain/words/words.ts';
import { refuse } from '../terms/refusal.ts';
import { number } from './limit.ts';
import type { LimitRule } from './rule.ts';

/** Reward ÷ risk, after taker fees on both legs. */
export const minRewardRisk = number({
  label: 'reward : risk',
  standard: SIGNAL_STANDARD.minRewardRisk,
  tighter: 'higher',
  shown: (value) => `at least ${value}`,
  meaning: 'distance to the target against distance to the stop, after fees on both legs',
});

interface Needs {
  readonly minRewardRisk: number;
  readonly takerFee: Ratio;
}

/** Reward ÷ risk after fees on both legs, measured at the reference price of now; a lower figure of the signal counts too. */
export const rewardRiskRule: LimitRule<Needs> = ({ candidate, limits }) => {
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

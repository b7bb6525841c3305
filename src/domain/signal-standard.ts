/**
 * What a signal has to keep by default, for the limits of the gate and for the strategies that make it: a strategy may be stricter
 * than the limits, never laxer. Distances and fee in percent.
 */
export const SIGNAL_STANDARD = {
  minScore: 75,
  minRewardRisk: 2,
  minStop: '0.5',
  maxStop: '5',
  takerFee: '0.06',
} as const;

import { percent, toNumber, type Ratio } from '../domain/money/money.ts';
import { SIGNAL_STANDARD } from '../domain/signal-standard.ts';
import { MIN_QUOTE_VOLUME_24H } from './universe.ts';

/**
 * Every threshold of the strategy. Fractions, not percent: 0.02 is 2 %.
 * A variant is made with `{ ...DEFAULT_STRATEGY, minScore: 80 }`.
 */
export interface StrategyParameters {
  /** Least distance of price from its SMA 20 that counts as a trend. */
  readonly minTrendDistance: number;
  /** Least distance of SMA 20 from SMA 50 that counts as a trend. */
  readonly minTrendSpread: number;
  /** ADX from which a trend counts without the two distances. */
  readonly minAdx: number;
  /** ATR ÷ price must lie below this. */
  readonly maxAtrFraction: number;
  /** ATR must lie below this many times its own mean of 20. */
  readonly maxAtrRise: number;
  /** Volume ÷ its mean of 20 must reach this. */
  readonly minVolumeShare: number;
  /** Share of the band's width that price keeps from either band. */
  readonly bandMargin: number;
  /** How many of the four filters must be met. */
  readonly filtersNeeded: number;
  /** RSI range that confirms a long; a short is confirmed in the mirrored range (100 - high to 100 - low). */
  readonly rsiLow: number;
  readonly rsiHigh: number;
  /** Share of the band, seen from the upper one, in which price confirms a long; mirrored for a short. */
  readonly bandShare: number;
  /** Score from 0 to 100 that a side needs. */
  readonly minScore: number;
  /** Stop distance in ATRs, before it is clamped to the two limits below (fractions of entry). */
  readonly stopAtrs: number;
  readonly minStop: number;
  readonly maxStop: number;
  /** Target distance in stop distances, at least. */
  readonly targetStops: number;
  /** Reward ÷ risk after taker fees on both legs that a trade must still have when it is entered. */
  readonly minRewardRisk: number;
  /**
   * Added to it when the target is set: room for the price to move between the signal and the entry. 0.5 lets the entry get worse
   * by a sixth of the risk, about a third of a 1 h ATR: what a person needs who answers within some minutes.
   */
  readonly rewardRiskRoom: number;
  /** Quote currency that must have been traded in the 24 h before. */
  readonly minDayTurnover: number;
  /** Taker fee as a fraction of notional. */
  readonly takerFee: number;
}

const fraction = (text: string): number => toNumber(percent(text));

/** The conservative defaults. */
export const DEFAULT_STRATEGY: StrategyParameters = {
  minTrendDistance: 0.02,
  minTrendSpread: 0.01,
  minAdx: 20,
  maxAtrFraction: 0.05,
  maxAtrRise: 2,
  minVolumeShare: 0.5,
  bandMargin: 0.2,
  filtersNeeded: 3,
  rsiLow: 40,
  rsiHigh: 70,
  bandShare: 0.7,
  minScore: SIGNAL_STANDARD.minScore,
  stopAtrs: 2,
  minStop: fraction(SIGNAL_STANDARD.minStop),
  maxStop: fraction(SIGNAL_STANDARD.maxStop),
  targetStops: 2,
  minRewardRisk: SIGNAL_STANDARD.minRewardRisk,
  rewardRiskRoom: 0.5,
  minDayTurnover: 0,
  takerFee: fraction(SIGNAL_STANDARD.takerFee),
};

/** The same for a strategy that itself asks for what the live universe asks for, so that a backtest does too. */
export const TRADABLE_STRATEGY: StrategyParameters = {
  ...DEFAULT_STRATEGY,
  minDayTurnover: toNumber(MIN_QUOTE_VOLUME_24H),
};

/** The limits of the gate that a signal is made to keep. */
export interface SignalLimits {
  readonly minScore: number;
  readonly minRewardRisk: number;
  readonly minStop: Ratio;
  readonly maxStop: Ratio;
  readonly takerFee: Ratio;
}

/** The parameters with whichever is tighter, theirs or the limit's: a signal that the gate would refuse for its prices is never made. */
export const within = (own: StrategyParameters, limits: SignalLimits): StrategyParameters => ({
  ...own,
  minScore: Math.max(own.minScore, limits.minScore),
  minRewardRisk: Math.max(own.minRewardRisk, limits.minRewardRisk),
  minStop: Math.max(own.minStop, toNumber(limits.minStop)),
  maxStop: Math.min(own.maxStop, toNumber(limits.maxStop)),
  takerFee: Math.max(own.takerFee, toNumber(limits.takerFee)),
});

import { add, mulDiv, ONE_RATIO, scaleBy, sub, toFixed, type Price, type Ratio } from './money.ts';
import type { Side } from '../position.ts';

interface Levels {
  readonly side: Side;
  readonly entry: Price;
  readonly stop: Price;
  readonly target: Price;
}

/** What one unit earns at its target after taker fees on both legs, without slippage. Negative when the fees eat the gain. */
export const rewardAfterFees = (
  { side, entry, target }: Pick<Levels, 'side' | 'entry' | 'target'>,
  takerFee: Ratio,
): Price =>
  sub(
    side === 'long' ? sub(target, entry) : sub(entry, target),
    scaleBy(add(entry, target), takerFee, 'up'),
  );

/** What one unit costs at its stop with taker fees on both legs, without slippage. */
export const riskWithFees = (
  { side, entry, stop }: Pick<Levels, 'side' | 'entry' | 'stop'>,
  takerFee: Ratio,
): Price =>
  add(
    side === 'long' ? sub(entry, stop) : sub(stop, entry),
    scaleBy(add(entry, stop), takerFee, 'up'),
  );

/** Reward and risk of one unit after taker fees on both legs, without slippage. */
export interface RewardAndRisk {
  readonly reward: Price;
  readonly risk: Price;
}

export const rewardAndRisk = (levels: Levels, takerFee: Ratio): RewardAndRisk => ({
  reward: rewardAfterFees(levels, takerFee),
  risk: riskWithFees(levels, takerFee),
});

/** Whether reward ÷ risk reaches `least` (a ratio), decided without rounding. */
export const reaches = ({ reward, risk }: RewardAndRisk, least: Ratio): boolean =>
  reward * ONE_RATIO >= risk * least;

/** reward ÷ risk as a ratio, rounded down; undefined when risk is not above 0. */
export const rewardRiskOf = ({ reward, risk }: RewardAndRisk): Ratio | undefined =>
  risk <= 0n ? undefined : (mulDiv(reward, ONE_RATIO, { c: risk, rounding: 'down' }) as Ratio);

/** "2.41", with two decimals half-even; "not known" where it could not be computed. */
export const rewardRiskText = (value: Ratio | undefined): string =>
  value === undefined ? 'not known' : toFixed(value, 2);

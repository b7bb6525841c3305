import type { Instrument } from '../domain/instrument.ts';
import {
  divideBy,
  max,
  min,
  mulDiv,
  ONE_RATIO,
  priceFromNumber,
  ratioFromNumber,
  roundToStep,
  scaleBy,
  sub,
  toNumber,
  type Price,
  type Ratio,
} from '../domain/money/money.ts';
import { distance, towardsLoss, towardsProfit, type Side } from '../domain/position.ts';
import type { PriceBand } from '../domain/proposal.ts';
import {
  rewardAfterFees,
  rewardAndRisk,
  rewardRiskOf,
  riskWithFees,
} from '../domain/money/reward-risk.ts';
import { DEFAULT_STRATEGY, type StrategyParameters } from './parameters.ts';
import { pricesInTicks, wantedStop, type LevelsInput, type TradePrices } from './tick-levels.ts';

export type { LevelsInput, TradePrices } from './tick-levels.ts';

export interface Levels extends TradePrices {
  /** After taker fees on both legs. */
  readonly rewardRisk: number;
}

/**
 * Entry is rounded to the nearest tick. The stop is `stopAtrs` ATRs away, clamped to the limits and rounded away from entry, so
 * that rounding never tightens it, unless that would pass the largest distance. The target is rounded away from entry, so that
 * rounding never spoils the reward. A text says why there are no levels.
 */
export const tradePrices = (input: LevelsInput): TradePrices | string =>
  pricesInTicks(input) ?? exactPrices(input);

/** The same in exact integers throughout. */
export function exactPrices(input: LevelsInput): TradePrices | string {
  const { tick } = input.instrument;
  const entry = priceFromNumber(input.entry, tick, 'half-even');
  if (entry <= 0n) return 'the price is below one tick';
  const stop = stopPrice(input, entry);
  if (stop === undefined) return 'no stop on the tick lies within the stop limits';
  const target = targetPrice({ ...input, tick }, { entry, stop });
  return target <= 0n ? 'the target would be at or below 0' : { entry, stop, target };
}

/** The same prices with what they promise. */
export function tradeLevels(input: LevelsInput): Levels | string {
  const prices = tradePrices(input);
  if (typeof prices === 'string') return prices;
  const plan = { side: input.side, ...prices };
  const rewardRisk = rewardRiskAfterFees(plan, ratioFromNumber(input.parameters.takerFee));
  return { ...prices, rewardRisk };
}

interface Plan extends TradePrices {
  readonly side: Side;
}

/** (gain at target - fees) ÷ (loss at stop + fees), taker fee on both legs each; 15 digits. Negative when fees eat the gain. */
export function rewardRiskAfterFees(plan: Plan, takerFee: Ratio): number {
  const measured = rewardRiskOf(rewardAndRisk(plan, takerFee));
  return measured === undefined ? 0 : toNumber(measured);
}

/** All that the parameters are to `tradePrices` at this entry: the same text, the same prices. None where the stop is not clamped. */
export function levelsBy({ entry, atr, instrument, parameters }: LevelsInput): string | undefined {
  const price = toNumber(priceFromNumber(entry, instrument.tick, 'half-even'));
  const { minStop, maxStop, targetStops, minRewardRisk, rewardRiskRoom, takerFee } = parameters;
  const wanted = wantedStop(parameters, atr, price);
  if (wanted === parameters.stopAtrs * atr) return undefined;
  return `${wanted},${minStop},${maxStop},${targetStops},${minRewardRisk},${rewardRiskRoom},${takerFee}`;
}

/** The parameters as exact ratios. */
interface Terms {
  readonly minStop: Ratio;
  readonly maxStop: Ratio;
  readonly fee: Ratio;
  /** Reward to risk that the target is set for. */
  readonly wanted: Ratio;
  readonly targetStops: Ratio;
}

const KNOWN = new WeakMap<StrategyParameters, Terms>();

/** Worked out once: a hundred variants ask at each of thousands of signals. */
function termsOf(parameters: StrategyParameters): Terms {
  const known = KNOWN.get(parameters);
  if (known !== undefined) return known;
  const terms = {
    minStop: ratioFromNumber(parameters.minStop),
    maxStop: ratioFromNumber(parameters.maxStop),
    fee: ratioFromNumber(parameters.takerFee),
    wanted: ratioFromNumber(parameters.minRewardRisk + parameters.rewardRiskRoom),
    targetStops: ratioFromNumber(parameters.targetStops),
  };
  KNOWN.set(parameters, terms);
  return terms;
}

function stopPrice({ side, atr, instrument, parameters }: LevelsInput, entry: Price) {
  const { tick } = instrument;
  const price = toNumber(entry);
  const wanted = wantedStop(parameters, atr, price);
  const { minStop, maxStop } = termsOf(parameters);
  const least = scaleBy(entry, minStop, 'up');
  const most = scaleBy(entry, maxStop, 'down');
  const away = side === 'long' ? 'down' : 'up';
  let stop = priceFromNumber(side === 'long' ? price - wanted : price + wanted, tick, away);
  if (distance(entry, stop) > most) stop = towardsProfit(stop, tick, side);
  const size = distance(entry, stop);
  return size < least || size > most || stop <= 0n ? undefined : stop;
}

/** Solves reward = (minRewardRisk + room) x risk for the target and takes the farther of that and `targetStops` stop distances. */
function targetPrice(
  { side, parameters, tick }: LevelsInput & { readonly tick: Price },
  { entry, stop }: Pick<Plan, 'entry' | 'stop'>,
): Price {
  const { fee, wanted, targetStops } = termsOf(parameters);
  const needed = scaleBy(riskWithFees({ side, entry, stop }, fee), wanted, 'up');
  const away = side === 'long' ? 'up' : 'down';
  const [numerator, denominator] =
    side === 'long'
      ? [entry + scaleBy(entry, fee, 'up') + needed, ONE_RATIO - fee]
      : [entry - scaleBy(entry, fee, 'up') - needed, ONE_RATIO + fee];
  const afterFees = mulDiv(numerator, ONE_RATIO, { c: denominator, rounding: away }) as Price;
  const stops = scaleBy(distance(entry, stop), targetStops, 'up');
  const plain = towardsProfit(entry, stops, side);
  const farther = side === 'long' ? max(plain, afterFees) : min(plain, afterFees);
  const target = roundToStep(farther, tick, away);
  const short = rewardAfterFees({ side, entry, target }, fee) < needed;
  return short ? towardsProfit(target, tick, side) : target;
}

/** How far the entry may drift from the planned one, in price units and at least 0, and the trade still be the one that was shown. */
export interface ApprovalDrift {
  /** Towards the target: reward ÷ risk after fees stays at `minRewardRisk` or more, the stop within its greatest distance. */
  readonly adverse: Price;
  /** Towards the stop: the stop stays outside its least distance and at least half as far away as planned. */
  readonly favourable: Price;
}

export function approvalDrift(
  { side, entry, stop, target }: Plan,
  {
    takerFee,
    minRewardRisk,
    minStop,
    maxStop,
  }: Pick<
    StrategyParameters,
    'takerFee' | 'minRewardRisk' | 'minStop' | 'maxStop'
  > = DEFAULT_STRATEGY,
): ApprovalDrift {
  const long = side === 'long';
  const fee = ratioFromNumber(takerFee);
  const least = ratioFromNumber(minRewardRisk);
  // Reward = least x risk solved for the entry.
  const [gained, paid] = long
    ? [ONE_RATIO - fee, ONE_RATIO + fee]
    : [ONE_RATIO + fee, ONE_RATIO - fee];
  const worst = mulDiv(target * ONE_RATIO + stop * least, gained, {
    c: (ONE_RATIO + least) * paid,
    rounding: long ? 'down' : 'up',
  }) as Price;
  const away = (fraction: number, rounding: 'up' | 'down'): Price => {
    const share = ratioFromNumber(fraction);
    return mulDiv(stop, ONE_RATIO, {
      c: long ? ONE_RATIO - share : ONE_RATIO + share,
      rounding,
    }) as Price;
  };
  const nearest = away(minStop, long ? 'up' : 'down');
  const farthest = away(maxStop, long ? 'down' : 'up');
  const zero = 0n as Price;
  const last = long ? min(worst, farthest) : max(worst, farthest);
  const adverse = max(long ? sub(last, entry) : sub(entry, last), zero);
  const room = max(long ? sub(entry, nearest) : sub(nearest, entry), zero);
  return { adverse, favourable: min(room, divideBy(distance(entry, stop), 2, 'down')) };
}

/**
 * Prices at which the signal still is what was shown: reward to risk holds at the bad end, the stop is not close at the good end.
 * Both ends are prices that the exchange knows, rounded inwards.
 */
export function bandOf(plan: Plan, instrument: Pick<Instrument, 'tick'> | undefined): PriceBand {
  const drift = approvalDrift(plan);
  const worse = towardsProfit(plan.entry, drift.adverse, plan.side);
  const better = towardsLoss(plan.entry, drift.favourable, plan.side);
  const [low, high] = worse > better ? [better, worse] : [worse, better];
  if (instrument === undefined) return { low, high };
  const { tick } = instrument;
  return { low: roundToStep(low, tick, 'up'), high: roundToStep(high, tick, 'down') };
}

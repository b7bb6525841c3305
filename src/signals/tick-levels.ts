import type { Instrument } from '../domain/instrument.ts';
import { priceOfTicks, ticksPerUnit, type Price } from '../domain/money/money.ts';
import type { Side } from '../domain/position.ts';
import type { StrategyParameters } from './parameters.ts';

/** Prices of a trade, all on the instrument's tick. */
export interface TradePrices {
  readonly entry: Price;
  readonly stop: Price;
  readonly target: Price;
}

export interface LevelsInput {
  readonly side: Side;
  /** Price of the entry before rounding: the close of the signal candle. */
  readonly entry: number;
  readonly atr: number;
  readonly instrument: Pick<Instrument, 'tick'>;
  readonly parameters: StrategyParameters;
}

/** Distance of the stop from that entry, before it is rounded. */
export const wantedStop = (
  { stopAtrs, minStop, maxStop }: StrategyParameters,
  atr: number,
  price: number,
): number => Math.min(Math.max(stopAtrs * atr, minStop * price), maxStop * price);

/** A double counts ticks below this to far less than `CLEAR`. */
const MOST_TICKS = 2 ** 40;
/** So near a whole number, or a limit, only the exact figures tell on which side of it a price lies. */
const CLEAR = 0.01;

const isNear = (ticks: number, limit: number): boolean => Math.abs(ticks - limit) < CLEAR;

/** The next whole number of ticks in that direction; NaN where it is not clear which. */
function rounded(ticks: number, isUp: boolean): number {
  if (!(ticks > 0 && ticks < MOST_TICKS) || isNear(ticks, Math.round(ticks))) return NaN;
  return isUp ? Math.ceil(ticks) : Math.floor(ticks);
}

/**
 * `tradePrices` counted in ticks, for the thousands of signals of a hundred variants: exact integers take several times as long.
 * Undefined where a double does not tell, and where there may be no prices: then the exact figures are asked.
 */
export function pricesInTicks(input: LevelsInput): TradePrices | undefined {
  const { side, parameters } = input;
  const { tick } = input.instrument;
  const perUnit = ticksPerUnit(tick);
  const exact = input.entry * perUnit;
  const entry = Math.round(exact);
  // Half a tick is rounded to the even one.
  if (!(entry > 0 && entry < MOST_TICKS) || Math.abs(exact - entry) > 0.5 - CLEAR) return undefined;
  const stop = stopTicks(input, entry, perUnit);
  const isLong = side === 'long';
  const sign = isLong ? 1 : -1;
  const apart = Math.abs(entry - stop);
  const { takerFee: fee, minRewardRisk, rewardRiskRoom, targetStops } = parameters;
  const needed = (apart + (entry + stop) * fee) * (minRewardRisk + rewardRiskRoom);
  const afterFees = (entry + sign * (entry * fee + needed)) / (1 - sign * fee);
  const plain = entry + sign * apart * targetStops;
  const target = rounded(isLong ? Math.max(plain, afterFees) : Math.min(plain, afterFees), isLong);
  // One that is no number is not above 0.
  if (!(stop > 0 && target > 0)) return undefined;
  return {
    entry: priceOfTicks(entry, tick),
    stop: priceOfTicks(stop, tick),
    target: priceOfTicks(target, tick),
  };
}

/** The stop in ticks, within its limits; NaN where that is not clear. */
function stopTicks({ side, atr, parameters }: LevelsInput, entry: number, perUnit: number): number {
  const { minStop, maxStop } = parameters;
  const price = entry / perUnit;
  const wanted = wantedStop(parameters, atr, price);
  const isLong = side === 'long';
  const stop = rounded((isLong ? price - wanted : price + wanted) * perUnit, !isLong);
  const [least, most] = [entry * minStop, entry * maxStop];
  const apart = Math.abs(entry - stop);
  if (isNear(apart, most) || isNear(apart, least)) return NaN;
  const isCut = apart > most;
  const size = isCut ? apart - 1 : apart;
  if (isNear(size, most) || isNear(size, least) || size < least || size > most) return NaN;
  return isCut ? stop + (isLong ? 1 : -1) : stop;
}

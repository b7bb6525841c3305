/** Part of the plain loop (see `plain-breakdown.ts`): prices as whole ticks. */

export const scaleOf = (decimals: number): number => 10 ** decimals;

/** So near a whole number of ticks only the decimals of the double tell on which side of it a price lies. */
const NEAR = 0.01;

function ticks(value: number, decimals: number, isUp: boolean): number {
  const exact = value * scaleOf(decimals);
  if (Math.abs(exact - Math.round(exact)) > NEAR)
    return isUp ? Math.ceil(exact) : Math.floor(exact);
  const digits = BigInt(value.toFixed(15).replace('.', ''));
  const tick = 10n ** BigInt(15 - decimals);
  return Number(digits / tick + (isUp && digits % tick > 0n ? 1n : 0n));
}

export const up = (value: number, decimals: number): number => ticks(value, decimals, true);
export const down = (value: number, decimals: number): number => ticks(value, decimals, false);

const ONE = 10n ** 18n;
const MOST = 47n * 10n ** 15n;
const ROOM = 3n * 10n ** 15n;
const COSTS = 22n * 10n ** 14n;

/**
 * Stop and target of a short moved to a mark, all in ticks: the stop as far away as the signal's, at most 4.7 %, the target where 2 R are
 * left. Distances have 18 decimals, as a tick may hang on the last of them.
 */
export function movedTo(
  mark: number,
  { entry, stop, decimals }: { entry: number; stop: number; decimals: number },
): { readonly stop: number; readonly target: number } {
  const tick = 10n ** BigInt(18 - decimals);
  const [one, apart] = [BigInt(entry), BigInt(stop - entry) * ONE];
  const twice = (apart % one) * 2n;
  const whole = apart / one;
  const planned = twice > one || (twice === one && whole % 2n === 1n) ? whole + 1n : whole;
  const away = planned < MOST ? planned : MOST;
  const gain = 2n * (away + ROOM + COSTS) + COSTS;
  const price = BigInt(mark) * tick;
  const above = price * (ONE + away);
  const below = (price * (ONE - gain)) / ONE;
  const upwards = (value: bigint, unit: bigint): bigint => (value + unit - 1n) / unit;
  const isCapped = planned > MOST;
  return {
    stop: Number(isCapped ? above / ONE / tick : upwards(upwards(above, ONE), tick)),
    target: Number(below / tick),
  };
}

/** Price of a market order in ticks, rounded against whoever pays: worse by 0.05 % of the price, or by so many times that. */
export const bought = (from: number, times = 1): number =>
  Math.ceil((from * (2_000 + times)) / 2_000);
export const sold = (from: number): number => Math.floor((from * 1_999) / 2_000);

import {
  add,
  max,
  min,
  mulDiv,
  notionalOf,
  ONE_RATIO,
  roundToStep,
  scaleBy,
  sub,
  ZERO_USD,
  type Price,
  type Usd,
} from '../../domain/money/money.ts';
import { towardsProfit, type Position } from '../../domain/position.ts';
import { pnlOfExit, type Costs } from './costs.ts';

/**
 * The first price, in ticks, at which closing what is left by a stop loses nothing: entry, the fees and funding paid so far, slippage
 * and the fee of the exit. Funding that was received is no help, and neither is profit already taken. Undefined for an empty position.
 */
export function breakEvenPrice(
  position: Position,
  { costs, tick }: { readonly costs: Costs; readonly tick: Price },
): Price | undefined {
  const { qty, entryPrice, side } = position;
  if (qty <= 0n || entryPrice <= 0n || tick <= 0n) return undefined;
  const paid = paidSoFar(position, costs);
  // Both costs of the exit are shares of its price, so a price that is away by them and what was paid is near enough to step from.
  const share = add(costs.takerFee, costs.slippage);
  const perUnit = mulDiv(paid, ONE_RATIO, { c: qty, rounding: 'down' }) as Price;
  const away = add(scaleBy(entryPrice, share, 'down'), perUnit);
  const from = roundToStep(towardsProfit(entryPrice, away, side), tick, 'half-even');
  const whole = (at: Price): boolean => sub(pnlOfExit(position, at, costs), paid) >= 0n;
  const back = (at: Price): Price => towardsProfit(at, -tick as Price, side);
  let found = from;
  while (whole(back(found)) && back(found) > 0n) found = back(found);
  while (!whole(found) && found > 0n) found = towardsProfit(found, tick, side);
  return found > 0n ? found : undefined;
}

/** Where the exchange does not say what was paid, the fee of the entry is what is known. */
function paidSoFar({ costsUnknown, fees, funding, entryPrice, qty }: Position, costs: Costs): Usd {
  const entryFee = scaleBy(notionalOf(entryPrice, qty, 'up'), costs.takerFee, 'up');
  return costsUnknown === true ? entryFee : max(sub(fees, min(funding, ZERO_USD)), ZERO_USD);
}

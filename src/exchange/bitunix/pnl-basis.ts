import {
  abs,
  add,
  notionalOf,
  price,
  SCALE_DIGITS,
  stepOfDecimals,
  sub,
  usd,
  ZERO_USD,
  type Price,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import { pnlOf, type Side } from '../../domain/position.ts';

/**
 * Whether a row's realizedPNL already holds fees and funding: decided from the row, or from an earlier row of the same position,
 * or taken to be so as seen live.
 */
export type PnlBasis = 'net' | 'gross' | 'net, assumed';

/** What the same position's earlier rows showed, if there were any. */
export type PnlPrior = PnlBasis | undefined;

export type Costs = { readonly fees: Usd; readonly funding: Usd };

/**
 * Open positions: before any partial close the price profit is 0, so the row shows its basis by being exactly the costs, or 0.
 * After a partial close it cannot be told from the row: then an earlier row decides, else it counts as net, as live captures had it.
 */
export function openBasis(realised: Usd, costs: Costs, prior?: PnlPrior): PnlBasis {
  if (realised === netCosts(costs)) return 'net';
  return realised === ZERO_USD ? 'gross' : (prior ?? 'net, assumed');
}

/** A figure decides when it is this much nearer: within a quarter of the costs of one reading. Rounded prices blur it. */
const CLEARLY_PARTS = 4n;
/** How far a printed figure may be off by rounding, beside that of the prices. */
const ROUNDED = usd('0.0001');

/** What follows from both printed prices and the largest size, and how far their last digits let it be off. */
export interface PriceProfit {
  readonly profit: Usd;
  readonly blur: Usd;
}

export function priceProfitOf(
  wire: { readonly entryPrice: string; readonly closePrice: string },
  of: { readonly side: Side; readonly qty: Qty },
): PriceProfit {
  const { entryPrice, closePrice } = wire;
  const blur = add(lastDigit(entryPrice), lastDigit(closePrice));
  return {
    profit: pnlOf(of, { entry: price(entryPrice), exit: price(closePrice) }),
    blur: add(notionalOf(blur, of.qty, 'up'), ROUNDED),
  };
}

/** One unit in the last place of a printed price. */
const lastDigit = (text: string): Price =>
  stepOfDecimals(Math.min(SCALE_DIGITS, (text.split('.')[1] ?? '').length)) as Price;

/**
 * Closed positions: the profit that follows from both prices, with or without the costs, is compared with the row's figure. When it
 * is clearly near neither, an earlier row of the position decides, else it counts as net. Of a position that was added to after a part
 * of it was closed the prices tell no profit, and its net may come near what they say by chance: gross is believed only as near as
 * rounding allows.
 */
export function closedBasis(
  realised: Usd,
  by: { readonly prices: PriceProfit; readonly costs: Costs },
  prior?: PnlPrior,
): PnlBasis {
  const costs = netCosts(by.costs);
  const { profit, blur } = by.prices;
  const off = (figure: Usd): Usd => abs(sub(realised, figure));
  const near = (figure: Usd): boolean => off(figure) * CLEARLY_PARTS <= abs(costs);
  if (costs === ZERO_USD || near(add(profit, costs))) return 'net';
  return near(profit) && off(profit) <= blur ? 'gross' : (prior ?? 'net, assumed');
}

/** Funding less fees; negative when they cost something together. */
const netCosts = ({ fees, funding }: Costs): Usd => sub(funding, fees);

export const grossOf = (realised: Usd, basis: PnlBasis, costs: Costs): Usd =>
  basis === 'gross' ? realised : sub(add(realised, costs.fees), costs.funding);

/** Fees come with either sign, and under either name, and are always a cost. Undefined when the row has none. */
export const feesOf = (wire: {
  readonly fee: string | undefined;
  readonly fees: string | undefined;
}): Usd | undefined => {
  const text = wire.fee ?? wire.fees;
  return text === undefined ? undefined : abs(usd(text));
};

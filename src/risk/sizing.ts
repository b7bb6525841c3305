import {
  add,
  divideBy,
  max,
  min,
  notionalOf,
  qtyForNotional,
  roundToStep,
  scaleBy,
  times,
  ZERO_QTY,
  ZERO_USD,
  type Price,
  type Qty,
  type Usd,
} from '../domain/money.ts';
import type { Instrument, RiskTier } from '../domain/instrument.ts';
import type { Side } from '../domain/position.ts';
import { entryFill, unitLossAtStop } from './costs.ts';
import type { RiskLimits } from './limits.ts';
import {
  ladderCapacity,
  liquidationEstimate,
  liquidationTooClose,
  tierFor,
} from './liquidation.ts';

/** The limits that can bind a size, in the order in which a tie is named. */
export const CAP_LABELS = {
  'risk-per-trade': 'risk per trade',
  'daily-budget': 'remaining daily budget',
  heat: 'portfolio heat',
  'category-heat': 'one category',
  'position-margin': 'margin per position',
  'free-margin': 'free margin',
  tier: "the exchange's risk tier",
  liquidation: 'liquidation distance',
  'max-quantity': "the exchange's maximum quantity",
  approved: 'what you approved',
} as const;
export type CapId = keyof typeof CAP_LABELS;

/** How much one limit allows. */
export interface Cap {
  readonly id: CapId;
  readonly label: string;
  readonly qty: Qty;
}

export interface SizingInput {
  readonly side: Side;
  readonly entry: Price;
  readonly stop: Price;
  readonly leverage: number;
  readonly equity: Usd;
  /** What new margin and fees may use. */
  readonly freeMargin: Usd;
  /** Risk that the day still allows. */
  readonly dayBudget: Usd;
  /** Risk that the portfolio heat still allows. */
  readonly heatLeft: Usd;
  readonly categoryLeft: Usd;
  /** What the owner has seen and approved; absent while nothing was. */
  readonly maxQty?: Qty;
  readonly instrument: Instrument;
  readonly tiers: readonly RiskTier[];
  readonly limits: RiskLimits;
}

/** A sized trade. `qty` 0: nothing is allowed; `boundBy` says why. */
export interface Sizing {
  readonly qty: Qty;
  readonly notional: Usd;
  /** Initial margin, rounded up. */
  readonly margin: Usd;
  /** Loss at the stop with fees and slippage, rounded up. */
  readonly risk: Usd;
  readonly fees: Usd;
  readonly liquidationPrice: Price | undefined;
  readonly boundBy: Cap;
  readonly caps: readonly Cap[];
}

const cap = (id: CapId, qty: Qty): Cap => ({ id, label: CAP_LABELS[id], qty: max(qty, ZERO_QTY) });

const within = (budget: Usd, perUnit: Price): Qty =>
  budget <= 0n ? ZERO_QTY : qtyForNotional(budget, perUnit, 'down');

function capsOf(input: SizingInput, unit: { readonly loss: Price; readonly fees: Price }): Cap[] {
  const { entry, leverage, equity, limits, tiers } = input;
  const marginCap = scaleBy(equity, limits.marginPerPosition, 'down');
  const filled = max(entryFill(entry, input.side, limits.slippage), entry);
  const freePerUnit = add(divideBy(filled, leverage, 'up'), unit.fees);
  return [
    cap('risk-per-trade', within(scaleBy(equity, limits.riskPerTrade, 'down'), unit.loss)),
    cap('daily-budget', within(input.dayBudget, unit.loss)),
    cap('heat', within(input.heatLeft, unit.loss)),
    cap('category-heat', within(input.categoryLeft, unit.loss)),
    cap('position-margin', within(times(marginCap, leverage), filled)),
    cap('free-margin', within(input.freeMargin, freePerUnit)),
    cap(
      'tier',
      within(
        ladderCapacity(tiers, (tier) => tier.maxLeverage >= leverage),
        entry,
      ),
    ),
    cap(
      'liquidation',
      within(
        ladderCapacity(tiers, (tier) => liquidationFits(input, tier)),
        entry,
      ),
    ),
    cap('max-quantity', input.instrument.maxMarketQty),
    ...(input.maxQty === undefined ? [] : [cap('approved', input.maxQty)]),
  ];
}

const liquidationFits = (input: SizingInput, tier: RiskTier): boolean =>
  !liquidationTooClose(
    input,
    liquidationEstimate(input, tier.maintenanceRate),
    input.limits.liquidationStopMultiple,
  );

/**
 * Sizes an entry: the smallest of what every limit allows, rounded down to the step; a result below the exchange's minimum is 0,
 * never rounded up. The first of the smallest caps is named. Needs an entry and stop above 0 with the stop on the losing side
 * and a leverage of at least 1; throws RangeError otherwise.
 */
export function sizeEntry(input: SizingInput): Sizing {
  const unit = unitLossAtStop(input, input.limits);
  if (unit.loss <= 0n || input.entry <= 0n || input.leverage < 1) {
    throw new RangeError('sizing needs a stop on the losing side and a leverage of at least 1');
  }
  const caps = capsOf(input, unit);
  const least = min(...(caps.map((each) => each.qty) as [Qty, ...Qty[]]));
  const boundBy = caps.find((each) => each.qty === least) ?? cap('risk-per-trade', ZERO_QTY);
  const rounded = roundToStep(least, input.instrument.step, 'down');
  const qty = rounded < input.instrument.minQty ? ZERO_QTY : rounded;
  const notional = notionalOf(input.entry, qty, 'up');
  const tier = tierFor(notional, input.tiers);
  return {
    qty,
    notional,
    margin: qty === 0n ? ZERO_USD : divideBy(notional, input.leverage, 'up'),
    risk: notionalOf(unit.loss, qty, 'up'),
    fees: notionalOf(unit.fees, qty, 'up'),
    liquidationPrice:
      tier === undefined ? undefined : liquidationEstimate(input, tier.maintenanceRate),
    boundBy,
    caps,
  };
}

/** Caps that a lower leverage can raise; every other one only falls with it. */
const RAISED_BY_LESS_LEVERAGE: readonly CapId[] = ['tier', 'liquidation'];

/**
 * Sizes an entry at the leverage from `most` down to `least` that allows the largest quantity, the higher one of two that allow
 * the same. So no leverage that a limit forbids could have been the better one for a tighter limit. Throws like `sizeEntry`.
 */
export function sizeAtBestLeverage(
  input: Omit<SizingInput, 'leverage'>,
  range: { readonly most: number; readonly least: number },
): { readonly sizing: Sizing; readonly leverage: number } {
  let leverage = range.most;
  let best = { sizing: sizeEntry({ ...input, leverage }), leverage };
  let { boundBy } = best.sizing;
  while (leverage > range.least && RAISED_BY_LESS_LEVERAGE.includes(boundBy.id)) {
    leverage -= 1;
    const sizing = sizeEntry({ ...input, leverage });
    ({ boundBy } = sizing);
    if (sizing.qty > best.sizing.qty) best = { sizing, leverage };
  }
  return best;
}

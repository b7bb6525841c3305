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
} from '../../domain/money/money.ts';
import type { Instrument, RiskTier } from '../../domain/instrument.ts';
import type { Side } from '../../domain/position.ts';
import { entryFill, unitLossAtStop } from '../terms/costs.ts';
import { unitLossInJump } from '../terms/jump.ts';
import type { RiskLimits } from '../terms/limits.ts';
import { capacityBeforeLiquidation, ladderCapacity, liquidationOf } from '../terms/liquidation.ts';

/** The limits that can bind a size, in the order in which a tie is named, as the subject of a sentence. */
export const CAP_LABELS = {
  'risk-per-trade': 'the risk per trade',
  'daily-budget': 'what today may still lose',
  heat: 'the loss if all stops fill',
  'category-heat': 'the share of one category in that loss',
  jump: 'the loss in a jump',
  'position-margin': 'the margin per position',
  'free-margin': 'the free margin',
  tier: "the exchange's risk tier",
  liquidation: 'the liquidation distance',
  'max-quantity': "the exchange's maximum quantity",
  approved: 'the size on your card',
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
  /** Loss in a jump of all prices that the open positions leave. */
  readonly jumpLeft: Usd;
  /** The least loss at the stop that makes a trade worth its costs. */
  readonly smallestRisk: Usd;
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
  /** The least of what others have used up so far that it leaves less than the smallest trade, though not nothing. */
  readonly tooLittle?: Leftover;
}

/** What a limit that is shared with other trades leaves. */
export interface Leftover {
  readonly label: string;
  /** Loss at the stop that it still allows, and the least that makes a trade worth its costs. */
  readonly risk: Usd;
  readonly least: Usd;
}

const cap = (id: CapId, qty: Qty): Cap => ({ id, label: CAP_LABELS[id], qty: max(qty, ZERO_QTY) });

const within = (budget: Usd, perUnit: Price): Qty =>
  budget <= 0n ? ZERO_QTY : qtyForNotional(budget, perUnit, 'down');

/** What one unit needs: its loss at the stop and the fees in it, its loss in a jump, its price when filled, and free margin. */
interface Unit {
  readonly loss: Price;
  readonly fees: Price;
  readonly jump: Price;
  readonly filled: Price;
  readonly free: Price;
}

function unitOf(input: SizingInput): Unit {
  const { side, entry, leverage, limits } = input;
  const { loss, fees } = unitLossAtStop(input, limits);
  const filled = max(entryFill(entry, side, limits.slippage), entry);
  const free = add(divideBy(filled, leverage, 'up'), fees);
  return { loss, fees, jump: unitLossInJump(input, limits), filled, free };
}

function capsOf(input: SizingInput, unit: Unit): Cap[] {
  const { entry, leverage, equity, limits, tiers } = input;
  const marginCap = scaleBy(equity, limits.marginPerPosition, 'down');
  return [
    cap('risk-per-trade', within(scaleBy(equity, limits.riskPerTrade, 'down'), unit.loss)),
    cap('daily-budget', within(input.dayBudget, unit.loss)),
    cap('heat', within(input.heatLeft, unit.loss)),
    cap('category-heat', within(input.categoryLeft, unit.loss)),
    cap('jump', within(input.jumpLeft, unit.jump)),
    cap('position-margin', within(times(marginCap, leverage), unit.filled)),
    cap('free-margin', within(input.freeMargin, unit.free)),
    cap(
      'tier',
      within(
        ladderCapacity(tiers, (tier) => tier.maxLeverage >= leverage),
        entry,
      ),
    ),
    cap(
      'liquidation',
      within(capacityBeforeLiquidation(input, tiers, limits.liquidationStopMultiple), entry),
    ),
    cap('max-quantity', input.instrument.maxMarketQty),
    ...(input.maxQty === undefined ? [] : [cap('approved', input.maxQty)]),
  ];
}

/** Caps in money that other trades and losses use up. What they leave is compared with the usual risk. */
const BUDGETS: readonly CapId[] = ['daily-budget', 'heat', 'category-heat'];

/** What a cap of the account as a whole would allow with nothing open. */
function wholeOf(id: CapId, { equity, limits }: SizingInput, unit: Unit): Qty | undefined {
  if (id === 'free-margin') return within(equity, unit.free);
  return id === 'jump' ? within(scaleBy(equity, limits.maxJumpLoss, 'down'), unit.jump) : undefined;
}

/**
 * What others leave of a limit is too little below the smallest trade; exactly that much is enough. Room for a jump and free margin
 * say nothing of the loss at a stop: of them the same share of the whole is enough too. What every trade of its kind is given, such
 * as the margin of one position, is no rest and never too little.
 */
function tooLittleOf(input: SizingInput, caps: readonly Cap[], unit: Unit): Leftover | undefined {
  const enough = within(input.smallestRisk, unit.loss);
  const isRest = ({ id, qty }: Cap): boolean => {
    if (qty <= 0n || qty >= enough) return false;
    const whole = wholeOf(id, input, unit);
    return whole === undefined
      ? BUDGETS.includes(id)
      : qty < scaleBy(whole, input.limits.smallestTrade, 'up');
  };
  const [smallest] = caps.filter(isRest).toSorted((a, b) => (a.qty < b.qty ? -1 : 1));
  if (smallest === undefined) return undefined;
  const risk = notionalOf(unit.loss, smallest.qty, 'up');
  return { label: smallest.label, risk, least: input.smallestRisk };
}

/**
 * The smallest trade: a share of the usual risk. Of a day that has won its first equity counts, as in the day's budget, so that a
 * gain makes nothing too small.
 */
export const smallestRisk = (
  equity: Usd,
  dayStartEquity: Usd,
  { riskPerTrade, smallestTrade }: RiskLimits,
): Usd => scaleBy(scaleBy(min(equity, dayStartEquity), riskPerTrade, 'down'), smallestTrade, 'up');

/**
 * Sizes an entry: the smallest of what every limit allows, rounded down to the step; a result below the exchange's minimum is 0,
 * never rounded up. The first of the smallest caps is named. Needs an entry and stop above 0 with the stop on the losing side
 * and a leverage of at least 1; throws RangeError otherwise.
 */
export function sizeEntry(input: SizingInput): Sizing {
  const unit = input.leverage < 1 ? undefined : unitOf(input);
  if (unit === undefined || unit.loss <= 0n || input.entry <= 0n) {
    throw new RangeError('sizing needs a stop on the losing side and a leverage of at least 1');
  }
  const caps = capsOf(input, unit);
  const least = min(...(caps.map((each) => each.qty) as [Qty, ...Qty[]]));
  const boundBy = caps.find((each) => each.qty === least) ?? cap('risk-per-trade', ZERO_QTY);
  const rounded = roundToStep(least, input.instrument.step, 'down');
  const qty = rounded < input.instrument.minQty ? ZERO_QTY : rounded;
  const notional = notionalOf(input.entry, qty, 'up');
  const tooLittle = tooLittleOf(input, caps, unit);
  return {
    qty,
    notional,
    margin: qty === 0n ? ZERO_USD : divideBy(notional, input.leverage, 'up'),
    risk: notionalOf(unit.loss, qty, 'up'),
    fees: notionalOf(unit.fees, qty, 'up'),
    liquidationPrice: liquidationOf(input, notional, input.tiers),
    boundBy,
    caps,
    ...(tooLittle === undefined ? {} : { tooLittle }),
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

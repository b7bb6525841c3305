import { equityOf, type PositionMode } from '../../domain/account.ts';
import {
  max,
  min,
  ratioOf,
  scaleBy,
  sub,
  toText,
  usdText,
  ZERO_USD,
  type Price,
  type Qty,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import { rewardAndRisk, rewardRiskOf } from '../../domain/money/reward-risk.ts';
import { distance, stopReached, type Side } from '../../domain/position.ts';
import type { TradePlan } from '../../domain/proposal.ts';
import type { Timestamp } from '../../domain/time.ts';
import { remainingDailyBudget } from '../state/day-loss.ts';
import type { GateContext, GateInput } from './gate-input.ts';
import { suggestLeverage } from '../terms/leverage.ts';
import { LIMIT_RULES } from '../limits/all.ts';
import { missingInputs } from '../limits/inputs.ts';
import { openRiskOf } from '../terms/open-risk.ts';
import { percentText, priceText } from '../terms/phrase.ts';
import { refuse, type Refusal } from '../terms/refusal.ts';
import type { RiskLimits } from '../terms/limits.ts';
import {
  sizeAtBestLeverage,
  smallestRisk,
  type CapId,
  type Leftover,
  type Sizing,
} from './sizing.ts';

declare const approved: unique symbol;

/** An entry that passed every limit. Only this file can make one, and placing an order accepts nothing else. */
export interface ApprovedEntry {
  readonly [approved]: true;
  readonly symbol: string;
  readonly side: Side;
  readonly qty: Qty;
  readonly leverage: number;
  readonly stop: Price;
  readonly target: Price;
  readonly referencePrice: Price;
  readonly category: string;
  /** Of the account that was judged: the order is written for it. */
  readonly positionMode: PositionMode;
  readonly plan: TradePlan;
  readonly approvedAt: Timestamp;
}

export type GateVerdict =
  | { readonly kind: 'approved'; readonly entry: ApprovedEntry; readonly boundBy: CapId }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** Every reason of a refusal as a plain sentence. */
export const describeVerdict = (
  verdict: Extract<GateVerdict, { kind: 'refused' }>,
): readonly string[] => verdict.refusals.map((each) => each.sentence);

/**
 * The one gate that every entry passes. Approves a size that keeps every limit and names the one that bound it, or refuses with
 * every reason it can see. Whatever is missing or stale refuses. Pure: the same input gives the same verdict.
 */
export function checkEntry(input: GateInput): GateVerdict {
  const context = contextOf(input);
  const refusals = missingInputs(context);
  for (const rule of LIMIT_RULES) {
    const refusal = rule(context);
    if (refusal !== undefined) refusals.push(refusal);
  }
  const sized = sizeFor(context);
  if (sized !== undefined) refusals.push(...sized.refusals);
  if (refusals.length > 0 || sized === undefined) return { kind: 'refused', refusals };
  return approve(context, sized);
}

/** What the limits need from the input. Exported for the portfolio view, which shows the same figures. */
export function contextOf(input: GateInput): GateContext {
  const { entry, stop, side } = input.candidate;
  const usable = entry > 0n && stop > 0n && !stopReached(side, stop, entry);
  return {
    ...input,
    equity: input.account === undefined ? undefined : equityOf(input.account),
    open: openRiskOf(input),
    stopFraction: usable ? ratioOf(distance(entry, stop), entry, 'half-even') : undefined,
  };
}

interface Sized {
  readonly sizing: Sizing;
  readonly leverage: number;
  readonly equity: Usd;
  readonly positionMode: PositionMode;
  readonly refusals: readonly Refusal[];
}

/**
 * Sizes at the suggested leverage, or at less where that allows more: the exchange's tiers and the distance to liquidation may
 * want it. Undefined while an input for it is missing or unusable; something else has refused then.
 */
function sizeFor(context: GateContext): Sized | undefined {
  const { account, instrument, tiers, state, equity, open, stopFraction, limits } = context;
  if (account === undefined || instrument === undefined || tiers === undefined) return undefined;
  if (state === undefined || equity === undefined || open === undefined) return undefined;
  const { atStake } = open;
  if (atStake === undefined || stopFraction === undefined) return undefined;
  if (instrument.step <= 0n || equity <= 0n) return undefined;
  const { positionMode } = account;
  if (positionMode === 'unknown') return undefined;
  const heatLimit = scaleBy(equity, limits.maxHeat, 'down');
  const openLoss = min(account.unrealisedPnl, ZERO_USD);
  const { side, entry, stop, maxQty } = context.candidate;
  const base = {
    side,
    entry,
    stop,
    ...(maxQty === undefined ? {} : { maxQty }),
    equity,
    freeMargin: sub((account.available + openLoss) as Usd, open.reservedMargin),
    dayBudget: remainingDailyBudget({ state, equity, atStake }, limits),
    heatLeft: max(sub(heatLimit, atStake.heat), ZERO_USD),
    categoryLeft: max(
      sub(scaleBy(heatLimit, limits.categoryHeatShare, 'down'), atStake.categoryHeat),
      ZERO_USD,
    ),
    smallestRisk: smallestRisk(equity, state.dayStartEquity, limits),
    jumpLeft: max(sub(scaleBy(equity, limits.maxJumpLoss, 'down'), atStake.jump), ZERO_USD),
    instrument,
    tiers,
    limits,
  };
  const allowed = Math.min(limits.maxLeverage, instrument.maxLeverage);
  const fits = suggestLeverage(context.candidate.atrFraction, allowed);
  const set = context.candidate.leverage;
  const most = set ?? fits;
  const least = set ?? Math.max(1, Math.ceil(instrument.minLeverage));
  const { sizing, leverage } = sizeAtBestLeverage(base, { most, least });
  const refusals = [
    ...(leverage > fits ? [tooMuchLeverage(leverage, fits)] : []),
    ...sizeRefusals(context, { sizing, leverage }),
  ];
  return { sizing, leverage, equity, positionMode, refusals };
}

function sizeRefusals(
  context: GateContext,
  { sizing, leverage }: { readonly sizing: Sizing; readonly leverage: number },
): Refusal[] {
  const { instrument, limits, candidate } = context;
  const refusals: Refusal[] = [];
  if (instrument !== undefined && leverage < instrument.minLeverage) {
    const found = {
      limit: `at least ${instrument.minLeverage}x on the exchange`,
      observed: `${leverage}x`,
    };
    const sentence = `${candidate.symbol} needs a leverage of ${found.limit}; ${leverage}x is what fits its volatility and your limits.`;
    refusals.push(refuse('leverage-out-of-range', found, sentence));
  }
  if (sizing.qty <= 0n) {
    refusals.push(
      sizing.boundBy.id === 'liquidation' && sizing.boundBy.qty <= 0n
        ? tooClose(sizing, limits)
        : tooSmall(sizing, toText(instrument?.minQty ?? (0n as Qty))),
    );
  }
  if (sizing.tooLittle !== undefined) refusals.push(tooLittle(sizing.tooLittle, limits));
  return refusals;
}

function tooMuchLeverage(set: number, fits: number): Refusal {
  const found = { limit: `${fits}x at most`, observed: `${set}x` };
  const sentence = `The exchange has ${found.observed} set; ${found.limit} fits the volatility and your limits.`;
  return refuse('leverage-too-high', found, sentence);
}

/** What is left of a shared limit allows so little that costs and attention are more than it is worth. */
export function tooLittle({ label, risk, least }: Leftover, limits: RiskLimits): Refusal {
  const found = {
    limit: `at least ${usdText(least)} at the stop, ${percentText(limits.smallestTrade)} of the risk per trade`,
    observed: usdText(risk) === usdText(least) ? `a hair under ${usdText(least)}` : usdText(risk),
  };
  const sentence = `Too small to be worth its costs: ${label} leaves a loss of ${found.observed} at the stop; the smallest trade is ${found.limit}.`;
  return refuse('too-small', found, sentence);
}

function tooClose({ liquidationPrice: at }: Sizing, limits: RiskLimits): Refusal {
  const found = {
    limit: `more than ${limits.liquidationStopMultiple}x the stop distance`,
    observed: at === undefined ? 'unknown' : priceText(at),
  };
  const sentence = `Liquidation (${found.observed}) would be too close: it must be ${found.limit} from entry.`;
  return refuse('liquidation-too-close', found, sentence);
}

function tooSmall({ boundBy }: Sizing, minimum: string): Refusal {
  const allowed = toText(boundBy.qty);
  const found = { limit: `at least ${minimum}`, observed: allowed };
  if (boundBy.qty <= 0n) {
    return refuse(
      `no-room-${boundBy.id}`,
      found,
      `Nothing is left for a new trade: ${boundBy.label} is used up.`,
    );
  }
  const sentence = `${boundBy.label} allows a quantity of ${allowed}; the exchange's minimum is ${minimum}. It is never rounded up.`;
  return refuse(
    'below-minimum-quantity',
    found,
    sentence.charAt(0).toUpperCase() + sentence.slice(1),
  );
}

function approve(context: GateContext, sized: Sized): GateVerdict {
  const { candidate, limits, now } = context;
  const { sizing, leverage, equity, positionMode } = sized;
  const riskFraction: Ratio = ratioOf(sizing.risk, equity, 'up');
  const rewardRisk = rewardRiskOf(rewardAndRisk(candidate, limits.takerFee));
  const plan: TradePlan = {
    entry: candidate.entry,
    qty: sizing.qty,
    notional: sizing.notional,
    margin: sizing.margin,
    leverage,
    risk: sizing.risk,
    riskFraction,
    fees: sizing.fees,
    ...(rewardRisk === undefined ? {} : { rewardRisk }),
    ...(sizing.liquidationPrice === undefined ? {} : { liquidationPrice: sizing.liquidationPrice }),
    boundBy: sizing.boundBy.label,
  };
  const entry = {
    symbol: candidate.symbol,
    side: candidate.side,
    qty: sizing.qty,
    leverage,
    stop: candidate.stop,
    target: candidate.target,
    referencePrice: candidate.entry,
    category: candidate.category,
    positionMode,
    plan,
    approvedAt: now,
  };
  return {
    kind: 'approved',
    entry: entry as typeof entry & ApprovedEntry,
    boundBy: sizing.boundBy.id,
  };
}

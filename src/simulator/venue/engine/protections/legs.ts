import { fitsDecimals, formatDec, fromNumber, mulDec, type Dec } from '../../decimal.ts';
import { refusal } from '../../venue-error.ts';
import type { OrderType, PositionSide, StopType, ConditionalOrder } from '../account.ts';
import { instrumentAt, type EngineContext, type Quote } from '../context.ts';

/** A leg as asked for. */
export interface LegRequest {
  readonly price: Dec;
  readonly stopType: StopType;
  readonly orderType: OrderType;
  readonly orderPrice: Dec | undefined;
  readonly qty: Dec | undefined;
}

export interface LegsRequest {
  readonly tp: LegRequest | undefined;
  readonly sl: LegRequest | undefined;
}

/** What the legs are measured against. */
export interface LegReference {
  readonly index: number;
  readonly side: PositionSide;
  readonly last: Dec;
  readonly mark: Dec;
  readonly liquidation?: Dec | undefined;
  /** Price of the resting order that carries the legs: then they are measured against it and not against the market. */
  readonly resting?: Dec;
}

export function referenceOf(index: number, side: PositionSide, quote: Quote): LegReference {
  return { index, side, last: quote.last, mark: quote.mark };
}

/** Refuses legs on the wrong side of the price or too near to it, beyond the liquidation price, or finer than a tick. */
export function checkLegs(ctx: EngineContext, legs: LegsRequest, at: LegReference): void {
  for (const [name, leg] of [['tp', legs.tp] as const, ['sl', legs.sl] as const]) {
    if (leg === undefined) continue;
    checkShape(ctx, leg, at);
    // A target lies where the position gains, a stop where it loses.
    checkSide(ctx, { leg, name, above: (at.side === 'LONG') === (name === 'tp') }, at);
    checkLiquidation(leg, name, at);
  }
}

function checkShape(ctx: EngineContext, leg: LegRequest, at: LegReference): void {
  const { quotePrecision } = instrumentAt(ctx, at.index);
  const { precisionCode } = ctx.quirks;
  if (leg.price <= 0n) throw refusal(30041);
  if (!fitsDecimals(leg.price, quotePrecision)) throw refusal(precisionCode);
  if (leg.orderType === 'LIMIT' && leg.orderPrice === undefined) throw refusal(10002);
  if (leg.orderPrice !== undefined && !fitsDecimals(leg.orderPrice, quotePrecision))
    throw refusal(precisionCode);
}

interface SidedLeg {
  readonly leg: LegRequest;
  readonly name: 'tp' | 'sl';
  /** Whether it has to lie above the price that it is measured against. */
  readonly above: boolean;
}

function checkSide(ctx: EngineContext, sided: SidedLeg, at: LegReference): void {
  const { leg, above } = sided;
  const onMark = leg.stopType === 'MARK_PRICE';
  const price = at.resting ?? (onMark ? at.mark : at.last);
  const distance = above ? leg.price - price : price - leg.price;
  if (distance <= 0n) {
    const code =
      at.resting === undefined
        ? marketCode(ctx, sided, onMark)
        : restingCode(ctx, { ...sided, onMark });
    throw refusal(code, formatDec(price));
  }
  const { triggerDistance } = ctx.quirks;
  const nearest = mulDec(price, fromNumber(triggerDistance));
  if (at.resting === undefined && distance < nearest) throw refusal(30005);
}

/** The code for a leg on the wrong side of the market. */
function marketCode(ctx: EngineContext, { name, above }: SidedLeg, onMark: boolean): number {
  if (ctx.quirks.triggerCodes === 'old') {
    if (name === 'tp') return above ? 30020 : 30021;
    return above ? 30022 : 30023;
  }
  if (name === 'tp') return above ? (onMark ? 30027 : 30026) : onMark ? 30033 : 30032;
  return above ? (onMark ? 30031 : 30030) : onMark ? 30029 : 30028;
}

/** The code for a leg on the wrong side of the price of the order that carries it. */
function restingCode(ctx: EngineContext, sided: SidedLeg & { readonly onMark: boolean }): number {
  const { name, above, onMark } = sided;
  switch (ctx.quirks.restingLegCodes) {
    case 'market':
      return marketCode(ctx, sided, onMark);
    case 'trigger':
      // There is no code of this kind for a leg that has to lie below.
      if (above) return name === 'sl' ? 30035 : 30036;
      return name === 'sl' ? 30010 : 30007;
    case 'entry':
      if (name === 'tp') return above ? 30008 : 30007;
      return above ? 30009 : 30010;
  }
}

/** A stop has to come before liquidation, and a leg's own limit price may not lie behind it. */
function checkLiquidation(leg: LegRequest, name: 'tp' | 'sl', at: LegReference): void {
  if (at.liquidation === undefined) return;
  const long = at.side === 'LONG';
  const behind = (price: Dec): boolean =>
    at.liquidation !== undefined && (long ? price <= at.liquidation : price >= at.liquidation);
  if (name === 'sl' && behind(leg.price))
    throw refusal(long ? 30025 : 30024, formatDec(at.liquidation));
  // Some clients send a price of 0 with a market leg.
  const own = leg.orderType === 'LIMIT' ? leg.orderPrice : undefined;
  if (own !== undefined && behind(own)) throw refusal(long ? 30002 : 30003);
}

export function legOf(
  request: LegRequest | undefined,
  qty: Dec | undefined,
): ConditionalOrder | undefined {
  if (request === undefined) return undefined;
  const { price, stopType, orderType, orderPrice } = request;
  return { price, stopType, orderType, orderPrice, qty };
}

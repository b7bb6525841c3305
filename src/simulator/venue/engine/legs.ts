import { fitsDecimals, type Dec } from '../decimal.ts';
import { refusal } from '../venue-error.ts';
import type { OrderType, PositionSide, StopType, TriggerLeg } from './account.ts';
import { instrumentAt, type EngineContext, type Quote } from './context.ts';

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

/** What the legs are measured against: the market for a standing position, the limit price for a resting order. */
export interface LegReference {
  readonly index: number;
  readonly side: PositionSide;
  readonly last: Dec;
  readonly mark: Dec;
  readonly liquidation: Dec | undefined;
}

export function referenceOf(index: number, side: PositionSide, quote: Quote): LegReference {
  return { index, side, last: quote.last, mark: quote.mark, liquidation: undefined };
}

/** Refuses legs on the wrong side of the price, beyond the liquidation price, or finer than a tick. */
export function checkLegs(ctx: EngineContext, legs: LegsRequest, at: LegReference): void {
  const instrument = instrumentAt(ctx, at.index);
  for (const leg of [legs.tp, legs.sl]) {
    if (leg === undefined) continue;
    if (leg.price <= 0n) throw refusal(30041);
    if (!fitsDecimals(leg.price, instrument.quotePrecision)) throw refusal(10002);
    if (leg.orderType === 'LIMIT' && leg.orderPrice === undefined) throw refusal(10002);
    if (leg.orderPrice !== undefined && !fitsDecimals(leg.orderPrice, instrument.quotePrecision))
      throw refusal(10002);
  }
  if (legs.tp !== undefined) checkTakeProfit(legs.tp, at);
  if (legs.sl !== undefined) checkStopLoss(legs.sl, at);
}

function checkTakeProfit(leg: LegRequest, at: LegReference): void {
  const onMark = leg.stopType === 'MARK_PRICE';
  const price = onMark ? at.mark : at.last;
  if (at.side === 'LONG' && leg.price <= price) throw refusal(onMark ? 30027 : 30026);
  if (at.side === 'SHORT' && leg.price >= price) throw refusal(onMark ? 30033 : 30032);
}

function checkStopLoss(leg: LegRequest, at: LegReference): void {
  const onMark = leg.stopType === 'MARK_PRICE';
  const price = onMark ? at.mark : at.last;
  if (at.side === 'LONG' && leg.price >= price) throw refusal(onMark ? 30029 : 30028);
  if (at.side === 'SHORT' && leg.price <= price) throw refusal(onMark ? 30031 : 30030);
  if (at.liquidation === undefined) return;
  if (at.side === 'LONG' && leg.price <= at.liquidation) throw refusal(30025);
  if (at.side === 'SHORT' && leg.price >= at.liquidation) throw refusal(30024);
}

export function legOf(
  request: LegRequest | undefined,
  qty: Dec | undefined,
): TriggerLeg | undefined {
  if (request === undefined) return undefined;
  const { price, stopType, orderType, orderPrice } = request;
  return { price, stopType, orderType, orderPrice, qty };
}

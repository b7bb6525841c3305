import { divDec, formatDec, fromTicks, money, mulDec, roundDec, type Dec } from '../../decimal.ts';
import type { Order, OrderSide, Position, Trade, ConditionalOrder } from '../../engine/account.ts';
import { balanceOf, liquidationLine, marginRate, profitOf } from '../../engine/orders/book.ts';
import { instrumentAt, type EngineContext, type Desk } from '../../engine/context.ts';
import type { Candle } from '../../market/market.ts';
import type { Instrument } from '../../market/instrument.ts';

/** A JSON object on its way out. */
export type Row = Record<string, unknown>;

/** A time or total as the venue is set to print it: text, or a number. */
export function count(ctx: EngineContext, value: number): string | number {
  return ctx.quirks.numbers === 'strings' ? String(value) : value;
}

/** Average price, with four decimals more than the contract's ticks have, at most ten. */
export function average(instrument: Instrument, value: Dec, qty: Dec): Dec {
  return qty === 0n
    ? 0n
    : roundDec(divDec(value, qty), Math.min(10, instrument.quotePrecision + 4));
}

export function ticksText(instrument: Instrument, ticks: number): string {
  return formatDec(fromTicks(ticks, instrument.quotePrecision));
}

/** A statistic with at most four decimals. */
export function volumeText(volume: number): string {
  return String(Math.round(volume * 1e4) / 1e4);
}

export function candleRow(
  instrument: Instrument,
  candle: Candle,
  how: { readonly type: string; readonly swapped: boolean },
): Row {
  const quote = volumeText(candle.quoteVolume);
  const base = volumeText(candle.baseVolume);
  return {
    open: ticksText(instrument, candle.open),
    high: ticksText(instrument, candle.high),
    low: ticksText(instrument, candle.low),
    close: ticksText(instrument, candle.close),
    quoteVol: how.swapped ? base : quote,
    baseVol: how.swapped ? quote : base,
    time: String(candle.time),
    type: how.type,
  };
}

export function accountRow(desk: Desk): Row {
  const { account } = desk;
  const balance = balanceOf(desk);
  const loss = balance.crossProfit < 0n ? balance.crossProfit : 0n;
  const transfer = balance.available + loss;
  return {
    marginCoin: 'USDT',
    available: formatDec(balance.available),
    frozen: formatDec(balance.frozen),
    margin: formatDec(balance.margin),
    transfer: formatDec(transfer > 0n ? transfer : 0n),
    positionMode: account.positionMode,
    crossUnrealizedPNL: formatDec(balance.crossProfit),
    isolationUnrealizedPNL: formatDec(balance.isolatedProfit),
    bonus: '0',
  };
}

function sideText(ctx: EngineContext, position: Position): string {
  if (ctx.quirks.positionSide === 'LONG_SHORT') return position.side;
  return position.side === 'LONG' ? 'BUY' : 'SELL';
}

function realizedText(ctx: EngineContext, position: Position): string {
  const net = position.realized - position.fee + position.funding;
  return formatDec(ctx.quirks.realizedPnl === 'net' ? net : position.realized);
}

function feeText(ctx: EngineContext, fee: Dec): string {
  return formatDec(ctx.quirks.feeSign === 'negative' ? -fee : fee);
}

function fundingText(ctx: EngineContext, funding: Dec): string {
  return formatDec(ctx.quirks.fundingSign === 'positive-paid' ? -funding : funding);
}

/** What was liquidated: a quantity, or (in the other reading) what it lost. */
function liquidatedText(ctx: EngineContext, position: Position): string {
  const { liqQty, liqPrice, openedQty, openedValue, side } = position;
  if (ctx.quirks.liqQty === 'quantity' || liqQty === 0n) return formatDec(liqQty);
  const gain = mulDec(liqQty, liqPrice - divDec(openedValue, openedQty));
  return formatDec(money(side === 'LONG' ? gain : -gain));
}

export function positionRow(desk: Desk, position: Position): Row {
  const { ctx } = desk;
  const instrument = instrumentAt(ctx, position.index);
  const line = liquidationLine(desk, position);
  const { quotePrecision } = instrument;
  const margin = ctx.quirks.roundedMargin
    ? roundDec(position.margin, quotePrecision)
    : position.margin;
  return {
    positionId: position.id,
    symbol: position.symbol,
    marginCoin: null,
    qty: formatDec(position.qty),
    entryValue: formatDec(position.entryValue),
    side: sideText(ctx, position),
    positionMode: position.positionMode,
    marginMode: position.marginMode,
    leverage: position.leverage,
    fee: feeText(ctx, position.fee),
    funding: fundingText(ctx, position.funding),
    realizedPNL: realizedText(ctx, position),
    margin: formatDec(margin),
    unrealizedPNL: formatDec(profitOf(ctx, position)),
    liqPrice: line === undefined ? '0' : formatDec(roundDec(line.price, quotePrecision)),
    marginRate: formatDec(roundDec(marginRate(desk, position), 6)),
    avgOpenPrice: formatDec(average(instrument, position.entryValue, position.qty)),
    ctime: count(ctx, position.ctime),
    mtime: count(ctx, position.mtime),
  };
}

export function closedPositionRow(ctx: EngineContext, position: Position): Row {
  const instrument = instrumentAt(ctx, position.index);
  return {
    positionId: position.id,
    symbol: position.symbol,
    marginCoin: null,
    maxQty: formatDec(position.maxQty),
    qty: formatDec(position.closedQty),
    entryPrice: formatDec(average(instrument, position.openedValue, position.openedQty)),
    closePrice: formatDec(average(instrument, position.closedValue, position.closedQty)),
    liqQty: liquidatedText(ctx, position),
    side: sideText(ctx, position),
    marginMode: position.marginMode,
    positionMode: position.positionMode,
    leverage:
      ctx.quirks.closedLeverage === 'string' ? String(position.leverage) : position.leverage,
    fee: feeText(ctx, position.fee),
    funding: fundingText(ctx, position.funding),
    realizedPNL: realizedText(ctx, position),
    margin: '0',
    liqPrice: formatDec(roundDec(position.liqPrice, instrument.quotePrecision)),
    ctime: count(ctx, position.ctime),
    mtime: count(ctx, position.mtime),
  };
}

export function legRow(prefix: 'tp' | 'sl', leg: ConditionalOrder | undefined): Row {
  return {
    [`${prefix}Price`]: leg === undefined ? null : formatDec(leg.price),
    [`${prefix}StopType`]: leg?.stopType ?? null,
    [`${prefix}OrderType`]: leg?.orderType ?? null,
    [`${prefix}OrderPrice`]: leg?.orderPrice === undefined ? null : formatDec(leg.orderPrice),
  };
}

function typeOf(ctx: EngineContext, order: Order): Row {
  const live = ctx.quirks.orderRow === 'live';
  const type = live ? { orderType: order.type } : { type: order.type, source: 'api' };
  return { ...type, ...sourceOf(ctx, order) };
}

/** What tells the order of an auto-deleveraging from one by hand. */
export function sourceOf(ctx: EngineContext, order: Order): Row {
  return order.adl === true && ctx.quirks.adlSource ? { source: 'ADL' } : {};
}

function filledAt(ctx: EngineContext, order: Order): string {
  return formatDec(average(instrumentAt(ctx, order.index), order.filledValue, order.filled));
}

/** The side in a reply about an order: what it does, or what was sent. */
export function sideOfOrder(ctx: EngineContext, order: Order): OrderSide {
  if (ctx.quirks.closingSide === 'requested') return order.side;
  return order.buys ? 'BUY' : 'SELL';
}

export function orderRow(ctx: EngineContext, order: Order): Row {
  const open = order.status === 'NEW' || order.status === 'PART_FILLED';
  const status = order.status === 'SYSTEM_CANCELED' ? 'CANCELED' : order.status;
  return {
    orderId: order.id,
    symbol: order.symbol,
    marginCoin: null,
    qty: formatDec(order.qty),
    tradeQty: formatDec(order.filled),
    positionMode: order.positionMode,
    marginMode: order.marginMode,
    leverage: order.leverage,
    price: order.price === undefined ? 'market' : formatDec(order.price),
    side: sideOfOrder(ctx, order),
    ...typeOf(ctx, order),
    effect: order.effect,
    clientId: order.clientId ?? null,
    reduceOnly: order.reduceOnly,
    status: open && ctx.quirks.statusUnderscore ? `${status}_` : status,
    fee: formatDec(order.fee),
    realizedPNL: formatDec(order.realized),
    ...(ctx.quirks.avgPrice ? { avgPrice: filledAt(ctx, order) } : {}),
    ...legRow('tp', order.tp),
    ...legRow('sl', order.sl),
    ctime: count(ctx, order.ctime),
    mtime: count(ctx, order.mtime),
  };
}

export function tradeRow(ctx: EngineContext, trade: Trade): Row {
  return {
    tradeId: trade.id,
    orderId: trade.orderId,
    marginCoin: null,
    symbol: trade.symbol,
    qty: formatDec(trade.qty),
    positionMode: trade.positionMode,
    marginMode: trade.marginMode,
    leverage: trade.leverage,
    price: formatDec(trade.price),
    side: ctx.quirks.closingSide === 'requested' ? (trade.requested ?? trade.side) : trade.side,
    orderType: trade.orderType,
    effect: null,
    clientId: null,
    reduceOnly: trade.reduceOnly,
    status: null,
    fee: formatDec(trade.fee),
    realizedPNL: formatDec(trade.realized),
    ctime: count(ctx, trade.time),
    roleType: trade.role,
  };
}

/** A fraction printed in percent, as the funding calls do. */
export function percentText(rate: Dec): string {
  return formatDec(mulDec(rate, 100n * 10n ** 12n));
}

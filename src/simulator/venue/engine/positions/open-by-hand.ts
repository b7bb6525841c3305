import { divDec, floorDec, formatDec, roundDec, type Dec } from '../../decimal.ts';
import type { Instrument } from '../../market/instrument.ts';
import { refusal, VenueError } from '../../venue-error.ts';
import type { Order, PositionSide, ConditionalOrder } from '../account.ts';
import { instrumentOf, nextId, quoteOf, type Desk } from '../context.ts';
import { fillOrder } from '../orders/fill.ts';
import { checkLegs, referenceOf } from '../protections/legs.ts';
import { checkCost } from '../orders/order-checks.ts';
import { settingOf } from '../orders/place-order.ts';

/** A position that the account's owner opens on the exchange's own page, past the API. */
export interface HandOpened {
  readonly symbol: string;
  readonly side: PositionSide;
  /** Size in base coin, or its worth in USDT. */
  readonly qty?: Dec;
  readonly notional?: Dec;
  readonly leverage?: number;
  readonly marginMode?: 'CROSS' | 'ISOLATION';
  readonly stop?: Dec;
  readonly target?: Dec;
}

/** Opens the position at the last price, also in contracts that the API may not trade. */
export function openByHand(desk: Desk, request: HandOpened): Order {
  const { ctx, account } = desk;
  const { instrument, index } = instrumentOf(ctx, request.symbol);
  const { symbol } = instrument;
  const quote = quoteOf(ctx, index);
  const wanted =
    request.qty ??
    (request.notional === undefined ? undefined : divDec(request.notional, quote.last));
  const qty = wanted === undefined ? 0n : floorDec(wanted, instrument.basePrecision);
  if (qty < instrument.minQty) throw refusal(30017, formatDec(instrument.minQty));
  const buys = request.side === 'LONG';
  // Leverage and margin mode are the contract's: both sides of a hedge share them.
  const held = [...account.positions.values()].find((one) => one.index === index);
  const setting = held ?? settingOf(desk, symbol);
  const { leverage = setting.leverage, marginMode = setting.marginMode } = request;
  if (held !== undefined && (leverage !== held.leverage || marginMode !== held.marginMode))
    throw new VenueError(
      10002,
      `${symbol} is held with ${held.leverage}x ${held.marginMode}: what is added takes these`,
    );
  if (leverage < 1 || leverage > instrument.maxLeverage || !Number.isInteger(leverage))
    throw refusal(20005);
  const order: Order = {
    id: nextId(ctx, 'order'),
    clientId: undefined,
    symbol,
    index,
    side: buys ? 'BUY' : 'SELL',
    buys,
    positionSide: request.side,
    intent: account.positionMode === 'HEDGE' ? 'open' : 'net',
    positionId: undefined,
    type: 'MARKET',
    price: undefined,
    effect: 'GTC',
    qty,
    filled: 0n,
    filledValue: 0n,
    fee: 0n,
    realized: 0n,
    frozen: 0n,
    reduceOnly: false,
    leverage,
    marginMode,
    positionMode: account.positionMode,
    status: 'NEW',
    tp: legAt(request.target, instrument),
    sl: legAt(request.stop, instrument),
    ctime: ctx.time,
    mtime: ctx.time,
  };
  const reference = referenceOf(index, request.side, quote);
  const asked = (one: ConditionalOrder | undefined) =>
    one === undefined ? undefined : { ...one, qty: undefined };
  checkLegs(ctx, { tp: asked(order.tp), sl: asked(order.sl) }, reference);
  checkCost(desk, order);
  account.settings.set(symbol, { leverage, marginMode });
  account.orders.set(order.id, order);
  ctx.emit(account, { kind: 'order', event: 'CREATE', order });
  fillOrder(desk, order, { qty, price: quote.last, role: 'TAKER' });
  return order;
}

/** A leg at the tick nearest to that price, triggered by the mark, that closes at market. */
function legAt(
  price: Dec | undefined,
  { quotePrecision }: Instrument,
): ConditionalOrder | undefined {
  if (price === undefined) return undefined;
  return {
    price: roundDec(price, quotePrecision),
    stopType: 'MARK_PRICE',
    orderType: 'MARKET',
    orderPrice: undefined,
    qty: undefined,
  };
}

/** LONG or SHORT from any of the words that mean it. */
export function sideFrom(word: unknown): PositionSide {
  const text = typeof word === 'string' ? word.toUpperCase() : '';
  if (text === 'LONG' || text === 'BUY') return 'LONG';
  if (text === 'SHORT' || text === 'SELL') return 'SHORT';
  throw new VenueError(10002, `side must be LONG or SHORT, not ${JSON.stringify(word)}`);
}

import type { AccountData, Trading } from '../app/ports.ts';
import { ExchangeFailure } from '../domain/failure.ts';
import { toText, type Price } from '../domain/money.ts';
import type { WriteOutcome } from '../domain/order.ts';
import type { ProtectiveOrder } from '../domain/position.ts';
import { MARGIN_COIN } from './account-data.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { checked, objectOf } from './mapped.ts';
import type { Rest } from './rest.ts';
import { batchReply, orderReply } from './schemas.ts';

/** What writing needs to look at. */
export interface TradingSource {
  readonly rest: Rest;
  readonly account: AccountData;
}

/**
 * Changes the account. Every request goes out once; what became of it is accepted, rejected or unknown. Levels trigger on the mark
 * price and fill at market.
 */
export function createTrading({ rest, account }: TradingSource): Trading {
  const send = (endpoint: Endpoint, body: unknown): Promise<WriteOutcome> =>
    sendWrite(rest, endpoint, body);

  return {
    setLeverage: (symbol, leverage) => setLeverage({ rest, account }, symbol, leverage),

    async placeEntry(entry, clientId) {
      const mode = await positionMode(account);
      if (typeof mode !== 'string') return mode;
      const outcome = await send(ENDPOINTS.placeOrder, {
        symbol: entry.symbol,
        qty: toText(entry.qty),
        side: entry.side === 'long' ? 'BUY' : 'SELL',
        ...(mode === 'hedge' ? { tradeSide: 'OPEN' } : {}),
        orderType: 'MARKET',
        clientId,
        ...attached({ stop: entry.stop, target: entry.target }),
      });
      return outcome.kind === 'rejected' && outcome.code === '30042'
        ? alreadyPlaced(account, clientId)
        : outcome;
    },

    placeProtection: (request) => placeProtection(rest, account, request),

    async cancelOrders(symbol, orderIds) {
      if (orderIds.length === 0) return { kind: 'accepted' };
      const orderList = orderIds.map((orderId) => ({ orderId }));
      const reply = await rest.write({
        endpoint: ENDPOINTS.cancelOrders,
        body: { symbol, orderList },
      });
      return reply.ok ? outcomeOfBatch(reply.data) : outcomeOfFailure(reply);
    },

    closePosition: (positionId) => send(ENDPOINTS.flashClose, { positionId }),
  };
}

/** Sends one write and says what became of it. */
export async function sendWrite(
  rest: Rest,
  endpoint: Endpoint,
  body: unknown,
): Promise<WriteOutcome> {
  const reply = await rest.write({ endpoint, body });
  if (!reply.ok) return outcomeOfFailure(reply);
  // Commands without a result answer with ""; lists are an array of one.
  const parsed = checked(orderReply, objectOf(reply.data));
  const orderId = 'value' in parsed ? (parsed.value.orderId ?? parsed.value.id) : undefined;
  return orderId === undefined ? { kind: 'accepted' } : { kind: 'accepted', orderId };
}

export function outcomeOfFailure(reply: {
  readonly failure: ExchangeFailure;
  readonly maybeDone: boolean;
}): WriteOutcome {
  const { failure, maybeDone } = reply;
  if (maybeDone) return { kind: 'unknown', reason: failure.message };
  return { kind: 'rejected', code: failure.code, reason: failure.message };
}

/** A batch answers with success although orders inside it failed. */
export function outcomeOfBatch(data: unknown): WriteOutcome {
  const parsed = checked(batchReply, data);
  if ('problem' in parsed)
    return { kind: 'unknown', reason: `the answer is odd: ${parsed.problem}` };
  const failures = parsed.value.failureList ?? [];
  const [first] = failures;
  if (first === undefined) return { kind: 'accepted' };
  const reasons = failures.map(
    (each) =>
      `${each.orderId ?? each.clientId ?? 'an order'}: ${each.errorMsg} (code ${each.errorCode ?? '?'})`,
  );
  return { kind: 'rejected', code: first.errorCode ?? '', reason: reasons.join('; ') };
}

const notSent = (reason: string): WriteOutcome => ({
  kind: 'rejected',
  code: '',
  reason: `not sent: ${reason}`,
});

const messageOf = (error: unknown): string =>
  error instanceof ExchangeFailure ? error.message : 'an unexpected error';

/** Hedge or one-way, read now: the owner can change it at any time. */
async function positionMode(account: AccountData): Promise<'hedge' | 'one-way' | WriteOutcome> {
  try {
    return (await account.account()).positionMode;
  } catch (error) {
    return notSent(`the account's position mode cannot be read: ${messageOf(error)}`);
  }
}

/** The client id was used before: this very order is already there, because ids are made once per intent. */
async function alreadyPlaced(account: AccountData, clientId: string): Promise<WriteOutcome> {
  try {
    const order = await account.orderByClientId(clientId);
    if (order !== undefined) return { kind: 'accepted', orderId: order.id };
    return {
      kind: 'unknown',
      reason: 'the exchange knows this client id but does not show its order',
    };
  } catch (error) {
    return { kind: 'unknown', reason: `the order was placed before; ${messageOf(error)}` };
  }
}

/** Fields of stop loss and take profit on an order or on a position's own TP/SL. */
export function attached(levels: { readonly stop?: Price; readonly target?: Price }): object {
  const { stop, target } = levels;
  return {
    ...(target === undefined
      ? {}
      : { tpPrice: toText(target), tpStopType: 'MARK_PRICE', tpOrderType: 'MARKET' }),
    ...(stop === undefined
      ? {}
      : { slPrice: toText(stop), slStopType: 'MARK_PRICE', slOrderType: 'MARKET' }),
  };
}

/** Margin mode first, leverage second, and then both are read back: accepted means that the exchange shows them. */
async function setLeverage(
  { rest, account }: TradingSource,
  symbol: string,
  leverage: number,
): Promise<WriteOutcome> {
  const holds = async (): Promise<{ mode: boolean; leverage: boolean }> => {
    const now = await account.leverage(symbol);
    return { mode: now.marginMode === 'isolated', leverage: now.leverage === leverage };
  };
  try {
    const before = await holds();
    const coin = { symbol, marginCoin: MARGIN_COIN };
    if (!before.mode) {
      const body = { marginMode: 'ISOLATION', ...coin };
      const outcome = await sendWrite(rest, ENDPOINTS.changeMarginMode, body);
      if (outcome.kind === 'rejected') return outcome;
    }
    if (!before.leverage) {
      const body = { leverage, ...coin };
      const outcome = await sendWrite(rest, ENDPOINTS.changeLeverage, body);
      if (outcome.kind === 'rejected') return outcome;
    }
    if (before.mode && before.leverage) return { kind: 'accepted' };
    const after = await holds();
    if (after.mode && after.leverage) return { kind: 'accepted' };
    const missing = after.mode ? `leverage ${leverage}` : 'isolated margin';
    return {
      kind: 'rejected',
      code: '',
      reason: `${symbol}: the exchange does not show ${missing}`,
    };
  } catch (error) {
    return {
      kind: 'unknown',
      reason: `${symbol}: leverage cannot be read back: ${messageOf(error)}`,
    };
  }
}

interface ProtectionRequest {
  readonly symbol: string;
  readonly positionId: string;
  readonly stop?: Price;
  readonly target?: Price;
}

/**
 * The position's own TP/SL: changed when it is there, placed when not. A leg that is not given keeps the level it has, because the
 * documentation does not say whether leaving it out would remove it.
 */
async function placeProtection(
  rest: Rest,
  account: AccountData,
  request: ProtectionRequest,
): Promise<WriteOutcome> {
  const { symbol, positionId } = request;
  const own = await ownProtection(account, positionId);
  if ('problem' in own && request.stop === undefined) return notSent(own.problem);
  const stop = request.stop ?? own.stopPrice;
  const target = request.target ?? own.targetPrice;
  if (stop === undefined && target === undefined)
    return notSent('neither stop nor target was given');
  const body = {
    symbol,
    positionId,
    ...(target === undefined ? {} : { tpPrice: toText(target), tpStopType: 'MARK_PRICE' }),
    ...(stop === undefined ? {} : { slPrice: toText(stop), slStopType: 'MARK_PRICE' }),
  };
  const [first, second] = 'id' in own ? MODIFY_FIRST : PLACE_FIRST;
  const outcome = await sendWrite(rest, first, body);
  // The list lags behind: when the other way round is right, the exchange refuses this one and says so.
  return outcome.kind === 'rejected' && mayBeOtherWay(outcome.code)
    ? sendWrite(rest, second, body)
    : outcome;
}

type OwnProtection =
  | Partial<ProtectiveOrder>
  | { problem: string; stopPrice?: never; targetPrice?: never };

/** The TP/SL that covers the whole position, {} when there is none. A stop is placed even when this cannot be read. */
async function ownProtection(account: AccountData, positionId: string): Promise<OwnProtection> {
  try {
    const all = await account.protections();
    const own = all.find(
      (each) =>
        each.positionId === positionId &&
        each.stopQty === undefined &&
        each.targetQty === undefined,
    );
    return own ?? {};
  } catch (error) {
    return { problem: `the present stop cannot be read: ${messageOf(error)}` };
  }
}

const PLACE_FIRST = [
  ENDPOINTS.placePositionProtection,
  ENDPOINTS.modifyPositionProtection,
] as const;
const MODIFY_FIRST = [
  ENDPOINTS.modifyPositionProtection,
  ENDPOINTS.placePositionProtection,
] as const;

/** Refusals that say "there is one already" or "there is none"; which code is used is not documented. */
const OTHER_WAY_CODES = new Set(['10002', '10008', '10013', '20007', '30011', '30038', '30042']);
const mayBeOtherWay = (code: string): boolean => OTHER_WAY_CODES.has(code);

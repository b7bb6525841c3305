import type { Account, Tpsl } from '../../engine/account.ts';
import type { LegsRequest } from '../../engine/protections/legs.ts';
import {
  cancelTpsl,
  modifyTpsl,
  openTpsl,
  placePositionTpsl,
  placeTpsl,
  positionOf,
  positionTpsl,
} from '../../engine/protections/tpsl.ts';
import { refusal } from '../../venue-error.ts';
import { privateGet, privatePost, type PrivateRoute, type RestContext } from './handler.ts';
import {
  legsOf,
  limitOf,
  only,
  optionalSymbol,
  pageOf,
  required,
  symbolOf,
  text,
  whole,
  type Params,
} from './params.ts';
import { count, type Row } from './rows.ts';
import { closedTpslRow, tpslRows } from './tpsl-rows.ts';

const POSITION_FIELDS = ['symbol', 'positionId', 'tpPrice', 'tpStopType', 'slPrice', 'slStopType'];

const legs = ({ engine }: RestContext, params: Params): LegsRequest =>
  legsOf(params, engine.ctx.quirks.defaultStopType);

function reply(rest: RestContext, tpsl: Tpsl): Row | Row[] {
  const row = { orderId: tpsl.id };
  return rest.engine.ctx.quirks.tpslReply === 'list' ? [row] : row;
}

function place(rest: RestContext, params: Params, account: Account): Row | Row[] {
  const position = positionOf(account, required(params, 'positionId'), symbolOf(params));
  return reply(rest, placeTpsl({ ctx: rest.engine.ctx, account }, position, legs(rest, params)));
}

function modify(rest: RestContext, params: Params, account: Account): Row {
  const tpsl = openTpsl(account, required(params, 'orderId'));
  return { orderId: modifyTpsl({ ctx: rest.engine.ctx, account }, tpsl, legs(rest, params)).id };
}

function placeForPosition(rest: RestContext, params: Params, account: Account): Row {
  only(params, POSITION_FIELDS);
  const position = positionOf(account, required(params, 'positionId'), symbolOf(params));
  return {
    orderId: placePositionTpsl({ ctx: rest.engine.ctx, account }, position, legs(rest, params)).id,
  };
}

function modifyForPosition(rest: RestContext, params: Params, account: Account): Row {
  only(params, POSITION_FIELDS);
  const position = positionOf(account, required(params, 'positionId'), symbolOf(params));
  const tpsl = positionTpsl(account, position);
  if (tpsl === undefined) throw refusal(20007);
  return { orderId: modifyTpsl({ ctx: rest.engine.ctx, account }, tpsl, legs(rest, params)).id };
}

function cancel(rest: RestContext, params: Params, account: Account): Row {
  symbolOf(params);
  const orderId = required(params, 'orderId');
  cancelTpsl({ ctx: rest.engine.ctx, account }, orderId);
  return { orderId };
}

function pending(rest: RestContext, params: Params, account: Account): Row[] {
  const symbol = optionalSymbol(params);
  const positionId = text(params, 'positionId');
  const skip = whole(params, 'skip') ?? 0;
  const limit = limitOf(params, rest.engine.ctx.quirks.limitAbove);
  return tpslRows({ ctx: rest.engine.ctx, account })
    .filter((row) => symbol === undefined || row['symbol'] === symbol)
    .filter((row) => positionId === undefined || row['positionId'] === positionId)
    .toReversed()
    .slice(skip, skip + limit);
}

function history(rest: RestContext, params: Params, account: Account): Row {
  const { ctx } = rest.engine;
  const page = pageOf(params, ctx.quirks.limitAbove);
  const symbol = optionalSymbol(params);
  const found = account.tpslHistory
    .filter((one) => symbol === undefined || one.symbol === symbol)
    .filter((one) => one.ctime >= page.from && one.ctime <= page.to)
    .toReversed();
  const orderList = found
    .slice(page.skip, page.skip + page.limit)
    .map((one) => closedTpslRow(ctx, one));
  return { orderList, total: count(ctx, found.length) };
}

export const TPSL_ROUTES: Readonly<Record<string, PrivateRoute>> = {
  'tpsl/place_order': privatePost(place),
  'tpsl/modify_order': privatePost(modify),
  'tpsl/position/place_order': privatePost(placeForPosition),
  'tpsl/position/modify_order': privatePost(modifyForPosition),
  'tpsl/cancel_order': privatePost(cancel),
  'tpsl/get_pending_orders': privateGet(pending),
  'tpsl/get_history_orders': privateGet(history),
};

import type { Account } from '../../engine/account.ts';
import { privateGet, type PrivateRoute, type RestContext } from './handler.ts';
import { optionalSymbol, pageOf, text, type Params } from './params.ts';
import { closedPositionRow, count, positionRow, type Row } from './rows.ts';

function pending(rest: RestContext, params: Params, account: Account): Row[] {
  const symbol = optionalSymbol(params);
  const id = text(params, 'positionId');
  const { ctx } = rest.engine;
  const rows = [...account.positions.values()]
    .filter(
      (one) =>
        (symbol === undefined || one.symbol === symbol) && (id === undefined || one.id === id),
    )
    .map((position) => positionRow({ ctx, account }, position));
  return rows.map((row) => {
    const blank = rest.faults.take('no-liq-price', { symbol: String(row['symbol']) });
    return blank === undefined ? row : { ...row, liqPrice: blank === 0 ? '0' : null };
  });
}

/** Times apply to the position's creation, as the exchange's do. */
function history(rest: RestContext, params: Params, account: Account): Row {
  const { ctx } = rest.engine;
  const page = pageOf(params, ctx.quirks.limitAbove);
  const symbol = optionalSymbol(params);
  const id = text(params, 'positionId');
  const found = account.positionHistory
    .filter(
      (one) =>
        (symbol === undefined || one.symbol === symbol) && (id === undefined || one.id === id),
    )
    .filter((one) => one.ctime >= page.from && one.ctime <= page.to)
    .toReversed();
  const rows = found
    .slice(page.skip, page.skip + page.limit)
    .map((one) => closedPositionRow(ctx, one));
  return { positionList: rows, total: count(ctx, found.length) };
}

export const POSITION_ROUTES: Readonly<Record<string, PrivateRoute>> = {
  'position/get_pending_positions': privateGet(pending),
  'position/get_history_positions': privateGet(history),
};

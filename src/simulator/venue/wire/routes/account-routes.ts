import { dec, formatDec, fromNumber, maxDec } from '../../decimal.ts';
import type { Account, MarginMode, PositionMode } from '../../engine/account.ts';
import { balanceOf } from '../../engine/orders/book.ts';
import { instrumentOf } from '../../engine/context.ts';
import {
  adjustMargin,
  changeLeverage,
  changeMarginMode,
  changePositionMode,
} from '../../engine/orders/order-actions.ts';
import { settingOf } from '../../engine/orders/place-order.ts';
import { refusal } from '../../venue-error.ts';
import { privateGet, privatePost, type PrivateRoute, type RestContext } from './handler.ts';
import {
  choice,
  required,
  requiredChoice,
  requiredDecimal,
  symbolOf,
  text,
  whole,
  type Params,
} from './params.ts';
import { accountRow, type Row } from './rows.ts';

const MARGIN_MODES: readonly MarginMode[] = ['ISOLATION', 'CROSS'];
const POSITION_MODES: readonly PositionMode[] = ['HEDGE', 'ONE_WAY'];

function requireCoin(params: Params): string {
  const coin = required(params, 'marginCoin');
  if (coin.toUpperCase() !== 'USDT') throw refusal(10008, 'marginCoin must be one of [USDT]');
  return 'USDT';
}

function single(rest: RestContext, params: Params, account: Account): Row | Row[] {
  requireCoin(params);
  const { ctx } = rest.engine;
  stepWallet(rest, account);
  let row = accountRow({ ctx, account });
  const shift = rest.faults.take('negative-available');
  if (shift !== undefined) {
    const available = dec(String(row['available'])) - fromNumber(shift);
    row = { ...row, available: formatDec(available), transfer: '0' };
  }
  return ctx.quirks.accountShape === 'array' ? [row] : row;
}

/** Money comes or goes that no trade explains; never more goes than is free. */
function stepWallet({ engine, faults }: RestContext, account: Account): void {
  const amount = faults.take('wallet-step');
  if (amount === undefined) return;
  const free = balanceOf({ ctx: engine.ctx, account }).available;
  engine.deposit(account, maxDec(fromNumber(amount), -maxDec(free, 0n)));
}

function leverageMode(rest: RestContext, params: Params, account: Account): Row {
  const marginCoin = requireCoin(params);
  const { ctx } = rest.engine;
  const { instrument } = instrumentOf(ctx, symbolOf(params));
  const { leverage, marginMode } = settingOf({ ctx, account }, instrument.symbol);
  return { symbol: instrument.symbol, marginCoin, leverage, marginMode };
}

function setLeverage(rest: RestContext, params: Params, account: Account): Row | Row[] {
  const marginCoin = requireCoin(params);
  const symbol = symbolOf(params);
  const leverage = whole(params, 'leverage');
  if (leverage === undefined) throw refusal(10002);
  changeLeverage({ ctx: rest.engine.ctx, account }, { symbol, leverage });
  const row = { marginCoin, symbol, leverage };
  return rest.engine.ctx.quirks.leverageReply === 'list' ? [row] : row;
}

function setMarginMode(rest: RestContext, params: Params, account: Account): Row | Row[] {
  const marginCoin = requireCoin(params);
  const symbol = symbolOf(params);
  const marginMode = requiredChoice(params, 'marginMode', MARGIN_MODES);
  changeMarginMode({ ctx: rest.engine.ctx, account }, { symbol, marginMode });
  if (rest.engine.ctx.quirks.marginModeReply === 'list') return [{ positionMode: marginMode }];
  return { marginCoin, symbol, marginMode };
}

function setPositionMode(rest: RestContext, params: Params, account: Account): Row[] {
  const positionMode = requiredChoice(params, 'positionMode', POSITION_MODES);
  changePositionMode({ ctx: rest.engine.ctx, account }, positionMode);
  return [{ positionMode }];
}

function setMargin(rest: RestContext, params: Params, account: Account): string {
  requireCoin(params);
  const symbol = symbolOf(params);
  const amount = requiredDecimal(params, 'amount');
  const id = text(params, 'positionId');
  const side = choice(params, 'side', ['LONG', 'SHORT']);
  if (id === undefined && side === undefined) throw refusal(10002);
  const position = [...account.positions.values()].find(
    (one) => one.symbol === symbol && (id === undefined ? one.side === side : one.id === id),
  );
  if (position === undefined) throw refusal(30004);
  adjustMargin({ ctx: rest.engine.ctx, account }, position, amount);
  return '';
}

function positionMode(_rest: RestContext, _params: Params, account: Account): Row {
  return { positionMode: account.positionMode };
}

const MOST_SETTINGS = 50;

/** The asked contracts, or all that were ever set. That an unknown symbol or too many are refused is a guess. */
function tradingSettings(rest: RestContext, params: Params, account: Account): Row[] {
  const { ctx } = rest.engine;
  const asked = text(params, 'symbols')?.split(',') ?? [...account.settings.keys()];
  if (asked.length > MOST_SETTINGS && text(params, 'symbols') !== undefined)
    throw refusal(10008, `symbols must name at most ${MOST_SETTINGS} contracts`);
  return asked.map((name) => {
    const { symbol } = instrumentOf(ctx, name.trim()).instrument;
    const { leverage, marginMode } = settingOf({ ctx, account }, symbol);
    const sides = { longLeverage: leverage, shortLeverage: leverage };
    return { symbol, marginCoin: 'USDT', marginMode, leverage, ...sides };
  });
}

export const ACCOUNT_ROUTES: Readonly<Record<string, PrivateRoute>> = {
  account: privateGet(single),
  'account/get_leverage_margin_mode': privateGet(leverageMode),
  'account/position_mode': privateGet(positionMode, 20),
  'account/trading_settings': privateGet(tradingSettings, 20),
  'account/change_leverage': privatePost(setLeverage),
  'account/change_margin_mode': privatePost(setMarginMode),
  'account/change_position_mode': privatePost(setPositionMode),
  'account/adjust_position_margin': privatePost(setMargin, 5),
};

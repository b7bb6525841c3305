import { formatDec } from '../decimal.ts';
import type { Account } from '../engine/account.ts';
import { balanceOf } from '../engine/orders/book.ts';
import type { Engine } from '../engine/engine.ts';
import { markTicks } from '../market/instrument.ts';
import {
  closedPositionRow,
  orderRow,
  positionRow,
  ticksText,
  tradeRow,
  type Row,
} from '../wire/routes/rows.ts';
import { tpslRows } from '../wire/routes/tpsl-rows.ts';

const RECENT = 50;

/** The whole truth about an account, for a page or a test. */
export function accountState(engine: Engine, account: Account): Row {
  const { ctx } = engine;
  const balance = balanceOf({ ctx, account });
  return {
    apiKey: account.apiKey,
    uid: account.uid,
    positionMode: account.positionMode,
    wallet: formatDec(account.wallet),
    equity: formatDec(balance.equity),
    available: formatDec(balance.available),
    frozen: formatDec(balance.frozen),
    margin: formatDec(balance.margin),
    unrealizedPnl: formatDec(balance.crossProfit + balance.isolatedProfit),
    deposits: formatDec(account.deposits),
    realized: formatDec(account.realizedTotal),
    fees: formatDec(account.feeTotal),
    funding: formatDec(account.fundingTotal),
    positions: [...account.positions.values()].map((one) => ({
      ...positionRow({ ctx, account }, one),
      direction: one.side,
    })),
    orders: [...account.orders.values()].map((one) => orderRow(ctx, one)),
    tpsl: tpslRows({ ctx, account }).map((row) => ({
      ...row,
      kind: account.tpsl.get(String(row['id']))?.kind,
    })),
    closedPositions: account.positionHistory
      .slice(-RECENT)
      .map((one) => closedPositionRow(ctx, one)),
    orderHistory: account.orderHistory.slice(-RECENT).map((one) => orderRow(ctx, one)),
    trades: account.trades.slice(-RECENT).map((one) => tradeRow(ctx, one)),
    fills: account.trades.length,
  };
}

/** Last and mark prices of the asked contracts. */
export function pricesOf(engine: Engine, symbols: readonly string[]): Record<string, Row> {
  const { market, time } = engine.ctx;
  const prices: Record<string, Row> = {};
  for (const symbol of symbols) {
    const index = market.indexOf(symbol.toUpperCase());
    const instrument = index === undefined ? undefined : market.instruments[index];
    const last = index === undefined ? undefined : market.last(index, time);
    if (instrument === undefined || last === undefined) continue;
    prices[instrument.symbol] = {
      last: ticksText(instrument, last),
      mark: ticksText(instrument, markTicks(instrument, last)),
    };
  }
  return prices;
}

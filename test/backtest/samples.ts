import type { Trade } from '../../src/backtest/trade/trade.ts';

/** A finished trade; what a test does not name is plain. */
export const trade = (over: Partial<Trade>): Trade => ({
  symbol: 'SOLUSDT',
  category: 'layer 1',
  side: 'long',
  entryTime: 0,
  entryPrice: 100,
  exitTime: 0,
  exitPrice: 100,
  quantity: 1,
  fees: 0.12,
  funding: 0,
  pnl: 1,
  reason: 'target',
  risk: 2,
  candles: 1,
  mae: 0.01,
  mfe: 0.02,
  ...over,
});

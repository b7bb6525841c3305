import type { Endpoint } from '../../http/endpoint.ts';

const BASE = '/api/v1/futures';

const open = (path: string): Endpoint => ({
  method: 'GET',
  path: `${BASE}/${path}`,
  scope: 'public',
  perSecond: 10,
  priority: 'market',
});

const read = (path: string): Endpoint => ({
  method: 'GET',
  path: `${BASE}/${path}`,
  scope: 'private',
  perSecond: 10,
  priority: 'account',
});

const write = (path: string, priority: 'protect' | 'trade', perSecond = 10): Endpoint => ({
  method: 'POST',
  path: `${BASE}/${path}`,
  scope: 'private',
  perSecond,
  priority,
});

export const ENDPOINTS = {
  tradingPairs: open('market/trading_pairs'),
  tickers: open('market/tickers'),
  kline: open('market/kline'),
  fundingRates: open('market/funding_rate/batch'),
  fundingHistory: open('market/get_funding_rate_history'),
  positionTiers: open('position/get_position_tiers'),

  account: read('account'),
  leverage: read('account/get_leverage_margin_mode'),
  positions: read('position/get_pending_positions'),
  positionHistory: read('position/get_history_positions'),
  orderDetail: read('trade/get_order_detail'),
  pendingOrders: read('trade/get_pending_orders'),
  orderHistory: read('trade/get_history_orders'),
  tradeHistory: read('trade/get_history_trades'),
  pendingProtections: read('tpsl/get_pending_orders'),
  protectionHistory: read('tpsl/get_history_orders'),

  changeLeverage: write('account/change_leverage', 'trade'),
  changeMarginMode: write('account/change_margin_mode', 'trade'),
  placeOrder: write('trade/place_order', 'trade'),
  modifyOrder: write('trade/modify_order', 'trade'),
  cancelOrders: write('trade/cancel_orders', 'protect', 5),
  cancelAllOrders: write('trade/cancel_all_orders', 'protect'),
  flashClose: write('trade/flash_close_position', 'protect', 5),
  placeProtection: write('tpsl/place_order', 'protect'),
  modifyProtection: write('tpsl/modify_order', 'protect'),
  placePositionProtection: write('tpsl/position/place_order', 'protect'),
  modifyPositionProtection: write('tpsl/position/modify_order', 'protect'),
  cancelProtection: write('tpsl/cancel_order', 'protect'),
} as const satisfies Record<string, Endpoint>;

/** Frames as captured on the real exchange, or as documented where nobody captured one, with invented figures. */

const at = 1_767_225_600_123;

export const TICKER_FRAME = {
  ch: 'ticker',
  symbol: 'ETHUSDT',
  ts: at,
  data: {
    s: 'ETHUSDT',
    o: '3056.2',
    h: '3144',
    l: '3020.07',
    la: '3120.5',
    b: '262144.5',
    q: '812345678.1',
    r: '2.104',
  },
};

export const TICKERS_FRAME = {
  ch: 'tickers',
  ts: at,
  data: [{ ...TICKER_FRAME.data, bd: '3120.49', ak: '3120.5', bv: '12.7', av: '3.9' }],
};

export const TRADE_FRAME = {
  ch: 'trade',
  symbol: 'ETHUSDT',
  ts: at,
  data: [{ t: '2026-01-01T00:00:00.123Z', p: '3120.5', v: '0.25', s: 'sell' }],
};

export const DEPTH_FRAME = {
  ch: 'depth_book5',
  symbol: 'ETHUSDT',
  ts: at,
  data: {
    b: [
      ['3120.4', '2'],
      ['3120.49', '12.7'],
    ],
    a: [
      ['3120.6', '1'],
      ['3120.5', '3.9'],
    ],
  },
};

export const KLINE_FRAME = {
  ch: 'market_kline_15min',
  symbol: 'ETHUSDT',
  ts: at,
  data: { o: '3100', h: '3125.5', l: '3099.1', c: '3120.5', b: '120.5', q: '375000.25' },
};

export const POSITION_FRAME = {
  ch: 'position',
  ts: at,
  data: {
    event: 'OPEN',
    positionId: '6812345678901234567',
    marginMode: 'CROSS',
    positionMode: 'HEDGE',
    side: 'LONG',
    leverage: '10',
    margin: '155',
    ctime: '2026-01-01T00:00:10.123456789Z',
    qty: '0.5',
    entryValue: '1550',
    symbol: 'ETHUSDT',
    realizedPNL: '0',
    unrealizedPNL: '0.1',
    funding: '0',
    fee: '0.31',
  },
};

export const ORDER_FRAME = {
  ch: 'order',
  ts: at,
  data: {
    event: 'CLOSE',
    orderId: '6819999999999999999',
    symbol: 'ETHUSDT',
    positionType: 'CROSS',
    positionMode: 'HEDGE',
    side: 'Buy',
    effect: 'GTC',
    type: 'Limit',
    qty: '0.5',
    reductionOnly: false,
    price: '3100',
    ctime: '2026-01-01T00:00:00.000000001Z',
    mtime: '2026-01-01T00:00:10.123456789Z',
    leverage: '10',
    orderStatus: 'FILLED',
    fee: '0.31',
    averagePrice: '3100.25',
    dealAmount: '0.5',
    clientId: 'g1a2b3c4d5',
  },
};

export const BALANCE_FRAME = {
  ch: 'balance',
  ts: at,
  data: {
    coin: 'USDT',
    available: '812.44',
    frozen: '0',
    isolationFrozen: '0',
    crossFrozen: '0',
    margin: '155',
    isolationMargin: '0',
    crossMargin: '155',
    expMoney: '0',
  },
};

export const TPSL_FRAME = {
  ch: 'tpsl',
  ts: at,
  data: {
    event: 'CREATE',
    positionId: '6812345678901234567',
    orderId: '7100000000000000001',
    symbol: 'ETHUSDT',
    leverage: '10',
    side: 'Sell',
    positionMode: 'HEDGE',
    status: 'NEW',
    ctime: '2026-01-01T00:00:11.5Z',
    type: 'POSITION_TPSL',
    slStopType: 'Mark',
    slPrice: '3050',
    slOrderType: 'Market',
    slQty: '0.5',
  },
};

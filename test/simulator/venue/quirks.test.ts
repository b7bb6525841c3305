import { describe, expect, it } from 'vitest';
import type { Quirks } from '../../../src/simulator/venue/quirks.ts';
import {
  API_KEY,
  asList,
  asObject,
  first,
  HOUR,
  NONCE,
  SECRET_KEY,
  sha,
  START,
  TestClient,
  TestSocket,
  testVenue,
  WITH_EQUITIES,
  type Json,
} from './venue-client.ts';

const ORDER = {
  symbol: 'BTCUSDT',
  qty: '0.01',
  side: 'BUY',
  tradeSide: 'OPEN',
  orderType: 'MARKET',
};

async function client(quirks: Partial<Quirks>): Promise<TestClient> {
  return new TestClient(await testVenue({ quirks, rateLimits: false }));
}

async function holding(quirks: Partial<Quirks>): Promise<{ one: TestClient; positionId: string }> {
  const one = await client(quirks);
  await one.post('trade/place_order', ORDER);
  return { one, positionId: String((await one.positions())[0]?.['positionId']) };
}

describe('the other reading of a disputed point', () => {
  it('puts the account into a list', async () => {
    const one = await client({ accountShape: 'array' });
    expect(first((await one.get('account', { marginCoin: 'USDT' })).data)['available']).toBe(
      '10000',
    );
  });

  it('calls position sides LONG and SHORT, fees negative, and profit gross', async () => {
    const { one } = await holding({
      positionSide: 'LONG_SHORT',
      feeSign: 'negative',
      realizedPnl: 'gross',
    });
    const [row] = await one.positions();
    expect(row).toMatchObject({ side: 'LONG', realizedPNL: '0' });
    expect(Number(row?.['fee'])).toBeLessThan(0);
  });

  it('prints times and totals as numbers', async () => {
    const { one } = await holding({ numbers: 'numbers' });
    expect(typeof (await one.positions())[0]?.['ctime']).toBe('number');
    expect(asObject((await one.get('trade/get_history_orders')).data)['total']).toBe(1);
  });

  it.each([
    ['string', '20'],
    ['number', 20],
  ] as const)('prints the leverage of a closed position as a %s', async (closedLeverage, shown) => {
    const { one, positionId } = await holding({ closedLeverage });
    expect((await one.positions())[0]).toMatchObject({ leverage: 20 });
    await one.post('trade/flash_close_position', { positionId });
    const history = asObject((await one.get('position/get_history_positions')).data);
    expect(first(history['positionList'])).toMatchObject({ leverage: shown });
  });

  it.each([
    ['empty', ''],
    ['null', null],
  ] as const)('answers for an order without a client id: %s', async (noClientId, clientId) => {
    const one = await client({ noClientId });
    const placed = await one.post('trade/place_order', ORDER);
    expect(placed.data).toEqual({ orderId: expect.any(String), clientId });
  });

  it('closes in hedge mode with the opposite side', async () => {
    const { one, positionId } = await holding({ hedgeClose: 'opposite' });
    const close = { ...ORDER, tradeSide: 'CLOSE', positionId };
    expect((await one.post('trade/place_order', close)).code).toBe(10002);
    expect((await one.post('trade/place_order', { ...close, side: 'SELL' })).code).toBe(0);
    expect(await one.positions()).toEqual([]);
  });

  it.each(['BUY', 'SELL'])('closes in hedge mode with either side, here %s', async (side) => {
    const { one, positionId } = await holding({ hedgeClose: 'either' });
    expect(
      (await one.post('trade/place_order', { ...ORDER, tradeSide: 'CLOSE', positionId, side }))
        .code,
    ).toBe(0);
    expect(await one.positions()).toEqual([]);
  });

  it('answers tpsl/place_order with an object', async () => {
    const { one, positionId } = await holding({ tpslReply: 'object' });
    const reply = await one.post('tpsl/place_order', {
      symbol: 'BTCUSDT',
      positionId,
      slPrice: '1000',
      slQty: '0.01',
    });
    expect(asObject(reply.data)).toHaveProperty('orderId');
  });

  it('swaps the volumes of candles and lists funding', async () => {
    const one = await client({ swappedVolumes: true, fundingShape: 'array' });
    const row = first(
      (await one.public('market/kline', { symbol: 'BTCUSDT', interval: '1h', limit: '1' })).data,
    );
    expect(Number(row['baseVol']) / Number(row['quoteVol'])).toBeGreaterThan(1_000);
    expect(
      first((await one.public('market/funding_rate', { symbol: 'BTCUSDT' })).data)['symbol'],
    ).toBe('BTCUSDT');
  });

  it('ends pending statuses in an underscore and refuses a crossing POST_ONLY order', async () => {
    const one = await client({ statusUnderscore: true, postOnlyCross: 'refuse' });
    const price = await one.lastPrice('BTCUSDT');
    const limit = { ...ORDER, orderType: 'LIMIT', effect: 'POST_ONLY' };
    expect(
      (await one.post('trade/place_order', { ...limit, price: (price * 1.01).toFixed(0) })).code,
    ).toBe(30011);
    await one.post('trade/place_order', { ...limit, price: (price * 0.99).toFixed(0) });
    const rows = asObject((await one.get('trade/get_pending_orders')).data)['orderList'];
    expect(first(rows)['status']).toBe('NEW_');
  });

  it('takes TP/SL with cancel_all_orders and leaves them behind a closed position', async () => {
    const { one, positionId } = await holding({ cancelAllTakesTpsl: true, tpslOnClose: 'linger' });
    const stop = { symbol: 'BTCUSDT', positionId, slPrice: '1000', slQty: '0.01' };
    await one.post('tpsl/place_order', stop);
    await one.post('trade/cancel_all_orders', {});
    expect(asList((await one.get('tpsl/get_pending_orders')).data)).toEqual([]);
    await one.post('tpsl/place_order', stop);
    await one.post('trade/flash_close_position', { positionId });
    expect(asList((await one.get('tpsl/get_pending_orders')).data)).toHaveLength(1);
  });

  it('makes attached legs the position’s own', async () => {
    const one = await client({ attachedTpsl: 'position' });
    await one.post('trade/place_order', { ...ORDER, slPrice: '1000' });
    await one.post('trade/place_order', { ...ORDER, slPrice: '2000' });
    const rows = asList((await one.get('tpsl/get_pending_orders')).data);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ slPrice: '2000', slQty: null });
  });

  it('lets takers pay slippage', async () => {
    const one = await client({ slippage: 0.01 });
    const price = await one.lastPrice('BTCUSDT');
    await one.post('trade/place_order', ORDER);
    expect(Number((await one.positions())[0]?.['avgOpenPrice'])).toBeCloseTo(price * 1.01, 0);
  });

  it('fills a large market order in two steps', async () => {
    const one = await client({ partialFillAbove: 100 });
    const reply = await one.post('trade/place_order', ORDER);
    const query = { orderId: String(asObject(reply.data)['orderId']) };
    expect((await one.get('trade/get_order_detail', query)).data).toMatchObject({
      status: 'PART_FILLED',
      tradeQty: '0.005',
    });
    await one.control('clock', { advanceMs: 1_000 });
    expect((await one.get('trade/get_order_detail', query)).data).toMatchObject({
      status: 'FILLED',
      tradeQty: '0.01',
    });
    expect(asObject((await one.get('trade/get_history_trades', query)).data)['total']).toBe('2');
  });

  it('answers setters, rows and depth in their other shapes', async () => {
    const { one, positionId } = await holding({
      leverageReply: 'object',
      marginModeReply: 'list',
      orderRow: 'sample',
      avgPrice: true,
      depthNumbers: 'numbers',
      positionTpslQty: 'whole',
      defaultStopType: 'LAST_PRICE',
      cancelNeedsSymbol: false,
    });
    const eth = { symbol: 'ETHUSDT', marginCoin: 'USDT' };
    const leverage = await one.post('account/change_leverage', { ...eth, leverage: 5 });
    expect(leverage.data).toMatchObject({ leverage: 5 });
    const mode = await one.post('account/change_margin_mode', { ...eth, marginMode: 'ISOLATION' });
    expect(mode.data).toEqual([{ positionMode: 'ISOLATION' }]);
    const order = first(asObject((await one.get('trade/get_history_orders')).data)['orderList']);
    expect(order).toMatchObject({ type: 'MARKET', source: 'api' });
    expect(order).not.toHaveProperty('orderType');
    expect(Number(order['avgPrice'])).toBe(await one.lastPrice('BTCUSDT'));
    const book = asObject(
      (await one.public('market/depth', { symbol: 'BTCUSDT', limit: '1' })).data,
    );
    expect(book['asks']).toEqual([[expect.any(Number), expect.any(Number)]]);
    const stop = { symbol: 'BTCUSDT', positionId, slPrice: '1000' };
    await one.post('tpsl/position/place_order', stop);
    expect(first((await one.get('tpsl/get_pending_orders')).data)).toMatchObject({
      slQty: '0.01',
      slStopType: 'LAST_PRICE',
    });
    expect((await one.post('trade/cancel_orders', { orderList: [{ orderId: '1' }] })).code).toBe(0);
  });

  it('lets a client id be used once in each contract', async () => {
    const one = await client({ clientIdScope: 'symbol' });
    const order = { ...ORDER, clientId: 'x' };
    const eth = { ...order, symbol: 'ETHUSDT', qty: '0.1' };
    expect((await one.post('trade/place_order', order)).code).toBe(0);
    expect((await one.post('trade/place_order', order)).code).toBe(30042);
    expect((await one.post('trade/place_order', eth)).code).toBe(0);
    const found = (await one.get('trade/get_order_detail', { clientId: 'x' })).data;
    expect(found).toMatchObject({ symbol: 'ETHUSDT' });
  });

  it('cuts a long list, or refuses to be asked for one', async () => {
    const { one } = await holding({});
    const lists = ['trade/get_history_orders', 'tpsl/get_pending_orders'];
    for (const list of lists) expect((await one.get(list, { limit: '200' })).code).toBe(0);
    const strict = await client({ limitAbove: 'refuse' });
    for (const list of lists) expect((await strict.get(list, { limit: '101' })).code).toBe(10008);
  });

  it('ignores a symbol beside the id of an order', async () => {
    const { one } = await holding({ detailSymbol: 'ignore' });
    const orders = asObject((await one.get('trade/get_history_orders')).data)['orderList'];
    const query = { orderId: String(first(orders)['orderId']), symbol: 'BTCUSDT' };
    expect((await one.get('trade/get_order_detail', query)).code).toBe(0);
  });

  it.each([
    ['allow', 0, 0],
    ['refuse', 20012, 1],
  ] as const)('lets the API close what it may not trade: %s', async (exit, code, left) => {
    const venue = await testVenue({
      market: { kind: 'generated', seed: 1, symbols: WITH_EQUITIES, from: START },
      open: [{ symbol: 'TSLAUSDT', side: 'LONG', notional: '500', leverage: 5 }],
      quirks: { closedSymbolExit: exit },
      rateLimits: false,
    });
    const one = new TestClient(venue);
    const [position] = await one.positions();
    const flash = { positionId: position?.['positionId'] };
    expect((await one.post('trade/flash_close_position', flash)).code).toBe(code);
    expect((await one.post('trade/close_all_position', {})).code).toBe(0);
    expect(await one.positions()).toHaveLength(left);
  });

  it('calls an order that found nothing EXPIRED', async () => {
    const one = await client({ unfilledStatus: 'EXPIRED' });
    const price = String(Math.floor((await one.lastPrice('BTCUSDT')) * 0.99));
    await one.post('trade/place_order', { ...ORDER, orderType: 'LIMIT', effect: 'IOC', price });
    const list = await one.get('trade/get_history_orders', { status: 'EXPIRED' });
    expect(first(asObject(list.data)['orderList'])).toMatchObject({ status: 'EXPIRED' });
  });

  it('takes the other ways of signing', async () => {
    const venue = await testVenue({ quirks: { signedQuery: 'either', timeHeader: true } });
    const signed = async (sign: string, query: string): Promise<unknown> => {
      const timestamp = String(venue.now());
      const headers = {
        'api-key': API_KEY,
        nonce: NONCE,
        time: timestamp,
        sign: sha(sha(NONCE + timestamp + API_KEY + sign) + SECRET_KEY),
      };
      const path = `${venue.url}/api/v1/futures/trade/get_history_orders?${query}`;
      return asObject(await (await fetch(path, { headers })).json())['code'];
    };
    expect(await signed('clientIda b', 'clientId=a%20b')).toBe(0);
    expect(await signed('clientIda%20b', 'clientId=a%20b')).toBe(0);
    expect(await signed('clientIdab', 'clientId=a%20b')).toBe(10007);
  });

  it('prints private frames in their other shapes', async () => {
    const one = await client({
      privateData: 'list',
      tpslFrameType: 'order-type',
      tpslFrameSide: 'position',
      orderFrameStops: true,
      orderFrameEffect: 'direction',
    });
    const socket = new TestSocket(one.venue.wsPrivateUrl);
    await socket.login();
    await one.post('trade/place_order', { ...ORDER, slPrice: '1000' });
    const data = async (ch: string): Promise<Json> =>
      first((await socket.frame((frame) => frame['ch'] === ch))['data']);
    expect(await data('order')).toMatchObject({ effect: 'LONG', slPrice: '1000' });
    expect(await data('tpsl')).toMatchObject({ side: 'Buy', type: 'MARKET' });
  });

  it.each([
    ['seconds', 'reply', true],
    ['milliseconds', 'reply', false],
    ['milliseconds', 'close', false],
  ] as const)(
    'takes a login in %s alone and refuses by %s',
    async (loginTime, loginRefusal, ok) => {
      const one = await client({ loginTime, loginRefusal });
      const socket = new TestSocket(one.venue.wsPrivateUrl);
      socket.login().catch(() => undefined);
      await socket.until(() => socket.frames.length > 1 || socket.closeCode !== undefined);
      const answer = socket.frames[1];
      if (loginRefusal === 'close') expect(answer).toBeUndefined();
      else expect(asObject(answer?.['data'])['result']).toBe(ok);
    },
  );

  it('ends every socket after its lifetime', async () => {
    const one = await client({ socketLifetimeMs: 50 });
    const socket = new TestSocket(one.venue.wsPublicUrl);
    await socket.until(() => socket.closeCode !== undefined);
    expect(socket.closeCode).toBe(1006);
  });

  it('shows funding, margin rate and liquidation in their other readings', async () => {
    const { one } = await holding({
      fundingSign: 'positive-paid',
      marginRate: 'cover',
      liqQty: 'loss',
      liquidationFee: false,
    });
    await one.control('clock', { advanceMs: 8 * HOUR });
    const account = await one.account();
    const [row] = await one.positions();
    expect(Number(row?.['funding'])).toBe(-Number(account['funding']));
    expect(Number(account['funding'])).not.toBe(0);
    expect(Number(row?.['marginRate'])).toBeGreaterThan(1);
    await one.post('account/change_margin_mode', {
      symbol: 'ETHUSDT',
      marginCoin: 'USDT',
      marginMode: 'ISOLATION',
    });
    await one.post('trade/place_order', { ...ORDER, symbol: 'ETHUSDT', qty: '1' });
    await one.control('price', { symbol: 'ETHUSDT', percent: -20 });
    const closed = first(
      asObject((await one.get('position/get_history_positions')).data)['positionList'],
    );
    expect(closed).toMatchObject({ symbol: 'ETHUSDT' });
    expect(Number(closed['liqQty'])).toBeLessThan(-1);
    const [trade] = asList(asObject((await one.get('trade/get_history_trades')).data)['tradeList']);
    expect(trade).toMatchObject({ fee: '0', symbol: 'ETHUSDT' });
  });

  it('puts the isolated line at the maintenance of the entry', async () => {
    const at = async (isolatedLine: 'mark' | 'entry'): Promise<number> => {
      const one = await client({ isolatedLine });
      await one.post('account/change_margin_mode', {
        symbol: 'BTCUSDT',
        marginCoin: 'USDT',
        marginMode: 'ISOLATION',
      });
      await one.post('trade/place_order', ORDER);
      const [row] = await one.positions();
      return Number(row?.['liqPrice']) / Number(row?.['avgOpenPrice']);
    };
    // 20x: a margin of 5 % of the entry, maintenance 0.4 %.
    expect(await at('mark')).toBeCloseTo(0.95 / 0.996, 5);
    expect(await at('entry')).toBeCloseTo(0.954, 5);
  });

  it('charges the funding rate of the beginning of the interval', async () => {
    const rate = async (fundingCharged: 'at-start' | 'at-settlement'): Promise<unknown> => {
      const one = await client({ fundingCharged });
      await one.control('clock', { advanceMs: 8 * HOUR - 1 });
      await one.control('price', { symbol: 'BTCUSDT', percent: 10 });
      await one.control('clock', { advanceMs: 1 });
      const query = { symbol: 'BTCUSDT', limit: '1' };
      return first((await one.public('market/get_funding_rate_history', query)).data)[
        'fundingRate'
      ];
    };
    expect(Number(await rate('at-settlement'))).toBeGreaterThan(Number(await rate('at-start')));
  });

  it('sends 429, or a page for people, to who asks too fast', async () => {
    const limited = new TestClient(await testVenue({ quirks: { rateStatus: 429 } }));
    const asked: number[] = [];
    for (let count = 0; count < 11; count += 1)
      asked.push((await limited.public('market/tickers', { symbols: 'BTCUSDT' })).status);
    expect(asked).toEqual([...Array<number>(10).fill(200), 429]);
    const challenged = await client({ challengeAbove: 2 });
    const pages: number[] = [];
    for (let count = 0; count < 4; count += 1)
      pages.push((await challenged.public('market/tickers', { symbols: 'BTCUSDT' })).status);
    await challenged.control('clock', { advanceMs: 61_000 });
    pages.push((await challenged.public('market/tickers', { symbols: 'BTCUSDT' })).status);
    expect(pages).toEqual([200, 200, 403, 403, 200]);
  });

  it('counts requests together and answers 10005', async () => {
    const one = new TestClient(
      await testVenue({ quirks: { rateScope: 'shared', rateCode: 10005 } }),
    );
    for (let count = 0; count < 5; count += 1) {
      expect((await one.public('market/tickers', { symbols: 'BTCUSDT' })).code).toBe(0);
      expect((await one.public('market/trading_pairs', { symbols: 'BTCUSDT' })).code).toBe(0);
    }
    expect((await one.public('market/tickers')).code).toBe(10005);
  });
});

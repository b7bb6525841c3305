import { describe, expect, it } from 'vitest';
import {
  asList,
  asObject,
  first,
  TestClient,
  testVenue,
  WITH_EQUITIES,
  type Json,
} from './venue-client.ts';

const OPEN_LONG = {
  symbol: 'BTCUSDT',
  qty: '0.01',
  side: 'BUY',
  tradeSide: 'OPEN',
  orderType: 'MARKET',
};

async function client(options = {}): Promise<TestClient> {
  return new TestClient(await testVenue(options));
}

async function detail(one: TestClient, orderId: unknown): Promise<Json> {
  return asObject((await one.get('trade/get_order_detail', { orderId: String(orderId) })).data);
}

describe('a market order', () => {
  it('is accepted with its ids alone, then found filled, with its position and trade', async () => {
    const one = await client();
    const placed = await one.post('trade/place_order', { ...OPEN_LONG, clientId: 'c1' });
    const { orderId } = asObject(placed.data);
    expect(placed).toMatchObject({ code: 0, data: { clientId: 'c1' } });
    expect(Object.keys(asObject(placed.data)).sort()).toEqual(['clientId', 'orderId']);
    const order = await detail(one, orderId);
    expect(order).toMatchObject({
      status: 'FILLED',
      price: 'market',
      tradeQty: '0.01',
      side: 'BUY',
      orderType: 'MARKET',
      reduceOnly: false,
    });
    expect(order).not.toHaveProperty('avgPrice');
    expect(typeof order['ctime']).toBe('string');
    const [position] = await one.positions();
    expect(position).toMatchObject({
      symbol: 'BTCUSDT',
      side: 'BUY',
      qty: '0.01',
      marginCoin: null,
      positionMode: 'HEDGE',
      leverage: 20,
    });
    const trades = asObject(
      (
        await one.get('trade/get_history_trades', {
          orderId: String(orderId),
          positionId: 'ignored',
        })
      ).data,
    );
    const price = await one.lastPrice('BTCUSDT');
    expect(first(trades['tradeList'])).toMatchObject({
      price: String(price),
      qty: '0.01',
      roleType: 'TAKER',
      realizedPNL: '0',
    });
    expect(trades['total']).toBe('1');
  });

  it('pays the taker fee and locks margin out of the free balance', async () => {
    const one = await client();
    await one.post('trade/place_order', OPEN_LONG);
    const price = await one.lastPrice('BTCUSDT');
    const account = asObject((await one.get('account', { marginCoin: 'USDT' })).data);
    const notional = price * 0.01;
    expect(Number(account['margin'])).toBeCloseTo(notional / 20, 6);
    expect(Number(account['available'])).toBeCloseTo(10_000 - notional / 20 - notional * 0.0006, 6);
    expect(account).toMatchObject({
      marginCoin: 'USDT',
      frozen: '0',
      bonus: '0',
      positionMode: 'HEDGE',
    });
  });

  it.each([
    ['an unknown contract', { symbol: 'NOPEUSDT' }, 20015],
    ['too many decimals', { qty: '0.01001' }, 10002],
    ['nothing', { qty: '0' }, 30016],
    ['more than the maximum', { qty: '99999' }, 30039],
    ['more than the balance', { qty: '10' }, 20003],
    ['a word for a side', { side: 'UP' }, 10008],
    ['no quantity', { qty: undefined }, 10002],
    ['no trade side in hedge mode', { tradeSide: undefined }, 10002],
    ['a stop above the market', { slPrice: '999999' }, 30029],
    ['a last-price stop above the market', { slPrice: '999999', slStopType: 'LAST_PRICE' }, 30028],
    ['a target below the market', { tpPrice: '1' }, 30027],
    ['a close of nothing', { tradeSide: 'CLOSE', positionId: '1' }, 30004],
  ])('with %s is refused', async (_name, change, code) => {
    const one = await client();
    const reply = await one.post('trade/place_order', { ...OPEN_LONG, ...change });
    expect(reply).toMatchObject({ status: 200, code, data: null });
    expect(await one.positions()).toEqual([]);
  });

  it('burns its client id for ever', async () => {
    const one = await client();
    const placed = await one.post('trade/place_order', { ...OPEN_LONG, clientId: 'same' });
    expect((await one.post('trade/place_order', { ...OPEN_LONG, clientId: 'same' })).code).toBe(
      30042,
    );
    const [position] = await one.positions();
    await one.post('trade/flash_close_position', { positionId: position?.['positionId'] });
    expect((await one.post('trade/place_order', { ...OPEN_LONG, clientId: 'same' })).code).toBe(
      30042,
    );
    const found = asObject((await one.get('trade/get_order_detail', { clientId: 'same' })).data);
    expect(found['orderId']).toBe(asObject(placed.data)['orderId']);
  });

  it('on a contract that the API may not trade is refused, though the owner can hold it', async () => {
    const venue = await testVenue({
      market: { kind: 'generated', seed: 1, symbols: WITH_EQUITIES, from: 1_767_225_600_000 },
      open: [{ symbol: 'TSLAUSDT', side: 'LONG', notional: '500', leverage: 5 }],
    });
    const one = new TestClient(venue);
    expect(await one.positions()).toHaveLength(1);
    expect(
      (await one.post('trade/place_order', { ...OPEN_LONG, symbol: 'TSLAUSDT', qty: '1' })).code,
    ).toBe(20012);
  });
});

describe('closing in hedge mode', () => {
  it('names the direction of the position as its side', async () => {
    const one = await client();
    await one.post('trade/place_order', { ...OPEN_LONG, side: 'SELL' });
    const [position] = await one.positions();
    const positionId = position?.['positionId'];
    const close = { ...OPEN_LONG, qty: '0.004', tradeSide: 'CLOSE', positionId };
    expect((await one.post('trade/place_order', { ...close, side: 'BUY' })).code).toBe(10002);
    expect((await one.post('trade/place_order', { ...close, side: 'SELL' })).code).toBe(0);
    expect((await one.positions())[0]).toMatchObject({ qty: '0.006', side: 'SELL', positionId });
    expect(
      (await one.post('trade/place_order', { ...close, side: 'SELL', qty: '0.007' })).code,
    ).toBe(20008);
  });

  it('takes margin rounded up in its last digit, and gives the closed part of it back', async () => {
    const one = await client();
    const seven = { symbol: 'BTCUSDT', marginCoin: 'USDT', leverage: 7 };
    expect((await one.post('account/change_leverage', seven)).code).toBe(0);
    await one.control('price', { symbol: 'BTCUSDT', price: '60000.1' });
    await one.post('trade/place_order', OPEN_LONG);
    // 600.001 / 7 = 85.714428571428...
    expect((await one.positions())[0]).toMatchObject({
      entryValue: '600.001',
      margin: '85.71442858',
    });
    const positionId = (await one.positions())[0]?.['positionId'];
    const close = { ...OPEN_LONG, qty: '0.004', tradeSide: 'CLOSE', positionId };
    expect((await one.post('trade/place_order', close)).code).toBe(0);
    expect((await one.positions())[0]).toMatchObject({
      entryValue: '360.0006',
      margin: '51.42865715',
    });
  });

  it('leaves a history row whose profit is net of fees', async () => {
    const one = await client();
    await one.post('trade/place_order', OPEN_LONG);
    await one.control('price', { symbol: 'BTCUSDT', percent: 5 });
    const [position] = await one.positions();
    await one.post('trade/flash_close_position', { positionId: position?.['positionId'] });
    const history = asObject((await one.get('position/get_history_positions')).data);
    const row = first(history['positionList']);
    const gross = (Number(row['closePrice']) - Number(row['entryPrice'])) * 0.01;
    expect(Number(row['realizedPNL'])).toBeCloseTo(gross - Number(row['fee']), 5);
    expect(row).toMatchObject({ maxQty: '0.01', liqQty: '0', funding: '0' });
    expect(
      (await one.post('trade/flash_close_position', { positionId: position?.['positionId'] })).code,
    ).toBe(30004);
  });
});

describe('one-way mode', () => {
  const oneWay = {
    accounts: [
      {
        apiKey: 'demoApiKey0000000000000000000001',
        secretKey: 'demoSecret000000000000000000000A',
        balance: 10_000,
        positionMode: 'ONE_WAY' as const,
      },
    ],
  };
  const buy = { symbol: 'BTCUSDT', qty: '0.01', side: 'BUY', orderType: 'MARKET' };

  it('reduces with the opposite side and reduceOnly, never beyond the position', async () => {
    const one = await client(oneWay);
    expect((await one.post('trade/place_order', { ...buy, reduceOnly: true })).code).toBe(30018);
    await one.post('trade/place_order', buy);
    expect((await one.post('trade/place_order', { ...buy, reduceOnly: true })).code).toBe(30019);
    expect(
      (await one.post('trade/place_order', { ...buy, side: 'SELL', qty: '0.05', reduceOnly: true }))
        .code,
    ).toBe(0);
    expect(await one.positions()).toEqual([]);
  });

  it('turns the position round without reduceOnly', async () => {
    const one = await client(oneWay);
    await one.post('trade/place_order', buy);
    await one.post('trade/place_order', { ...buy, side: 'SELL', qty: '0.03' });
    expect((await one.positions())[0]).toMatchObject({
      side: 'SELL',
      qty: '0.02',
      positionMode: 'ONE_WAY',
    });
  });

  it('is chosen by a call that refuses while anything is open', async () => {
    const one = await client();
    await one.post('trade/place_order', OPEN_LONG);
    expect((await one.post('account/change_position_mode', { positionMode: 'ONE_WAY' })).code).toBe(
      20009,
    );
    await one.post('trade/close_all_position', {});
    expect(
      await one.post('account/change_position_mode', { positionMode: 'ONE_WAY' }),
    ).toMatchObject({ code: 0, data: [{ positionMode: 'ONE_WAY' }] });
  });
});

describe('a limit order', () => {
  async function resting(one: TestClient, change: Json = {}): Promise<unknown> {
    const price = Math.floor((await one.lastPrice('BTCUSDT')) * 0.97);
    const reply = await one.post('trade/place_order', {
      ...OPEN_LONG,
      orderType: 'LIMIT',
      price: String(price),
      ...change,
    });
    expect(reply.code).toBe(0);
    return asObject(reply.data)['orderId'];
  }

  it('rests, locks margin, fills at its price as maker when the market comes', async () => {
    const one = await client();
    const orderId = await resting(one);
    const order = await detail(one, orderId);
    expect(order).toMatchObject({ status: 'NEW', effect: 'GTC', tradeQty: '0' });
    const locked = asObject((await one.get('account', { marginCoin: 'USDT' })).data);
    expect(Number(locked['frozen'])).toBeCloseTo((Number(order['price']) * 0.01) / 20, 6);
    expect(Number(locked['available'])).toBeCloseTo(10_000 - Number(locked['frozen']), 8);
    await one.control('price', { symbol: 'BTCUSDT', percent: -4 });
    expect(await detail(one, orderId)).toMatchObject({ status: 'FILLED', tradeQty: '0.01' });
    const trade = first(asObject((await one.get('trade/get_history_trades')).data)['tradeList']);
    expect(trade).toMatchObject({ price: order['price'], roleType: 'MAKER' });
    expect(asObject((await one.get('account', { marginCoin: 'USDT' })).data)['frozen']).toBe('0');
  });

  it('is changed, then cancelled; cancelling again names the order as gone', async () => {
    const one = await client();
    const orderId = await resting(one);
    const lower = String(Math.floor((await one.lastPrice('BTCUSDT')) * 0.96));
    expect(
      (await one.post('trade/modify_order', { orderId, qty: '0.02', price: lower })).code,
    ).toBe(0);
    expect(await detail(one, orderId)).toMatchObject({ qty: '0.02', price: lower });
    const cancel = { symbol: 'BTCUSDT', orderList: [{ orderId }] };
    expect((await one.post('trade/cancel_orders', cancel)).data).toMatchObject({
      successList: [{ orderId }],
      failureList: [],
    });
    expect((await one.post('trade/cancel_orders', cancel)).data).toMatchObject({
      failureList: [{ orderId, errorCode: 10013 }],
    });
    const usual = asObject((await one.get('trade/get_history_orders')).data);
    expect(usual['orderList']).toEqual([]);
    const cancelled = asObject(
      (await one.get('trade/get_history_orders', { queryCanceled: 'true' })).data,
    );
    expect(first(cancelled['orderList'])).toMatchObject({ orderId, status: 'CANCELED' });
  });

  it('outside the protection band is refused', async () => {
    const one = await client();
    const price = await one.lastPrice('BTCUSDT');
    const over = { ...OPEN_LONG, orderType: 'LIMIT', price: (price * 1.2).toFixed(1) };
    expect((await one.post('trade/place_order', over)).code).toBe(30014);
    const under = { ...over, side: 'SELL', price: (price * 0.8).toFixed(1) };
    expect((await one.post('trade/place_order', under)).code).toBe(30015);
  });

  it.each([
    ['IOC', 0.97, 'CANCELED'],
    ['FOK', 0.97, 'CANCELED'],
    ['IOC', 1.02, 'FILLED'],
    ['FOK', 1.02, 'FILLED'],
    ['POST_ONLY', 1.02, 'CANCELED'],
    ['POST_ONLY', 0.97, 'NEW'],
  ])('%s at %f of the market ends as %s', async (effect, share, status) => {
    const one = await client();
    const price = ((await one.lastPrice('BTCUSDT')) * share).toFixed(1);
    const reply = await one.post('trade/place_order', {
      ...OPEN_LONG,
      orderType: 'LIMIT',
      price,
      effect,
    });
    expect(await detail(one, asObject(reply.data)['orderId'])).toMatchObject({ status, effect });
  });

  it('leaves with all others through cancel_all_orders, which leaves TP/SL standing', async () => {
    const one = await client();
    await one.post('trade/place_order', { ...OPEN_LONG, slPrice: '1000' });
    await resting(one);
    await resting(one);
    const reply = await one.post('trade/cancel_all_orders', {});
    expect(asList(asObject(reply.data)['successList'])).toHaveLength(2);
    expect(asObject((await one.get('trade/get_pending_orders')).data)).toEqual({
      orderList: [],
      total: '0',
    });
    expect(asList((await one.get('tpsl/get_pending_orders')).data)).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { asList, asObject, first, TestClient, testVenue, type Json } from './venue-client.ts';

const OPEN_LONG = {
  symbol: 'BTCUSDT',
  qty: '0.01',
  side: 'BUY',
  tradeSide: 'OPEN',
  orderType: 'MARKET',
};

async function withPosition(
  options = {},
  order: Json = {},
): Promise<{ one: TestClient; positionId: string; price: number }> {
  const one = new TestClient(await testVenue(options));
  const price = await one.lastPrice('BTCUSDT');
  const reply = await one.post('trade/place_order', { ...OPEN_LONG, ...order });
  expect(reply.code).toBe(0);
  const [position] = await one.positions();
  return { one, positionId: String(position?.['positionId']), price };
}

async function pending(one: TestClient): Promise<Json[]> {
  return asList((await one.get('tpsl/get_pending_orders')).data);
}

async function past(one: TestClient): Promise<Json[]> {
  return asList(asObject((await one.get('tpsl/get_history_orders')).data)['orderList']);
}

describe('legs attached to an order', () => {
  it('are armed with the fill for its quantity', async () => {
    const { one, positionId } = await withPosition({}, { slPrice: '1000', tpPrice: '900000' });
    const [row] = await pending(one);
    expect(row).toMatchObject({
      positionId,
      symbol: 'BTCUSDT',
      base: 'BTC',
      quote: 'USDT',
      slPrice: '1000',
      tpPrice: '900000',
    });
    expect(row).toMatchObject({
      slQty: '0.01',
      tpQty: '0.01',
      slStopType: 'MARK_PRICE',
      slOrderType: 'MARKET',
      slOrderPrice: null,
    });
    expect(row).toHaveProperty('id');
    expect(row).not.toHaveProperty('orderId');
  });

  it('wait with a resting order and come with its fill', async () => {
    const one = new TestClient(await testVenue());
    const price = await one.lastPrice('BTCUSDT');
    const order = {
      ...OPEN_LONG,
      orderType: 'LIMIT',
      price: String(Math.floor(price * 0.97)),
      slPrice: String(Math.floor(price * 0.9)),
    };
    await one.post('trade/place_order', order);
    expect(await pending(one)).toEqual([]);
    await one.control('price', { symbol: 'BTCUSDT', percent: -4 });
    expect(await pending(one)).toHaveLength(1);
  });
});

describe('a position stop', () => {
  it('closes the whole position when mark reaches it, and the target goes with it', async () => {
    const { one, positionId, price } = await withPosition();
    const legs = {
      symbol: 'BTCUSDT',
      positionId,
      slPrice: String(Math.floor(price * 0.95)),
      tpPrice: String(Math.floor(price * 1.1)),
    };
    expect((await one.post('tpsl/position/place_order', legs)).code).toBe(0);
    expect((await one.post('tpsl/position/place_order', legs)).code).toBe(30011);
    expect((await pending(one))[0]).toMatchObject({ slQty: null, tpQty: null });
    await one.control('price', { symbol: 'BTCUSDT', percent: -4.9 });
    expect(await one.positions()).toHaveLength(1);
    await one.control('price', { symbol: 'BTCUSDT', percent: -1 });
    expect(await one.positions()).toEqual([]);
    expect(await pending(one)).toEqual([]);
    expect((await past(one))[0]).toMatchObject({ status: 'FILLED' });
    const order = first(asObject((await one.get('trade/get_history_orders')).data)['orderList']);
    expect(order).toMatchObject({
      status: 'FILLED',
      reduceOnly: true,
      orderType: 'MARKET',
      tradeQty: '0.01',
    });
  });

  it('is cleared leg by leg when a change leaves one out', async () => {
    const { one, positionId } = await withPosition();
    const legs = { symbol: 'BTCUSDT', positionId, slPrice: '1000', tpPrice: '900000' };
    await one.post('tpsl/position/place_order', legs);
    await one.post('tpsl/position/modify_order', {
      symbol: 'BTCUSDT',
      positionId,
      slPrice: '1100',
    });
    expect((await pending(one))[0]).toMatchObject({ slPrice: '1100', tpPrice: null });
  });

  it('keeps the other leg when the venue is set so', async () => {
    const { one, positionId } = await withPosition({ quirks: { omittedLeg: 'keep' } });
    await one.post('tpsl/position/place_order', {
      symbol: 'BTCUSDT',
      positionId,
      slPrice: '1000',
      tpPrice: '900000',
    });
    await one.post('tpsl/position/modify_order', {
      symbol: 'BTCUSDT',
      positionId,
      slPrice: '1100',
    });
    expect((await pending(one))[0]).toMatchObject({ slPrice: '1100', tpPrice: '900000' });
  });

  it('with an order type is refused', async () => {
    const { one, positionId } = await withPosition();
    const body = { symbol: 'BTCUSDT', positionId, tpPrice: '900000', tpOrderType: 'MARKET' };
    expect((await one.post('tpsl/position/place_order', body)).code).toBe(10002);
  });
});

describe('a partial TP/SL', () => {
  it('is answered with a list and takes its own quantity out', async () => {
    const { one, positionId, price } = await withPosition();
    const body = {
      symbol: 'BTCUSDT',
      positionId,
      tpPrice: String(Math.ceil(price * 1.05)),
      tpStopType: 'LAST_PRICE',
      tpQty: '0.004',
    };
    const reply = await one.post('tpsl/place_order', body);
    expect(first(reply.data)).toHaveProperty('orderId');
    await one.control('price', { symbol: 'BTCUSDT', percent: 6 });
    expect((await one.positions())[0]).toMatchObject({ qty: '0.006' });
  });

  it('with a limit price rests as a closing order after its trigger', async () => {
    const { one, positionId, price } = await withPosition();
    const tpOrderPrice = String(Math.ceil(price * 1.08));
    const body = {
      symbol: 'BTCUSDT',
      positionId,
      tpPrice: String(Math.ceil(price * 1.05)),
      tpOrderType: 'LIMIT',
      tpOrderPrice,
      tpQty: '0.01',
    };
    expect((await one.post('tpsl/place_order', body)).code).toBe(0);
    await one.control('price', { symbol: 'BTCUSDT', percent: 6 });
    const order = first(asObject((await one.get('trade/get_pending_orders')).data)['orderList']);
    expect(order).toMatchObject({ price: tpOrderPrice, reduceOnly: true, status: 'NEW' });
    await one.control('price', { symbol: 'BTCUSDT', percent: 3 });
    expect(await one.positions()).toEqual([]);
  });

  it.each([
    ['more than the position', { slPrice: '1000', slQty: '0.02' }, 30038],
    ['no leg', {}, 30006],
    ['no quantity', { slPrice: '1000' }, 10002],
    ['a trigger of zero', { slPrice: '0', slQty: '0.01' }, 30041],
    ['a stop over the market', { slPrice: '900000', slQty: '0.01' }, 30029],
  ])('with %s is refused', async (_name, legs, code) => {
    const { one, positionId } = await withPosition();
    expect(
      (await one.post('tpsl/place_order', { symbol: 'BTCUSDT', positionId, ...legs })).code,
    ).toBe(code);
  });

  it('beyond the liquidation price is refused', async () => {
    const one = new TestClient(await testVenue());
    await one.post('account/change_margin_mode', {
      symbol: 'BTCUSDT',
      marginCoin: 'USDT',
      marginMode: 'ISOLATION',
    });
    await one.post('trade/place_order', OPEN_LONG);
    const [position] = await one.positions();
    const below = String(Math.floor(Number(position?.['liqPrice']) * 0.99));
    const body = {
      symbol: 'BTCUSDT',
      positionId: position?.['positionId'],
      slPrice: below,
      slQty: '0.01',
    };
    expect((await one.post('tpsl/place_order', body)).code).toBe(30025);
  });

  it('is changed and cancelled by its id', async () => {
    const { one, positionId } = await withPosition();
    const reply = await one.post('tpsl/place_order', {
      symbol: 'BTCUSDT',
      positionId,
      slPrice: '1000',
      slQty: '0.01',
    });
    const { orderId } = first(reply.data);
    expect(
      (await one.post('tpsl/modify_order', { orderId, slPrice: '2000', slQty: '0.005' })).code,
    ).toBe(0);
    expect((await pending(one))[0]).toMatchObject({ id: orderId, slPrice: '2000', slQty: '0.005' });
    expect((await one.post('tpsl/cancel_order', { symbol: 'BTCUSDT', orderId })).code).toBe(0);
    expect(await pending(one)).toEqual([]);
    expect((await past(one))[0]).toMatchObject({ status: 'CANCELED', triggerTime: null });
    expect((await one.post('tpsl/cancel_order', { symbol: 'BTCUSDT', orderId })).code).toBe(20007);
  });

  it('is cancelled by the system when its position is closed', async () => {
    const { one, positionId } = await withPosition({}, { slPrice: '1000' });
    await one.post('trade/flash_close_position', { positionId });
    expect(await pending(one)).toEqual([]);
    expect((await past(one))[0]).toMatchObject({ status: 'SYSTEM_CANCELED' });
  });
});

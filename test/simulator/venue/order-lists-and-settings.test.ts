import { describe, expect, it } from 'vitest';
import { asList, asObject, TestClient, testVenue } from './venue-client.ts';

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

describe('order lists', () => {
  it('page with skip and limit, newest first, and tell the total', async () => {
    const one = await client({ rateLimits: false });
    for (let count = 0; count < 5; count += 1)
      await one.post('trade/place_order', { ...OPEN_LONG, qty: '0.001', clientId: `p${count}` });
    const page = asObject(
      (await one.get('trade/get_history_orders', { skip: '1', limit: '2' })).data,
    );
    expect(asList(page['orderList']).map((row) => row['clientId'])).toEqual(['p3', 'p2']);
    expect(page['total']).toBe('5');
    expect((await one.get('trade/get_history_orders', { limit: '0' })).code).toBe(10008);
  });

  it('refuse an extra parameter of get_order_detail and an unknown order', async () => {
    const one = await client();
    expect(
      (await one.get('trade/get_order_detail', { orderId: '1', symbol: 'BTCUSDT' })).code,
    ).toBe(10002);
    expect((await one.get('trade/get_order_detail', { orderId: '1' })).code).toBe(20007);
  });
});

describe('a batch', () => {
  it('answers code 0 with successes and failures inside', async () => {
    const one = await client();
    const good = {
      qty: '0.01',
      side: 'BUY',
      tradeSide: 'OPEN',
      orderType: 'MARKET',
      clientId: 'good',
    };
    const reply = await one.post('trade/batch_order', {
      symbol: 'BTCUSDT',
      orderList: [good, { ...good, qty: '20', clientId: 'bad' }],
    });
    expect(reply.code).toBe(0);
    expect(reply.data).toMatchObject({
      successList: [{ clientId: 'good' }],
      failureList: [{ clientId: 'bad', errorCode: 10012 }],
    });
  });

  it('of more than five is refused', async () => {
    const one = await client();
    const orderList = Array.from({ length: 6 }, () => ({
      qty: '0.01',
      side: 'BUY',
      tradeSide: 'OPEN',
      orderType: 'MARKET',
    }));
    expect((await one.post('trade/batch_order', { symbol: 'BTCUSDT', orderList })).code).toBe(
      20016,
    );
  });
});

describe('settings', () => {
  it('change leverage within the contract, and not under open orders', async () => {
    const one = await client();
    const body = { symbol: 'BTCUSDT', leverage: 7, marginCoin: 'USDT' };
    expect(await one.post('account/change_leverage', body)).toMatchObject({
      code: 0,
      data: [{ leverage: 7, symbol: 'BTCUSDT' }],
    });
    expect((await one.post('account/change_leverage', { ...body, leverage: 999 })).code).toBe(
      20005,
    );
    const mode = await one.get('account/get_leverage_margin_mode', {
      symbol: 'BTCUSDT',
      marginCoin: 'USDT',
    });
    expect(mode.data).toEqual({
      symbol: 'BTCUSDT',
      marginCoin: 'USDT',
      leverage: 7,
      marginMode: 'CROSS',
    });
    const price = String(Math.floor((await one.lastPrice('BTCUSDT')) * 0.97));
    await one.post('trade/place_order', { ...OPEN_LONG, orderType: 'LIMIT', price });
    expect((await one.post('account/change_leverage', body)).code).toBe(20006);
    expect(
      (await one.post('account/change_margin_mode', { ...body, marginMode: 'ISOLATION' })).code,
    ).toBe(20006);
  });

  it('add margin to an isolated position, which moves its liquidation price away', async () => {
    const one = await client();
    await one.post('account/change_margin_mode', {
      symbol: 'BTCUSDT',
      marginCoin: 'USDT',
      marginMode: 'ISOLATION',
    });
    await one.post('trade/place_order', OPEN_LONG);
    const [before] = await one.positions();
    const body = { symbol: 'BTCUSDT', marginCoin: 'USDT', side: 'LONG' };
    expect(
      await one.post('account/adjust_position_margin', { ...body, amount: '25' }),
    ).toMatchObject({ code: 0, data: '' });
    const [after] = await one.positions();
    expect(Number(after?.['margin']) - Number(before?.['margin'])).toBeCloseTo(25, 6);
    expect(Number(after?.['liqPrice'])).toBeLessThan(Number(before?.['liqPrice']));
    expect(
      (await one.post('account/adjust_position_margin', { ...body, amount: '-26' })).code,
    ).toBe(20008);
  });
});

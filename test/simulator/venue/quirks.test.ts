import { describe, expect, it } from 'vitest';
import type { Quirks } from '../../../src/simulator/venue/quirks.ts';
import { asList, asObject, first, TestClient, testVenue } from './venue-client.ts';

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

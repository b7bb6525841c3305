import { describe, expect, it } from 'vitest';
import { asList, asObject, TestClient, testVenue } from './venue-client.ts';

const ORDER = {
  symbol: 'BTCUSDT',
  qty: '0.01',
  side: 'BUY',
  tradeSide: 'OPEN',
  orderType: 'MARKET',
};

async function client(quirks: { partialFillAbove: number }): Promise<TestClient> {
  return new TestClient(await testVenue({ quirks, rateLimits: false }));
}

describe('a market that does not take everything at once', () => {
  it('rests or loses what the market does not take at once, and refuses FOK', async () => {
    const one = await client({ partialFillAbove: 100 });
    const price = String(Math.ceil((await one.lastPrice('BTCUSDT')) * 1.01));
    const ended = async (effect: string): Promise<unknown[]> => {
      const reply = await one.post('trade/place_order', {
        ...ORDER,
        orderType: 'LIMIT',
        price,
        effect,
      });
      const query = { orderId: String(asObject(reply.data)['orderId']) };
      const order = asObject((await one.get('trade/get_order_detail', query)).data);
      return [order['status'], order['tradeQty']];
    };
    expect(await ended('IOC')).toEqual(['PART_FILLED_CANCELED', '0.005']);
    expect(await ended('FOK')).toEqual(['CANCELED', '0']);
    expect(await ended('GTC')).toEqual(['PART_FILLED', '0.005']);
    const { frozen } = asObject((await one.get('account', { marginCoin: 'USDT' })).data);
    // What is left of the order still locks its margin at 20x, and no more.
    expect(Number(frozen)).toBeCloseTo((0.005 * Number(price)) / 20, 6);
    await one.control('price', { symbol: 'BTCUSDT', percent: -0.1 });
    const trades = asList(asObject((await one.get('trade/get_history_trades')).data)['tradeList']);
    expect(trades.map((trade) => [trade['qty'], trade['roleType']])).toEqual([
      ['0.005', 'MAKER'],
      ['0.005', 'TAKER'],
      ['0.005', 'TAKER'],
    ]);
  });

  it('fills a touched limit order in two parts', async () => {
    const one = await client({ partialFillAbove: 100 });
    const price = String(Math.floor((await one.lastPrice('BTCUSDT')) * 0.99));
    await one.post('trade/place_order', { ...ORDER, orderType: 'LIMIT', price });
    await one.control('price', { symbol: 'BTCUSDT', percent: -2 });
    const { tradeList } = asObject((await one.get('trade/get_history_trades')).data);
    expect(asList(tradeList).map((trade) => trade['qty'])).toEqual(['0.005', '0.005']);
    expect((await one.positions())[0]).toMatchObject({ qty: '0.01', avgOpenPrice: price });
  });
});

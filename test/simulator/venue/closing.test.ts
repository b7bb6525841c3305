import { describe, expect, it } from 'vitest';
import {
  API_KEY,
  asList,
  asObject,
  first,
  SECRET_KEY,
  TestClient,
  testVenue,
  TestSocket,
  type Json,
} from './venue-client.ts';

const BTC = 'BTCUSDT';

async function client(
  positionMode: 'HEDGE' | 'ONE_WAY',
  quirks: NonNullable<Parameters<typeof testVenue>[0]>['quirks'] = {},
): Promise<TestClient> {
  const account = { apiKey: API_KEY, secretKey: SECRET_KEY, balance: '100000' };
  return new TestClient(
    await testVenue({ quirks, rateLimits: false, accounts: [{ ...account, positionMode }] }),
  );
}

const order = async (one: TestClient, body: Json): Promise<string> => {
  const { data, code, msg } = await one.post('trade/place_order', {
    symbol: BTC,
    orderType: 'MARKET',
    ...body,
  });
  expect([code, msg]).toEqual([0, 'result.success']);
  return String(asObject(data)['orderId']);
};
const detail = async (one: TestClient, orderId: string): Promise<Json> =>
  asObject((await one.get('trade/get_order_detail', { orderId })).data);
const trades = async (one: TestClient): Promise<Json[]> =>
  asList(asObject((await one.get('trade/get_history_trades', { limit: '100' })).data)['tradeList']);
const closed = async (one: TestClient): Promise<Json[]> =>
  asList(asObject((await one.get('position/get_history_positions')).data)['positionList']);
const number = (row: Json | undefined, key: string): number => Number(row?.[key]);

describe('the side of what closes in hedge mode', () => {
  it.each([
    ['action', 'BUY', 'SELL'],
    ['action', 'SELL', 'BUY'],
    ['requested', 'BUY', 'BUY'],
    ['requested', 'SELL', 'SELL'],
  ] as const)('is, read as %s, for a %s position: %s', async (closingSide, side, shown) => {
    const one = await client('HEDGE', { closingSide });
    await order(one, { qty: '0.02', side, tradeSide: 'OPEN' });
    const { positionId } = first(await one.positions());
    const id = await order(one, { qty: '0.005', side, tradeSide: 'CLOSE', positionId });
    const resting = await order(one, {
      qty: '0.005',
      side,
      tradeSide: 'CLOSE',
      positionId,
      orderType: 'LIMIT',
      price: String(Math.round((await one.lastPrice(BTC)) * (side === 'BUY' ? 1.02 : 0.98))),
    });
    await one.post('trade/flash_close_position', { positionId });
    const rows = await trades(one);
    expect(rows.map((row) => row['side'])).toEqual([shown, shown, side]);
    expect((await detail(one, id))['side']).toBe(shown);
    expect((await detail(one, resting))['side']).toBe(shown);
  });

  it.each([
    ['action', 'Sell'],
    ['requested', 'Buy'],
  ] as const)('is, read as %s, the same in the stream: %s', async (closingSide, shown) => {
    const one = await client('HEDGE', { closingSide });
    const socket = new TestSocket(one.venue.wsPrivateUrl);
    await socket.login();
    await order(one, { qty: '0.02', side: 'BUY', tradeSide: 'OPEN' });
    const { positionId } = first(await one.positions());
    const id = await order(one, { qty: '0.02', side: 'BUY', tradeSide: 'CLOSE', positionId });
    const frame = await socket.frame(
      (each) => each['ch'] === 'order' && asObject(each['data'])['orderId'] === id,
    );
    expect(asObject(frame['data'])['side']).toBe(shown);
  });

  it('is what was sent in one-way mode, in both readings', async () => {
    for (const closingSide of ['action', 'requested'] as const) {
      const one = await client('ONE_WAY', { closingSide });
      await order(one, { qty: '0.02', side: 'SELL' });
      await order(one, { qty: '0.02', side: 'BUY', reduceOnly: true });
      expect((await trades(one)).map((row) => row['side'])).toEqual(['BUY', 'SELL']);
    }
  });
});

describe('what may only close', () => {
  it.each(['HEDGE', 'ONE_WAY'] as const)(
    'fills and pays for no more than is there, in %s mode',
    async (mode) => {
      const one = await client(mode);
      const price = await one.lastPrice(BTC);
      await order(one, { qty: '0.05', side: 'BUY', tradeSide: 'OPEN' });
      const { positionId } = first(await one.positions());
      const closes =
        mode === 'HEDGE'
          ? { side: 'BUY', tradeSide: 'CLOSE', positionId }
          : { side: 'SELL', reduceOnly: true };
      const limit = String(Math.round(price * 1.02));
      const id = await order(one, { qty: '0.05', orderType: 'LIMIT', price: limit, ...closes });
      await order(one, { qty: '0.04', ...closes });
      await one.control('price', { symbol: BTC, percent: 3 });
      const [last] = await trades(one);
      expect(last).toMatchObject({ orderId: id, qty: '0.01', roleType: 'MAKER' });
      expect(number(last, 'fee')).toBeCloseTo(0.01 * Number(limit) * 0.0002, 8);
      expect(await detail(one, id)).toMatchObject({
        tradeQty: '0.01',
        status: 'PART_FILLED_CANCELED',
      });
      expect(await one.positions()).toEqual([]);
      expect((await closed(one))[0]).toMatchObject({ qty: '0.05', maxQty: '0.05' });
    },
  );

  it('cannot be modified to more than is there', async () => {
    const hedge = await client('HEDGE');
    const price = String(Math.round((await hedge.lastPrice(BTC)) * 1.02));
    await order(hedge, { qty: '0.02', side: 'BUY', tradeSide: 'OPEN' });
    const { positionId } = first(await hedge.positions());
    const body = { qty: '0.01', side: 'BUY', orderType: 'LIMIT', price };
    const id = await order(hedge, { ...body, tradeSide: 'CLOSE', positionId });
    const modify = async (qty: string): Promise<unknown> =>
      (await hedge.post('trade/modify_order', { orderId: id, qty, price })).code;
    expect(await modify('0.0201')).toBe(20008);
    expect((await detail(hedge, id))['qty']).toBe('0.01');
    expect(await modify('0.02')).toBe(0);

    const oneWay = await client('ONE_WAY');
    await order(oneWay, { qty: '0.02', side: 'BUY' });
    const reduce = { qty: '0.01', side: 'SELL', orderType: 'LIMIT', price, reduceOnly: true };
    const orderId = await order(oneWay, reduce);
    await oneWay.post('trade/modify_order', { orderId, qty: '5', price });
    expect((await detail(oneWay, orderId))['qty']).toBe('0.02');
  });
});

describe('a fill that turns a position', () => {
  it('splits its fee by size, and arms its stop for the new part alone', async () => {
    const one = await client('ONE_WAY');
    const price = await one.lastPrice(BTC);
    await order(one, { qty: '0.03', side: 'BUY' });
    const slPrice = String(Math.round(price * 1.05));
    await order(one, { qty: '0.04', side: 'SELL', slPrice });
    const [long] = await closed(one);
    const short = first(await one.positions());
    const rate = price * 0.0006;
    expect(number(long, 'fee')).toBeCloseTo(0.06 * rate, 7);
    expect(short).toMatchObject({ side: 'SELL', qty: '0.01' });
    expect(number(short, 'fee')).toBeCloseTo(0.01 * rate, 7);
    const [turn, opened] = await trades(one);
    expect(number(long, 'fee') + number(short, 'fee')).toBeCloseTo(
      number(turn, 'fee') + number(opened, 'fee'),
      8,
    );
    expect(asList((await one.get('tpsl/get_pending_orders')).data)).toMatchObject([
      { positionId: short['positionId'], slQty: '0.01' },
    ]);
  });
});

describe('a POST_ONLY order that is modified', () => {
  it.each([
    ['cancel', 0, 'CANCELED'],
    ['refuse', 30011, 'NEW'],
  ] as const)('never takes: %s', async (postOnlyCross, code, status) => {
    const one = await client('HEDGE', { postOnlyCross });
    const price = await one.lastPrice(BTC);
    const at = (times: number): string => String(Math.round(price * times));
    const body = { qty: '0.02', side: 'BUY', tradeSide: 'OPEN', orderType: 'LIMIT' };
    const id = await order(one, { ...body, price: at(0.99), effect: 'POST_ONLY' });
    const change = { orderId: id, qty: '0.02', price: at(1.01) };
    expect((await one.post('trade/modify_order', change)).code).toBe(code);
    expect(await detail(one, id)).toMatchObject({ status, tradeQty: '0' });
    expect(await trades(one)).toEqual([]);
  });

  it('is the maker where it rests at its new price', async () => {
    const one = await client('HEDGE');
    const price = await one.lastPrice(BTC);
    const at = (times: number): string => String(Math.round(price * times));
    const body = { qty: '0.02', side: 'BUY', tradeSide: 'OPEN', orderType: 'LIMIT' };
    const id = await order(one, { ...body, price: at(0.95), effect: 'POST_ONLY' });
    await one.post('trade/modify_order', { orderId: id, qty: '0.02', price: at(0.99) });
    await one.control('price', { symbol: BTC, percent: -2 });
    expect(await trades(one)).toMatchObject([{ orderId: id, roleType: 'MAKER', price: at(0.99) }]);
  });
});

describe('another leverage', () => {
  it('keeps the margin that was added by hand, and does not liquidate at once', async () => {
    const one = await client('HEDGE');
    const setting = { symbol: BTC, marginCoin: 'USDT' };
    const leverage = async (times: number): Promise<unknown> =>
      (await one.post('account/change_leverage', { ...setting, leverage: times })).code;
    await one.post('account/change_margin_mode', { ...setting, marginMode: 'ISOLATION' });
    await leverage(10);
    await order(one, { qty: '0.1', side: 'BUY', tradeSide: 'OPEN' });
    const { positionId, entryValue } = first(await one.positions());
    const margin = async (): Promise<number> => number(first(await one.positions()), 'margin');
    await one.post('account/adjust_position_margin', { ...setting, positionId, amount: '250' });
    expect(await leverage(20)).toBe(0);
    expect(await margin()).toBeCloseTo(Number(entryValue) / 20 + 250, 6);
    expect(await leverage(4)).toBe(0);
    expect(await margin()).toBeCloseTo(Number(entryValue) / 4 + 250, 6);
    await one.control('price', { symbol: BTC, percent: -15 });
    expect(await leverage(20)).toBe(30001);
    expect(first(await one.positions())['leverage']).toBe(4);
    expect(await margin()).toBeCloseTo(Number(entryValue) / 4 + 250, 6);
  });
});

describe('the settings calls', () => {
  it.each(['HEDGE', 'ONE_WAY'] as const)('tell the position mode %s', async (mode) => {
    const one = await client(mode);
    expect((await one.get('account/position_mode')).data).toEqual({ positionMode: mode });
  });

  it('list what was set, or the asked contracts in any case', async () => {
    const one = await client('HEDGE');
    const settings = async (query: Record<string, string> = {}): Promise<unknown> =>
      (await one.get('account/trading_settings', query)).data;
    expect(await settings()).toEqual([]);
    const eth = { symbol: 'ETHUSDT', marginCoin: 'USDT' };
    await one.post('account/change_margin_mode', { ...eth, marginMode: 'ISOLATION' });
    await one.post('account/change_leverage', { ...eth, leverage: 7 });
    const own = { ...eth, marginMode: 'ISOLATION', leverage: 7, longLeverage: 7, shortLeverage: 7 };
    expect(await settings()).toEqual([own]);
    expect(await settings({ symbols: 'btcusdt,ethusdt' })).toEqual([
      expect.objectContaining({ symbol: BTC, marginMode: 'CROSS' }),
      own,
    ]);
    const names = (many: number): string => Array.from({ length: many }, () => BTC).join(',');
    expect((await one.get('account/trading_settings', { symbols: names(51) })).code).toBe(10008);
    expect((await one.get('account/trading_settings', { symbols: names(50) })).code).toBe(0);
  });
});

describe('auto-deleveraging', () => {
  it('takes a part, then the whole, by orders that name it in list and stream', async () => {
    const one = await client('HEDGE');
    const socket = new TestSocket(one.venue.wsPrivateUrl);
    await socket.login();
    await order(one, { qty: '0.05', side: 'SELL', tradeSide: 'OPEN' });
    const price = String(Math.round((await one.lastPrice(BTC)) * 0.9));
    const part = await one.control('adl', { symbol: BTC, qty: '0.02', price });
    expect(part).toMatchObject({ source: 'ADL', reduceOnly: true, side: 'BUY', clientId: null });
    expect((await trades(one))[0]).toMatchObject({ qty: '0.02', price, orderId: part['orderId'] });
    expect(first(await one.positions())['qty']).toBe('0.03');
    await one.control('adl', { symbol: BTC, side: 'SHORT' });
    expect(await one.positions()).toEqual([]);
    expect((await closed(one))[0]).toMatchObject({ qty: '0.05', liqQty: '0' });
    const { orderList } = asObject((await one.get('trade/get_history_orders')).data);
    expect(asList(orderList).map((row) => row['source'])).toEqual(['ADL', 'ADL', undefined]);
    const frame = await socket.frame(
      (each) => each['ch'] === 'order' && asObject(each['data'])['orderId'] === part['orderId'],
    );
    expect(asObject(frame['data'])['source']).toBe('ADL');
  });

  it('looks like any close where the exchange does not name it', async () => {
    const one = await client('HEDGE', { adlSource: false });
    await order(one, { qty: '0.05', side: 'BUY', tradeSide: 'OPEN' });
    expect(await one.control('adl', { symbol: BTC })).not.toHaveProperty('source');
  });

  it.each([
    [{ symbol: BTC }, 'There is no such position'],
    [{ symbol: 'ETHUSDT' }, 'side'],
    [{ symbol: 'ETHUSDT', side: 'LONG', qty: '5' }, 'holds'],
    [{ symbol: 'ETHUSDT', side: 'LONG', qty: '0' }, ''],
    [{ symbol: 'ETHUSDT', side: 'LONG', price: '0' }, ''],
  ])('says what it cannot do: %j', async (body, text) => {
    const one = await client('HEDGE');
    for (const side of ['BUY', 'SELL'])
      await order(one, { symbol: 'ETHUSDT', qty: '0.5', side, tradeSide: 'OPEN' });
    expect(String((await one.control('adl', body))['error'])).toContain(text);
    expect(await one.positions()).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import {
  API_KEY,
  asList,
  asObject,
  SECRET_KEY,
  TestClient,
  TestSocket,
  testVenue,
  type Json,
} from './venue-client.ts';

const OPEN = { side: 'BUY', tradeSide: 'OPEN', orderType: 'MARKET' };

async function client(balance: string): Promise<TestClient> {
  const accounts = [{ apiKey: API_KEY, secretKey: SECRET_KEY, balance }];
  return new TestClient(await testVenue({ accounts, rateLimits: false }));
}

async function leverage(one: TestClient, symbol: string, times: number): Promise<void> {
  await one.post('account/change_leverage', { symbol, marginCoin: 'USDT', leverage: times });
}

/** Opens a long worth so much at market, in the contract's own steps. */
async function open(one: TestClient, symbol: string, notional: number): Promise<void> {
  const [pair] = asList((await one.public('market/trading_pairs', { symbols: symbol })).data);
  const qty = (notional / (await one.lastPrice(symbol))).toFixed(Number(pair?.['basePrecision']));
  const reply = await one.post('trade/place_order', { ...OPEN, symbol, qty });
  expect(reply.code).toBe(0);
}

const tiersOf = async (one: TestClient, symbol: string): Promise<Json[]> =>
  asList((await one.public('position/get_position_tiers', { symbol })).data);

const liquidations = async (one: TestClient): Promise<Json[]> =>
  asList(asObject((await one.get('trade/get_history_orders', { limit: '100' })).data)['orderList'])
    .filter((order) => order['effect'] === 'FOK')
    .toReversed();

describe('a cross liquidation', () => {
  it('takes no more than what the losses of the other cross positions have left', async () => {
    const one = new TestClient(await testVenue());
    await one.control('position', {
      symbol: 'BTCUSDT',
      side: 'LONG',
      notional: 40_000,
      leverage: 10,
    });
    await one.control('position', {
      symbol: 'ETHUSDT',
      side: 'LONG',
      notional: 20_000,
      leverage: 10,
    });
    await one.control('price', { symbol: 'ETHUSDT', percent: -20 });
    await one.control('price', { symbol: 'BTCUSDT', percent: -60 });
    expect(await one.positions()).toEqual([]);
    expect(Number((await one.account())['equity'])).toBeGreaterThanOrEqual(0);
    const { positionList } = asObject((await one.get('position/get_history_positions')).data);
    const eth = asList(positionList).find((row) => row['symbol'] === 'ETHUSDT');
    // What ETH had lost was no longer there for BTC, so ETH can still be closed at the market.
    expect(Number(eth?.['closePrice'])).toBe(await one.lastPrice('ETHUSDT'));
  });

  it('cancels the orders first, then sends FOK orders', async () => {
    const one = await client('1000');
    await leverage(one, 'BTCUSDT', 50);
    await open(one, 'BTCUSDT', 30_000);
    const rest = { symbol: 'ETHUSDT', ...OPEN, orderType: 'LIMIT', qty: '0.01' };
    const price = ((await one.lastPrice('ETHUSDT')) * 0.9).toFixed(0);
    expect((await one.post('trade/place_order', { ...rest, price })).code).toBe(0);
    const socket = new TestSocket(one.venue.wsPrivateUrl);
    await socket.login();
    await one.control('price', { symbol: 'BTCUSDT', percent: -4 });
    await socket.frame((frame) => asObject(frame['data'])['event'] === 'CLOSE');
    await socket.until(() => socket.frames.some((frame) => frame['ch'] === 'position'));
    const orders = socket.frames.filter((frame) => frame['ch'] === 'order');
    const told = orders.map((frame) => {
      const { symbol, event, orderStatus, effect } = asObject(frame['data']);
      return [symbol, event, orderStatus, effect].join(' ');
    });
    expect(told.slice(0, 2)).toEqual(['ETHUSDT CLOSE CANCELED GTC', 'BTCUSDT CREATE NEW FOK']);
    expect(await one.positions()).toEqual([]);
  });

  it('takes the position down tier by tier, only as far as it has to', async () => {
    const one = await client('4000');
    const tiers = await tiersOf(one, 'BTCUSDT');
    const second = Number(tiers[1]?.['startValue']);
    await leverage(one, 'BTCUSDT', Number(tiers[1]?.['leverage']));
    await open(one, 'BTCUSDT', second * 1.2);
    const [before] = await one.positions();
    // A loss that the maintenance of the second tier does not bear, and that of the first does.
    const first = Number(tiers[0]?.['maintenanceMarginRate']);
    const rate = Number(tiers[1]?.['maintenanceMarginRate']);
    const worth = Number(before?.['entryValue']);
    const account = await one.account();
    const bearable = (Number(account['wallet']) - worth * ((first + rate) / 2)) / worth;
    await one.control('price', { symbol: 'BTCUSDT', percent: -bearable * 100 });
    const [after] = await one.positions();
    expect(Number(after?.['entryValue'])).toBeLessThanOrEqual(second);
    expect(Number(after?.['entryValue'])).toBeGreaterThan(second * 0.99);
    expect(await liquidations(one)).toHaveLength(1);
    expect(Number(asObject(await one.account())['equity'])).toBeGreaterThan(0);
  });

  it('begins with the highest tier, then with the most margin to release, then with the largest', async () => {
    const one = await client('12000');
    const [low] = await tiersOf(one, 'BTCUSDT');
    const second = Number(low?.['endValue']);
    await leverage(one, 'BTCUSDT', 100);
    await leverage(one, 'ETHUSDT', 40);
    await leverage(one, 'SOLUSDT', 50);
    await open(one, 'SOLUSDT', 20_000);
    await open(one, 'ETHUSDT', 20_000);
    await open(one, 'BTCUSDT', second * 1.3);
    await one.control('price', { symbol: '*', percent: -7 });
    const order = (await liquidations(one)).map((each) => String(each['symbol']));
    // Bitcoin down to the first tier, where it still releases most; then Ether (40x locks more than 50x).
    expect(order[0]).toBe('BTCUSDT');
    expect(order.indexOf('ETHUSDT')).toBeLessThan(order.indexOf('SOLUSDT'));
    expect(await one.positions()).toEqual([]);
    expect(Number((await one.account())['equity'])).toBeGreaterThanOrEqual(0);
  });
});

it('an isolated liquidation leaves the orders of other contracts and all other money alone', async () => {
  const one = await client('1000');
  const body = { symbol: 'BTCUSDT', marginCoin: 'USDT', marginMode: 'ISOLATION' };
  await one.post('account/change_margin_mode', body);
  await leverage(one, 'BTCUSDT', 50);
  await open(one, 'BTCUSDT', 5_000);
  const price = ((await one.lastPrice('ETHUSDT')) * 0.9).toFixed(0);
  const rest = { symbol: 'ETHUSDT', ...OPEN, orderType: 'LIMIT', qty: '0.01', price };
  await one.post('trade/place_order', rest);
  const before = await one.account();
  await one.control('price', { symbol: 'BTCUSDT', percent: -6 });
  const after = await one.account();
  expect(after['positions']).toEqual([]);
  expect(asList(after['orders'])).toHaveLength(1);
  const lost = Number(before['wallet']) - Number(after['wallet']);
  expect(lost).toBeLessThanOrEqual(Number(asList(before['positions'])[0]?.['margin']) + 1e-8);
});

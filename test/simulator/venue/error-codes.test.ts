import { describe, expect, it } from 'vitest';
import type { Quirks } from '../../../src/simulator/venue/quirks.ts';
import type { VenueAccount } from '../../../src/simulator/venue/venue-options.ts';
import {
  API_KEY,
  asObject,
  first,
  SECRET_KEY,
  TestClient,
  testVenue,
  type Json,
  type Reply,
} from './venue-client.ts';

const MARKET = { symbol: 'BTCUSDT', qty: '0.01', side: 'BUY', orderType: 'MARKET' };
const LONG = { ...MARKET, tradeSide: 'OPEN' };
const SHORT = { ...LONG, side: 'SELL' };

interface Rig {
  readonly quirks?: Partial<Quirks>;
  readonly account?: Partial<VenueAccount>;
}

async function client({ quirks = {}, account = {} }: Rig): Promise<TestClient> {
  const accounts = [{ apiKey: API_KEY, secretKey: SECRET_KEY, balance: '10000', ...account }];
  return new TestClient(await testVenue({ quirks, accounts, rateLimits: false }));
}

/** A level at a share of the last price, on the tick. */
async function at(one: TestClient, share: number): Promise<string> {
  return ((await one.lastPrice('BTCUSDT')) * share).toFixed(1);
}

/** Opens a position and gives its id. */
async function open(one: TestClient, order: Json = LONG): Promise<string> {
  await one.post('trade/place_order', order);
  return String((await one.positions())[0]?.['positionId']);
}

const isolated = async (one: TestClient): Promise<void> => {
  const marginCoin = 'USDT';
  await one.post('account/change_margin_mode', {
    symbol: 'BTCUSDT',
    marginCoin,
    marginMode: 'ISOLATION',
  });
  await one.post('account/change_leverage', { symbol: 'BTCUSDT', marginCoin, leverage: 20 });
};

async function legs(one: TestClient, order: Json, body: Json): Promise<Reply> {
  const positionId = await open(one, order);
  return one.post('tpsl/position/place_order', { symbol: 'BTCUSDT', positionId, ...body });
}

const limit = async (one: TestClient, share: number, more: Json = {}): Promise<Json> => ({
  ...LONG,
  orderType: 'LIMIT',
  price: await at(one, share),
  ...more,
});

type Run = (one: TestClient) => Promise<Reply>;
type Case = readonly [code: number, what: string, run: Run];

const place =
  (order: Json): Run =>
  (one) =>
    one.post('trade/place_order', order);
const setLeverage = (one: TestClient, leverage: number): Promise<Reply> =>
  one.post('account/change_leverage', { symbol: 'BTCUSDT', marginCoin: 'USDT', leverage });

async function delisted(one: TestClient): Promise<Reply> {
  await one.control('fault', { fault: 'delist', symbol: 'BTCUSDT' });
  return one.post('trade/place_order', LONG);
}

/** A stop that would place a limit order behind the liquidation price. */
const behind =
  (order: Json, stop: number, price: number): Run =>
  async (one) => {
    await isolated(one);
    const positionId = await open(one, order);
    const leg = { slPrice: await at(one, stop), slOrderPrice: await at(one, price) };
    const fixed = { symbol: 'BTCUSDT', slQty: '0.01', slOrderType: 'LIMIT' };
    return one.post('tpsl/place_order', { ...fixed, positionId, ...leg });
  };

const CASES: readonly Case[] = [
  [1, 'a depth without a symbol', (one) => one.public('market/depth')],
  [404, 'no such path', (one) => one.get('trade/nothing')],
  [404, 'another method', (one) => one.get('trade/place_order')],
  [10002, 'a level with too many decimals', (one) => legs(one, LONG, { slPrice: '100.123' })],
  [10002, 'an order type there', (one) => legs(one, LONG, { slPrice: '9', slOrderType: 'LIMIT' })],
  [10002, 'a symbol too many', (one) => one.get('trade/get_order_detail', { symbol: 'X' })],
  [10003, 'no key', (one) => one.raw('GET', 'account', { headers: {} })],
  [10008, 'an interval of 7m', (one) => one.public('market/kline', { symbol: 'BTCUSDT' })],
  [20005, 'a leverage above the highest', (one) => setLeverage(one, 999)],
  [20007, 'an unknown order', (one) => one.get('trade/get_order_detail', { clientId: 'x' })],
  [20012, 'a contract that was taken off the list', delisted],
  [30004, 'no such position', (one) => one.post('trade/flash_close_position', { positionId: '1' })],
  [30006, 'neither leg', (one) => legs(one, LONG, {})],
  [30016, 'nothing', place({ ...LONG, qty: '0' })],
  [30039, 'more than a market order holds', place({ ...LONG, qty: '999999' })],
  [30041, 'a trigger of nothing', (one) => legs(one, LONG, { slPrice: '0' })],
  [30002, 'a stop selling below liquidation', behind(LONG, 0.98, 0.9)],
  [30003, 'a stop buying above liquidation', behind(SHORT, 1.02, 1.1)],
  [
    20006,
    'another leverage while an order rests',
    async (one) => {
      await one.post('trade/place_order', await limit(one, 0.97));
      return setLeverage(one, 3);
    },
  ],
  [
    20006,
    'another margin mode while a position is open',
    async (one) => {
      await open(one);
      const body = { symbol: 'BTCUSDT', marginCoin: 'USDT', marginMode: 'ISOLATION' };
      return one.post('account/change_margin_mode', body);
    },
  ],
  [
    20016,
    'six orders at once',
    (one) => one.post('trade/batch_order', { symbol: 'BTCUSDT', orderList: Array(6).fill(LONG) }),
  ],
  [
    30011,
    'a second TP/SL of a position',
    async (one) => {
      await legs(one, LONG, { slPrice: '1000' });
      return legs(one, LONG, { slPrice: '1000' });
    },
  ],
  [
    30038,
    'a stop for more than the position',
    async (one) => {
      const stop = { positionId: await open(one), slPrice: '1000', slQty: '0.02' };
      return one.post('tpsl/place_order', { symbol: 'BTCUSDT', ...stop });
    },
  ],
];

/** In a venue or with an account of another kind. */
const ELSEWHERE: readonly (readonly [...Case, Rig])[] = [
  [403, 'a write with a reading key', place(LONG), { account: { readOnly: true } }],
  [10004, 'another address', place(LONG), { account: { ips: ['10.1.2.3'] } }],
  [20015, 'a delisted contract', delisted, { quirks: { closedSymbolCode: 20015 } }],
  [
    20001,
    'an unknown contract',
    place({ ...LONG, symbol: 'NOPE' }),
    { quirks: { unknownSymbolCode: 20001 } },
  ],
  [
    30016,
    'too fine a quantity',
    place({ ...LONG, qty: '0.01001' }),
    { quirks: { precisionCode: 30016 } },
  ],
  [
    30018,
    'reducing nothing',
    place({ ...MARKET, reduceOnly: true }),
    { account: { positionMode: 'ONE_WAY' } },
  ],
  [
    20002,
    'more than the tier of the leverage holds',
    async (one) => {
      await setLeverage(one, 200);
      return one.post('trade/place_order', { ...LONG, qty: '10' });
    },
    { account: { balance: '1000000' } },
  ],
  [
    200014,
    'another position mode',
    async (one) => {
      await open(one);
      return one.post('account/change_position_mode', { positionMode: 'ONE_WAY' });
    },
    { quirks: { positionModeCode: 200014 } },
  ],
  [
    30001,
    'a fill that would be liquidated at once',
    async (one) => {
      await isolated(one);
      await setLeverage(one, 150);
      return one.post('trade/place_order', LONG);
    },
    { quirks: { slippage: 0.01 } },
  ],
];

const LAST = { tpStopType: 'LAST_PRICE', slStopType: 'LAST' };
const OLD = { triggerCodes: 'old' } as const;

interface LegCase {
  readonly code: number;
  readonly of: Json;
  readonly leg: 'tp' | 'sl';
  /** Level of the leg, as a share of the price. */
  readonly at: number;
  readonly more?: Json;
  readonly quirks?: Partial<Quirks>;
}

/** Legs of an isolated position. */
const LEGS: readonly LegCase[] = [
  { code: 30005, of: LONG, leg: 'sl', at: 0.99995, more: LAST },
  { code: 30020, of: LONG, leg: 'tp', at: 0.98, quirks: OLD },
  { code: 30021, of: SHORT, leg: 'tp', at: 1.02, quirks: OLD },
  { code: 30022, of: SHORT, leg: 'sl', at: 0.98, quirks: OLD },
  { code: 30023, of: LONG, leg: 'sl', at: 1.02, quirks: OLD },
  { code: 30024, of: SHORT, leg: 'sl', at: 1.2 },
  { code: 30025, of: LONG, leg: 'sl', at: 0.8 },
  { code: 30026, of: LONG, leg: 'tp', at: 0.98, more: LAST },
  { code: 30027, of: LONG, leg: 'tp', at: 0.98 },
  { code: 30028, of: LONG, leg: 'sl', at: 1.02, more: LAST },
  { code: 30029, of: LONG, leg: 'sl', at: 1.02 },
  { code: 30030, of: SHORT, leg: 'sl', at: 0.98, more: LAST },
  { code: 30031, of: SHORT, leg: 'sl', at: 0.98 },
  { code: 30032, of: SHORT, leg: 'tp', at: 1.02, more: LAST },
  { code: 30033, of: SHORT, leg: 'tp', at: 1.02 },
];

interface LimitCase {
  readonly code: number;
  readonly more?: Json;
  /** Price of the order and level of its leg, as shares of the price. */
  readonly at: number;
  readonly leg?: readonly [name: 'tpPrice' | 'slPrice', at: number];
  readonly quirks?: Partial<Quirks>;
}

const SELL = { side: 'SELL' };
const TRIGGER = { restingLegCodes: 'trigger' } as const;

const LIMITS: readonly LimitCase[] = [
  { code: 30007, more: SELL, at: 1.02, leg: ['tpPrice', 1.03] },
  { code: 30008, at: 0.97, leg: ['tpPrice', 0.96] },
  { code: 30009, more: SELL, at: 1.02, leg: ['slPrice', 1.01] },
  { code: 30010, at: 0.97, leg: ['slPrice', 0.98] },
  { code: 30013, more: { qty: '99999999' }, at: 0.97 },
  { code: 30014, at: 1.2 },
  { code: 30014, more: SELL, at: 102 },
  { code: 30014, more: SELL, at: 1.2, quirks: { priceBand: 'both' } },
  { code: 30015, more: SELL, at: 0.8 },
  { code: 30015, at: 0.04 },
  { code: 30027, at: 0.97, leg: ['tpPrice', 0.96], quirks: { restingLegCodes: 'market' } },
  { code: 30035, more: SELL, at: 1.02, leg: ['slPrice', 1.01], quirks: TRIGGER },
  { code: 30036, at: 0.97, leg: ['tpPrice', 0.96], quirks: TRIGGER },
];

function expectRefused(reply: Reply, code: number): void {
  expect(reply).toMatchObject({ status: 200, code, data: null });
  expect(String(reply.msg)).toMatch(/\w{4}/);
}

describe('the refusal', () => {
  it.each(CASES)('%i for %s', async (code, _what, run) => {
    const one = await client({});
    expectRefused(await run(one), code);
  });

  it.each(ELSEWHERE)('%i for %s', async (code, _what, run, rig) => {
    const one = await client(rig);
    expectRefused(await run(one), code);
  });

  it.each(LEGS)('$code for a $leg leg at $at of the price', async (row) => {
    const one = await client({ quirks: row.quirks ?? {} });
    await isolated(one);
    const leg = { [`${row.leg}Price`]: await at(one, row.at), ...row.more };
    expectRefused(await legs(one, row.of, leg), row.code);
  });

  it.each(LIMITS)('$code for a limit order at $at of the price, with $leg', async (row) => {
    const one = await client({ quirks: row.quirks ?? {} });
    const legs = row.leg === undefined ? {} : { [row.leg[0]]: await at(one, row.leg[1]) };
    const order = await limit(one, row.at, { ...row.more, ...legs });
    expectRefused(await one.post('trade/place_order', order), row.code);
  });

  it('of a minimum, a bound and a trigger ends with the value', async () => {
    const one = await client({});
    const pair = first((await one.public('market/trading_pairs', { symbols: 'ETHUSDT' })).data);
    const least = Number(pair['minTradeVolume']);
    const price = await one.lastPrice('BTCUSDT');
    const over = await one.post('trade/place_order', await limit(one, 1.2));
    expect(Number(String(over.msg).split(' ').at(-1))).toBeCloseTo(price * 1.05, -2);
    const stop = await legs(one, LONG, { slPrice: await at(one, 1.1), slStopType: 'LAST' });
    expect(stop.msg).toBe(`SL price must be less than last price: ${price}`);
    const tiny = { ...LONG, symbol: 'ETHUSDT', qty: String(least / 10) };
    expect((await one.post('trade/place_order', tiny)).code).toBe(10002);
  });

  it('of an order inside a batch has the batch’s own codes', async () => {
    const orderList = [{ ...LONG, qty: '50' }, LONG];
    for (const batchCodes of ['numbers', 'strings'] as const) {
      const one = await client({ quirks: { batchCodes, batchIdKey: 'orderId' } });
      const reply = await one.post('trade/batch_order', { symbol: 'BTCUSDT', orderList });
      const { successList, failureList } = asObject(reply.data);
      expect(first(failureList)['errorCode']).toBe(batchCodes === 'numbers' ? 10012 : '10012');
      expect(first(successList)).toHaveProperty('orderId');
    }
  });
});

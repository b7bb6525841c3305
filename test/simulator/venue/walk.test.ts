import { describe, expect, it } from 'vitest';
import {
  asObject,
  first,
  HOUR,
  replayVenue,
  START,
  TestClient,
  type CandleLine,
} from './venue-client.ts';

const H = (n: number): number => START + n * HOUR;

/** Flat, then a down candle to 90 through a high of 102, then a gap down to 80. */
const FALL: readonly CandleLine[] = [
  [H(0), 100, 101, 99, 100, 50_000],
  [H(1), 100, 102, 90, 92, 50_000],
  [H(2), 80, 82, 78, 81, 50_000],
  [H(3), 81, 81, 40, 45, 50_000],
];

async function long(
  rows: readonly CandleLine[],
  order: Record<string, unknown> = {},
  options = {},
): Promise<TestClient> {
  const one = new TestClient(await replayVenue(rows, options));
  const reply = await one.post('trade/place_order', {
    symbol: 'BTCUSDT',
    qty: '10',
    side: 'BUY',
    tradeSide: 'OPEN',
    orderType: 'MARKET',
    ...order,
  });
  expect(reply).toMatchObject({ code: 0 });
  return one;
}

async function closePrice(one: TestClient): Promise<unknown> {
  return first(asObject((await one.get('position/get_history_positions')).data)['positionList'])[
    'closePrice'
  ];
}

describe('the walk between two looks at the market', () => {
  it('fills a stop at its trigger although the price has come back since', async () => {
    const one = await long(FALL, { slPrice: '91', slStopType: 'LAST_PRICE' });
    await one.control('clock', { now: H(2) - 1 });
    expect(await one.lastPrice('BTCUSDT')).toBe(92);
    expect(await closePrice(one)).toBe('91');
  });

  it('meets the high before the low in a down candle', async () => {
    const one = await long(FALL, {
      slPrice: '91',
      slStopType: 'LAST_PRICE',
      tpPrice: '101',
      tpStopType: 'LAST_PRICE',
    });
    await one.control('clock', { now: H(2) - 1 });
    expect(await closePrice(one)).toBe('101');
  });

  it('fills a stop behind a gap at the price behind it', async () => {
    const one = await long(FALL, { slPrice: '85', slStopType: 'LAST_PRICE' });
    await one.control('clock', { now: H(2) });
    expect(await closePrice(one)).toBe('80');
  });

  it('fills a resting limit at its limit, also behind a gap', async () => {
    const one = new TestClient(await replayVenue(FALL));
    await one.control('clock', { now: H(2) - 1 });
    const order = {
      symbol: 'BTCUSDT',
      qty: '10',
      side: 'BUY',
      tradeSide: 'OPEN',
      orderType: 'LIMIT',
      price: '88',
    };
    expect((await one.post('trade/place_order', order)).code).toBe(0);
    await one.control('clock', { now: H(2) + 1 });
    expect((await one.positions())[0]).toMatchObject({ avgOpenPrice: '88' });
  });

  it('takes stops of several contracts in the order of time', async () => {
    const one = await long(FALL, { slPrice: '95', slStopType: 'LAST_PRICE' });
    await one.post('trade/place_order', {
      symbol: 'BTCUSDT',
      qty: '5',
      side: 'SELL',
      tradeSide: 'OPEN',
      orderType: 'MARKET',
      slPrice: '101',
      slStopType: 'LAST_PRICE',
    });
    await one.control('clock', { now: H(2) - 1 });
    const rows = asObject((await one.get('position/get_history_positions')).data)['positionList'];
    expect(rows).toMatchObject([
      { side: 'BUY', closePrice: '95' },
      { side: 'SELL', closePrice: '101' },
    ]);
  });
});

describe('liquidation', () => {
  it('closes an isolated position where margin and loss meet maintenance', async () => {
    const one = new TestClient(await replayVenue(FALL));
    await one.post('account/change_margin_mode', {
      symbol: 'BTCUSDT',
      marginCoin: 'USDT',
      marginMode: 'ISOLATION',
    });
    await one.post('account/change_leverage', {
      symbol: 'BTCUSDT',
      marginCoin: 'USDT',
      leverage: 20,
    });
    await one.post('trade/place_order', {
      symbol: 'BTCUSDT',
      qty: '10',
      side: 'BUY',
      tradeSide: 'OPEN',
      orderType: 'MARKET',
    });
    const [position] = await one.positions();
    const tier = first(
      (await one.public('position/get_position_tiers', { symbol: 'BTCUSDT' })).data,
    );
    const rate = Number(tier['maintenanceMarginRate']);
    expect(Number(position?.['liqPrice'])).toBeCloseTo((100 - 5) / (1 - rate), 0);
    await one.control('clock', { now: H(2) - 1 });
    expect(await one.positions()).toEqual([]);
    const row = first(
      asObject((await one.get('position/get_history_positions')).data)['positionList'],
    );
    expect(row).toMatchObject({ liqQty: '10' });
    expect(Number(row['closePrice'])).toBeLessThanOrEqual(Number(position?.['liqPrice']));
    expect(Number(row['realizedPNL'])).toBeGreaterThan(-52);
  });

  it('loses no more than the isolated margin when the market gaps through', async () => {
    const rows: readonly CandleLine[] = [
      FALL[0] ?? [0, 0, 0, 0, 0, 0],
      [H(1), 100, 100, 99, 99, 1],
      [H(2), 50, 51, 49, 50, 1],
    ];
    const one = new TestClient(await replayVenue(rows));
    await one.post('account/change_margin_mode', {
      symbol: 'BTCUSDT',
      marginCoin: 'USDT',
      marginMode: 'ISOLATION',
    });
    await one.post('trade/place_order', {
      symbol: 'BTCUSDT',
      qty: '10',
      side: 'BUY',
      tradeSide: 'OPEN',
      orderType: 'MARKET',
    });
    const before = await one.account();
    await one.control('clock', { now: H(2) + 1 });
    const after = await one.account();
    expect(after['positions']).toEqual([]);
    expect(Number(before['wallet']) - Number(after['wallet'])).toBeCloseTo(
      Number(before['margin']),
      6,
    );
  });

  it('of a cross position waits for the whole balance, cancels orders first, and never leaves a debt', async () => {
    const one = await long(
      FALL,
      { qty: '150' },
      {
        accounts: [
          {
            apiKey: 'demoApiKey0000000000000000000001',
            secretKey: 'demoSecret000000000000000000000A',
            balance: '3500',
          },
        ],
      },
    );
    const order = {
      symbol: 'BTCUSDT',
      qty: '1',
      side: 'BUY',
      tradeSide: 'OPEN',
      orderType: 'LIMIT',
      price: '20',
    };
    expect((await one.post('trade/place_order', order)).code).toBe(0);
    await one.control('clock', { now: H(2) });
    expect(await one.positions()).toHaveLength(1);
    await one.control('clock', { now: H(4) - 1 });
    const account = await one.account();
    expect(account['positions']).toEqual([]);
    expect(account['orders']).toEqual([]);
    expect(Number(account['wallet'])).toBeGreaterThanOrEqual(0);
    expect(Number(account['wallet'])).toBeLessThan(200);
  });
});

describe('funding', () => {
  it('is settled at its hours at the rate that the history then shows', async () => {
    const flat = Array.from({ length: 12 }, (_, n): CandleLine => [
      H(n),
      100,
      100,
      100,
      100,
      50_000,
    ]);
    const one = await long(flat);
    await one.control('clock', { now: H(9) });
    const history = first(
      (await one.public('market/get_funding_rate_history', { symbol: 'BTCUSDT', limit: '1' })).data,
    );
    const [position] = await one.positions();
    const mark = Number(history['markPrice']);
    const interval = Number(
      asObject((await one.public('market/funding_rate', { symbol: 'BTCUSDT' })).data)[
        'fundingInterval'
      ],
    );
    if (interval === 8)
      expect(Number(position?.['funding'])).toBeCloseTo(
        -10 * mark * Number(history['fundingRate']),
        7,
      );
    expect(Number(position?.['funding'])).not.toBe(0);
    const net = Number(position?.['funding']) - Number(position?.['fee']);
    expect(Number(position?.['realizedPNL'])).toBeCloseTo(net, 7);
  });
});

import { describe, expect, it } from 'vitest';
import { asList, asObject, first, HOUR, START, TestClient, testVenue } from './venue-client.ts';

const DECIMAL = /^-?\d+(\.\d+)?$/;

async function client(options = {}): Promise<TestClient> {
  return new TestClient(await testVenue(options));
}

describe('market calls', () => {
  it('list trading pairs with string decimals and integer precisions', async () => {
    const reply = await (await client()).public('market/trading_pairs', { symbols: 'btcusdt' });
    expect(reply).toMatchObject({ status: 200, code: 0, msg: 'result.success' });
    const row = first(reply.data);
    expect(row).toMatchObject({
      symbol: 'BTCUSDT',
      base: 'BTC',
      quote: 'USDT',
      basePrecision: 4,
      quotePrecision: 1,
    });
    expect(row).toMatchObject({
      minTradeVolume: '0.0001',
      symbolStatus: 'OPEN',
      isApiSupported: true,
      launchTime: null,
    });
    expect(row).not.toHaveProperty('delistTime');
  });

  it('name the unscaled token as base of a scaled contract', async () => {
    const reply = await (
      await client()
    ).public('market/trading_pairs', { symbols: '1000PEPEUSDT' });
    expect(first(reply.data)['base']).toBe('PEPE');
  });

  it('give tickers of every contract in one call', async () => {
    const rows = asList((await (await client()).public('market/tickers')).data);
    expect(rows).toHaveLength(12);
    for (const row of rows) {
      for (const key of [
        'markPrice',
        'lastPrice',
        'open',
        'last',
        'quoteVol',
        'baseVol',
        'high',
        'low',
      ]) {
        expect(row[key]).toMatch(DECIMAL);
      }
      expect(row['last']).toBe(row['lastPrice']);
    }
  });

  it('give closed candles, newest first, at most 200', async () => {
    const one = await client();
    const rows = asList(
      (await one.public('market/kline', { symbol: 'BTCUSDT', interval: '1h', limit: '500' })).data,
    );
    expect(rows).toHaveLength(200);
    expect(rows[0]).toMatchObject({ time: String(START - HOUR), type: 'LAST_PRICE' });
    expect(Number(rows[0]?.['time'])).toBeGreaterThan(Number(rows[1]?.['time']));
    const ratio = Number(rows[0]?.['quoteVol']) / Number(rows[0]?.['baseVol']);
    expect(ratio / Number(rows[0]?.['close'])).toBeCloseTo(1, 1);
  });

  it('give the newest candles of a range', async () => {
    const query = {
      symbol: 'BTCUSDT',
      interval: '1h',
      startTime: String(START - 10 * HOUR),
      endTime: String(START - 4 * HOUR),
      limit: '3',
    };
    const rows = asList((await (await client()).public('market/kline', query)).data);
    expect(rows.map((row) => row['time'])).toEqual(
      [4, 5, 6].map((hours) => String(START - hours * HOUR)),
    );
  });

  it('list the forming candle only when the venue is set so', async () => {
    const one = await client({ quirks: { formingCandle: true } });
    await one.control('clock', { advanceMs: 90_000 });
    const rows = asList(
      (await one.public('market/kline', { symbol: 'BTCUSDT', interval: '1h', limit: '2' })).data,
    );
    expect(rows.map((row) => row['time'])).toEqual([String(START), String(START - HOUR)]);
  });

  it('refuse an interval that REST does not have', async () => {
    const reply = await (
      await client()
    ).public('market/kline', { symbol: 'BTCUSDT', interval: '3m' });
    expect(reply).toMatchObject({ status: 200, code: 10008, data: null });
    expect(reply.msg).toContain('15m');
  });

  it('answer code 1 without a symbol and 20015 for an unknown one', async () => {
    const one = await client();
    expect((await one.public('market/depth')).code).toBe(1);
    expect(await one.public('market/depth', { symbol: 'NOPEUSDT' })).toMatchObject({
      code: 20015,
      msg: 'this Futures is not allowed to trade.',
    });
  });

  it('give a book of the asked size with asks ascending and bids descending', async () => {
    const one = await client();
    const book = asObject(
      (await one.public('market/depth', { symbol: 'BTCUSDT', limit: '5' })).data,
    );
    const asks = book['asks'];
    const bids = book['bids'];
    if (!Array.isArray(asks) || !Array.isArray(bids)) throw new Error('no book');
    expect(asks).toHaveLength(5);
    expect(Number(asks[0][0])).toBeGreaterThan(Number(bids[0][0]));
    expect(Number(asks[1][0])).toBeGreaterThan(Number(asks[0][0]));
    expect(Number(bids[1][0])).toBeLessThan(Number(bids[0][0]));
    expect((await one.public('market/depth', { symbol: 'BTCUSDT', limit: '7' })).code).toBe(10008);
  });

  it('give funding in percent now and as a fraction in the history', async () => {
    const one = await client();
    const now = asObject((await one.public('market/funding_rate', { symbol: 'BTCUSDT' })).data);
    expect(now).toMatchObject({ nextFundingTime: String(START + 8 * HOUR), fundingInterval: 8 });
    const past = first(
      (await one.public('market/get_funding_rate_history', { symbol: 'BTCUSDT', limit: '1' })).data,
    );
    expect(past['fundingTime']).toBe(String(START));
    expect(Math.abs(Number(past['fundingRate']))).toBeLessThan(0.003);
    expect(Math.abs(Number(now['fundingRate']) / Number(past['fundingRate']))).toBeGreaterThan(5);
    expect(asList((await one.public('market/funding_rate/batch')).data)).toHaveLength(12);
  });

  it('give risk tiers that join without gaps', async () => {
    const rows = asList(
      (await (await client()).public('position/get_position_tiers', { symbol: 'BTCUSDT' })).data,
    );
    expect(rows[0]).toMatchObject({
      level: 1,
      startValue: '0',
      endValue: '150000',
      leverage: 200,
      maintenanceMarginRate: '0.004',
    });
    rows.slice(1).forEach((row, at) => expect(row['startValue']).toBe(rows[at]?.['endValue']));
  });

  it('answer an unknown path with code 404 inside HTTP 200', async () => {
    expect(await (await client()).public('market/nothing')).toMatchObject({
      status: 200,
      code: 404,
      msg: 'Not Found',
    });
  });

  it.each([
    '/%2Fapi%2Fv1%2Ffutures%2Fmarket%2Ftrading_pairs',
    '//api/v1/futures//market/trading_pairs',
    '/api/v1/futures/market/trading%5Fpairs',
  ])('read the path %s as a web server does', async (path) => {
    const { url } = (await client()).venue;
    const answer = async (asked: string) => (await fetch(`${url}${asked}`)).json();
    expect(await answer(path)).toMatchObject({ code: 0, data: expect.arrayContaining([]) });
    expect(await answer('/api/%')).toMatchObject({ code: 404 });
  });

  it('carry venue time in the Date header', async () => {
    const one = await client();
    await one.control('clock', { advanceMs: 12 * HOUR });
    const reply = await one.public('market/tickers');
    expect(Date.parse(reply.headers.get('date') ?? '')).toBe(START + 12 * HOUR);
  });
});

describe('rate limits', () => {
  // It hardly goes on: while it stands still requests are counted in real time.
  const slow = { speed: 0.001 };

  it('let ten requests of an endpoint through in a venue second and answer the rest 10006', async () => {
    const one = await client(slow);
    const codes: unknown[] = [];
    for (let count = 0; count < 12; count += 1)
      codes.push((await one.public('market/tickers', { symbols: 'BTCUSDT' })).code);
    expect(codes).toEqual([...Array<number>(10).fill(0), 10006, 10006]);
    expect((await one.public('market/trading_pairs')).code).toBe(0);
    await one.control('clock', { advanceMs: 1_000 });
    expect((await one.public('market/tickers')).code).toBe(0);
  });

  it('go by real time while the venue stands still', async () => {
    const one = await client();
    const code = async (): Promise<unknown> => (await one.public('market/trading_pairs')).code;
    const burst = await Promise.all(Array.from({ length: 60 }, code));
    expect(burst).toContain(10006);
    let later = await code();
    // Nobody moves its clock: it would be refused for ever.
    while (later !== 0) later = await code();
  });

  it('let one batch order through in a venue second', async () => {
    const one = await client(slow);
    const body = { symbol: 'BTCUSDT', orderList: [{ qty: '1', side: 'BUY', orderType: 'MARKET' }] };
    expect((await one.post('trade/batch_order', body)).code).toBe(0);
    expect((await one.post('trade/batch_order', body)).code).toBe(10006);
  });
});

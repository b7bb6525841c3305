import { readFile } from 'node:fs/promises';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../src/simulator/venue/fault-kinds.ts';
import { asList, asObject, HOUR, START, TestClient, testVenue } from './venue-client.ts';
import { PATIENCE_MS } from '../../patience.ts';

async function client(options = {}): Promise<TestClient> {
  return new TestClient(await testVenue(options));
}

describe('the control API', () => {
  it('moves one contract to a price and the whole market by percent', async () => {
    const one = await client();
    await one.control('price', { symbol: 'BTCUSDT', price: '50000' });
    expect(await one.lastPrice('BTCUSDT')).toBe(50_000);
    const eth = await one.lastPrice('ETHUSDT');
    expect(await one.control('price', { symbol: '*', percent: -10 })).toMatchObject({
      moved: 12,
      last: '45000',
    });
    expect((await one.lastPrice('ETHUSDT')) / eth).toBeCloseTo(0.9, 3);
    await one.control('clock', { advanceMs: HOUR });
    expect(await one.lastPrice('BTCUSDT')).toBeLessThan(47_000);
  });

  it('reaches every price exactly, however far it was moved before', async () => {
    const one = await client();
    const move = async (body: object): Promise<unknown> =>
      (await one.control('price', { symbol: 'BTCUSDT', ...body }))['last'];
    expect(await move({ price: '0.1' })).toBe('0.1');
    for (let again = 0; again < 100; again += 1) await move({ percent: -99.99 });
    expect(await move({ price: '60000.1' })).toBe('60000.1');
    for (let again = 0; again < 20; again += 1) await move({ percent: 100_000 });
    expect(await one.lastPrice('BTCUSDT')).toBe(1e11);
    expect(await move({ price: '60000.06' })).toBe('60000.1');
    expect(await one.lastPrice('BTCUSDT')).toBe(60_000.1);
  });

  it('refuses another leverage or margin mode for a position that is held', async () => {
    const one = await client();
    const more = { symbol: 'ETHUSDT', side: 'LONG', qty: '0.1' };
    await one.control('position', { ...more, leverage: 10, marginMode: 'ISOLATION' });
    expect(await one.control('position', { ...more, leverage: 7 })).toMatchObject({
      error: expect.stringContaining('held with 10x ISOLATION'),
    });
    expect(await one.control('position', { ...more, marginMode: 'CROSS' })).toHaveProperty('error');
    await one.control('position', { ...more, leverage: 10 });
    await one.control('position', more);
    expect(await one.positions()).toMatchObject([{ qty: '0.3', leverage: 10 }]);
  });

  it('opens a position by hand with stop and target', async () => {
    const one = await client();
    const order = await one.control('position', {
      symbol: 'ETHUSDT',
      side: 'SHORT',
      notional: 3_000,
      leverage: 5,
      stop: '90000',
      target: '10',
    });
    expect(order).toMatchObject({ status: 'FILLED', leverage: 5 });
    const [position] = await one.positions();
    expect(position).toMatchObject({ symbol: 'ETHUSDT', side: 'SELL', leverage: 5 });
    expect(Number(position?.['entryValue'])).toBeCloseTo(3_000, -1);
    expect(asList((await one.get('tpsl/get_pending_orders')).data)[0]).toMatchObject({
      slPrice: '90000',
      tpPrice: '10',
    });
  });

  it('pays in and out', async () => {
    const one = await client();
    expect(await one.control('deposit', { amount: '250.5' })).toEqual({ wallet: '10250.5' });
    expect(await one.control('deposit', { amount: -50.5 })).toEqual({ wallet: '10200' });
    expect((await one.account())['deposits']).toBe('10200');
  });

  it('changes the speed of time', async () => {
    const one = await client();
    expect(one.venue.now()).toBe(START);
    await one.control('speed', { speed: 100_000 });
    const deadline = Date.now() + PATIENCE_MS;
    while (one.venue.now() < START + HOUR && Date.now() < deadline) await one.state();
    expect(one.venue.now()).toBeGreaterThan(START + HOUR);
    await one.control('speed', { speed: 0 });
    const frozen = one.venue.now();
    await one.state();
    expect(one.venue.now()).toBe(frozen);
  });

  it('tells the whole truth and its health', async () => {
    const one = await client();
    const state = await one.state('BTCUSDT,NOPEUSDT');
    expect(state).toMatchObject({ now: START, speed: 0, faults: [] });
    expect(Object.keys(asObject(state['prices']))).toEqual(['BTCUSDT']);
    expect(asObject(state['account'])).toMatchObject({
      wallet: '10000',
      equity: '10000',
      positions: [],
      fills: 0,
    });
    const health: unknown = await (await fetch(`${one.venue.controlUrl}/sim/health`)).json();
    expect(health).toMatchObject({ ok: true, symbols: 12, sockets: 0 });
  });

  it.each([
    ['price', { symbol: 'NOPE', percent: 1 }, 'symbol must be'],
    ['price', { symbol: 'BTCUSDT' }, 'either "percent" or "price"'],
    ['price', { symbol: 'BTCUSDT', percent: -100 }, 'percent must be a number from -99.99'],
    ['price', { symbol: '*', price: 5 }, '"*" goes with percent'],
    ['price', { symbol: 'BTCUSDT', percent: [1] }, 'not [1]'],
    [
      'price',
      { symbol: 'BTCUSDT', procent: 1 },
      'Unknown: procent. Allowed: symbol, price, percent',
    ],
    [
      'price',
      { symbol: 'BTCUSDT', price: '0.04' },
      'BTCUSDT can be moved from 0.1 to 100000000000',
    ],
    ['price', { symbol: 'BTCUSDT', price: '100000000001' }, 'can be moved from 0.1'],
    ['price', { symbol: 'BTCUSDT', price: '1e5' }, 'at most 24 digits'],
    ['position', { symbol: 'BTCUSDT', qty: 1 }, 'side must be LONG or SHORT'],
    ['position', { symbol: 'BTCUSDT', side: 'LONG', qty: 1, notional: 5 }, 'and not both'],
    ['position', { symbol: 'BTCUSDT', side: 'LONG', qty: 1, leverage: 900 }, 'from 1 to'],
    [
      'position',
      { symbol: 'BTCUSDT', side: 'LONG', qty: 1, marginMode: 'X' },
      'one of ISOLATION, CROSS',
    ],
    ['position', { symbol: 'BTCUSDT', side: 'LONG', qty: '0.01', apiKey: 'who' }, 'no account'],
    ['position', { side: 'LONG', qty: '0.01' }, 'Give "symbol"'],
    ['deposit', { amount: -10_001 }, 'Only 10000 USDT are free'],
    ['deposit', {}, 'Give "amount"'],
    ['clock', { now: START - 1 }, `from ${START} to`],
    ['clock', { advanceMs: -1 }, 'from 0 to'],
    ['speed', {}, 'Give "speed"'],
    ['fault', { fault: 'slow', count: 0 }, 'count must be a whole number from 1'],
    ['fault', { fault: 'slow', count: 1, forMs: 5 }, '"count" or "forMs"'],
    ['fault', { fault: 'slow', cuont: 1 }, 'Unknown: cuont'],
    ['fault', { fault: 'slow', path: 5 }, 'path must be a part'],
    ['fault', { fault: 'slow', path: 'trade/place-order' }, 'path must be a part'],
    ['fault', { fault: 'slow', symbol: 'BTCUSDT' }, 'Allowed: fault, count, forMs, amount, path'],
    ['fault', { fault: 'missed-event', path: 'trade' }, 'amount, channel'],
    ['fault', { fault: 'negative-available', symbol: 'BTCUSDT' }, 'Unknown: symbol'],
    ['fault', { fault: 'clock-skew' }, 'Give "forMs"'],
    ['fault', { fault: 'silent-sockets', count: 1 }, 'Unknown: count'],
    ['fault', { fault: 'hidden-order', symbol: 'NOPE' }, 'listed contract'],
    ['fault', { fault: 'missed-event', channel: 'orders' }, 'balance, position, order, tpsl'],
    ['fault', { fault: 'drop-sockets', channel: 'both' }, 'public, private'],
    ['fault', { fault: 'partial-then-cancel', amount: 2 }, 'from 0 to 1'],
    ['fault', { fault: 'refused', amount: 'x' }, 'amount must be a whole number'],
    ['fault', { fault: 'delist' }, 'Give "symbol"'],
    ['fault', { fault: 'by-chance', kinds: ['meteor'] }, 'not "meteor"'],
    ['fault', { fault: 'by-chance', kinds: 'slow' }, 'kinds must be a list of'],
    ['fault', { fault: 'by-chance', kinds: ['slow'], rate: 2 }, 'from 0 to 1'],
    ['fault', { fault: 'by-chance', kinds: ['slow'], amounts: { sloe: 1 } }, 'not "sloe"'],
    ['position', { symbol: 'BTCUSDT', side: 'LONG' }, 'Give "qty"'],
    ['position', { symbol: 'BTCUSDT', side: 'UP', qty: 1 }, 'side must be'],
    ['deposit', { amount: 'lots' }, 'must be a decimal'],
    ['speed', { speed: -1 }, 'from 0 to 100000'],
    ['clock', {}, 'Give "now"'],
    ['nothing', {}, 'There is no'],
  ])('answers %s with %j by saying what is wrong', async (name, body, message) => {
    const one = await client();
    expect(String((await one.control(name, body))['error'])).toContain(message);
  });

  it('names its calls, and the method of each', async () => {
    const one = await client();
    const ask = async (path: string, options = {}): Promise<[number, string]> => {
      const answer = await fetch(`${one.venue.controlUrl}${path}`, options);
      return [answer.status, await answer.text()];
    };
    const [status, text] = await ask('/sim/nothing');
    expect(status).toBe(404);
    expect(text).toContain('/sim/fault');
    expect(await ask('/sim/price')).toEqual([405, '{"error":"/sim/price takes POST only"}']);
    expect(await ask('/sim/state', { method: 'POST' })).toEqual([
      405,
      '{"error":"/sim/state takes GET only"}',
    ]);
    expect(await ask('/sim/price', { method: 'POST', body: '[1]' })).toEqual([
      400,
      '{"error":"The body must be a JSON object"}',
    ]);
    expect((await ask('/sim/price', { method: 'POST', body: 'x' }))[1]).toContain('must be JSON');
  });

  it('tells of every fault in its README', async () => {
    const readme = await readFile('src/simulator/venue/control/README.md', 'utf8');
    expect(FAULTS.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it('lets pages of this machine in and no others', async () => {
    const one = await client();
    const from = async (origin: string): Promise<Response> =>
      fetch(`${one.venue.controlUrl}/sim/health`, { headers: { origin } });
    const local = await from('http://localhost:8080');
    expect(local.headers.get('access-control-allow-origin')).toBe('http://localhost:8080');
    const foreign = await from('https://evil.example');
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toHaveProperty('error');
    const rebound = await request(`${one.venue.controlUrl}/sim/state`, {
      headers: { host: 'evil.example' },
    });
    expect(rebound.statusCode).toBe(403);
    expect(await rebound.body.json()).toHaveProperty('error');
  });
});

import { describe, expect, it } from 'vitest';
import { asList, asObject, HOUR, START, TestClient, testVenue } from './venue-client.ts';

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
    const deadline = Date.now() + 5_000;
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
    ['price', { symbol: 'BTCUSDT', percent: -100 }, 'above -100'],
    ['position', { symbol: 'BTCUSDT', side: 'LONG' }, 'Give "qty"'],
    ['position', { symbol: 'BTCUSDT', side: 'UP', qty: 1 }, 'side must be'],
    ['deposit', { amount: 'lots' }, 'must be a decimal'],
    ['speed', { speed: -1 }, 'between 0 and'],
    ['clock', {}, 'Give "now"'],
    ['nothing', {}, 'There is no'],
  ])('answers %s with %j by saying what is wrong', async (name, body, message) => {
    const one = await client();
    expect(String((await one.control(name, body))['error'])).toContain(message);
  });

  it('lets pages of this machine in and no others', async () => {
    const one = await client();
    const from = async (origin: string): Promise<Response> =>
      fetch(`${one.venue.controlUrl}/sim/health`, { headers: { origin } });
    const local = await from('http://localhost:8080');
    expect(local.headers.get('access-control-allow-origin')).toBe('http://localhost:8080');
    expect((await from('https://evil.example')).status).toBe(403);
  });
});

import { describe, expect, it } from 'vitest';
import {
  asList,
  asObject,
  START,
  TestClient,
  TestSocket,
  testVenue,
  type Json,
} from './venue-client.ts';

const ORDER = {
  symbol: 'BTCUSDT',
  qty: '0.01',
  side: 'BUY',
  tradeSide: 'OPEN',
  orderType: 'MARKET',
};

async function client(options = {}): Promise<TestClient> {
  return new TestClient(await testVenue({ rateLimits: false, ...options }));
}

const ofChannel =
  (ch: string) =>
  (frame: Json): boolean =>
    frame['ch'] === ch;

describe('faults on request', () => {
  it('lose the reply of an order that was executed', async () => {
    const one = await client();
    await one.control('fault', { fault: 'lost-reply', path: 'place_order' });
    await expect(one.post('trade/place_order', { ...ORDER, clientId: 'x' })).rejects.toThrow();
    expect(await one.positions()).toHaveLength(1);
    expect((await one.post('trade/place_order', { ...ORDER, clientId: 'x' })).code).toBe(30042);
  });

  it('lose a request before anything is done', async () => {
    const one = await client();
    await one.control('fault', { fault: 'lost-request', path: 'place_order' });
    await expect(one.post('trade/place_order', { ...ORDER, clientId: 'x' })).rejects.toThrow();
    expect(await one.positions()).toEqual([]);
    expect((await one.post('trade/place_order', { ...ORDER, clientId: 'x' })).code).toBe(0);
  });

  it('carry out a request when nobody waits for it any more', async () => {
    const one = await client();
    await one.control('fault', { fault: 'late-request', amount: 20_000 });
    await expect(one.post('trade/place_order', { ...ORDER, clientId: 'x' })).rejects.toThrow();
    await one.control('clock', { advanceMs: 19_999 });
    expect(await one.positions()).toEqual([]);
    await one.control('clock', { advanceMs: 60_000 });
    const [position] = await one.positions();
    expect(position).toMatchObject({ ctime: String(START + 20_000) });
    // Beyond the receive window its signature is too old.
    await one.control('fault', { fault: 'late-request', amount: 60_001 });
    await expect(one.post('trade/close_all_position', {})).rejects.toThrow();
    await one.control('clock', { advanceMs: 120_000 });
    expect(await one.positions()).toHaveLength(1);
  });

  it.each([20011, 30040, 40007, 1])('refuse with any code, here %i', async (code) => {
    const one = await client();
    await one.control('fault', { fault: 'refused', amount: code, path: 'place_order' });
    const reply = await one.post('trade/place_order', ORDER);
    expect(reply).toMatchObject({ status: 200, code, data: null });
    expect(reply.msg).not.toBe('Error');
    expect(await one.positions()).toEqual([]);
  });

  it('hide a fresh order from every list for a while', async () => {
    const one = await client();
    await one.control('fault', { fault: 'hidden-order', amount: 2_000 });
    await one.post('trade/place_order', { ...ORDER, clientId: 'x' });
    const seen = async (): Promise<unknown[]> => [
      (await one.get('trade/get_order_detail', { clientId: 'x' })).code,
      asObject((await one.get('trade/get_history_orders')).data)['total'],
      asObject((await one.get('trade/get_history_trades')).data)['total'],
    ];
    expect(await seen()).toEqual([20007, '0', '0']);
    await one.control('clock', { advanceMs: 2_000 });
    expect(await seen()).toEqual([0, '1', '1']);
  });

  it('cancel resting orders by the system', async () => {
    const one = await client();
    const price = String(Math.floor((await one.lastPrice('BTCUSDT')) * 0.97));
    await one.post('trade/place_order', { ...ORDER, orderType: 'LIMIT', price, clientId: 'x' });
    expect(await one.control('fault', { fault: 'order-system-cancel' })).toEqual({ cancelled: 1 });
    const order = (await one.get('trade/get_order_detail', { clientId: 'x' })).data;
    expect(order).toMatchObject({ status: 'CANCELED', tradeQty: '0' });
    expect(await one.account()).toMatchObject({ frozen: '0', orders: [] });
  });

  it('answer 10001 to an order that was executed', async () => {
    const one = await client();
    await one.control('fault', { fault: 'network-error' });
    expect((await one.post('trade/place_order', ORDER)).code).toBe(10001);
    expect(await one.positions()).toHaveLength(1);
  });

  it.each([
    ['rate-limited', 10006],
    ['bad-sign', 10007],
  ])('answer %s a number of times', async (fault, code) => {
    const one = await client();
    await one.control('fault', { fault, count: 2, path: 'get_pending_positions' });
    const codes: unknown[] = [];
    for (let count = 0; count < 3; count += 1)
      codes.push((await one.get('position/get_pending_positions')).code);
    expect(codes).toEqual([code, code, 0]);
    expect((await one.get('account', { marginCoin: 'USDT' })).code).toBe(0);
  });

  it('answer a challenge page in HTML', async () => {
    const one = await client();
    await one.control('fault', { fault: 'html-403' });
    const reply = await one.public('market/tickers');
    expect(reply.status).toBe(403);
    expect(reply.data).toContain('<html>');
  });

  it('hide a fresh order behind 20007', async () => {
    const one = await client();
    const placed = await one.post('trade/place_order', ORDER);
    const query = { orderId: String(asObject(placed.data)['orderId']) };
    await one.control('fault', { fault: 'order-not-found' });
    expect((await one.get('trade/get_order_detail', query)).code).toBe(20007);
    expect((await one.get('trade/get_order_detail', query)).code).toBe(0);
  });

  it('keep showing the old TP/SL list', async () => {
    const one = await client();
    await one.post('trade/place_order', { ...ORDER, slPrice: '1000' });
    const [row] = asList((await one.get('tpsl/get_pending_orders')).data);
    await one.control('fault', { fault: 'stale-tpsl', count: 1 });
    await one.post('tpsl/modify_order', { orderId: row?.['id'], slPrice: '2000', slQty: '0.01' });
    expect(asList((await one.get('tpsl/get_pending_orders')).data)[0]?.['slPrice']).toBe('1000');
    expect(asList((await one.get('tpsl/get_pending_orders')).data)[0]?.['slPrice']).toBe('2000');
  });

  it('fill a part of an order and cancel the rest', async () => {
    const one = await client();
    await one.control('fault', { fault: 'partial-then-cancel', amount: 0.3 });
    const placed = await one.post('trade/place_order', ORDER);
    const order = asObject(
      (
        await one.get('trade/get_order_detail', {
          orderId: String(asObject(placed.data)['orderId']),
        })
      ).data,
    );
    expect(order).toMatchObject({ status: 'PART_FILLED_CANCELED', qty: '0.01', tradeQty: '0.003' });
    expect((await one.positions())[0]).toMatchObject({ qty: '0.003' });
  });

  it('let a stop fail and leave the position naked', async () => {
    const one = await client();
    const price = await one.lastPrice('BTCUSDT');
    await one.post('trade/place_order', { ...ORDER, slPrice: String(Math.floor(price * 0.98)) });
    await one.control('fault', { fault: 'tpsl-fails' });
    const socket = new TestSocket(one.venue.wsPrivateUrl);
    await socket.login();
    await one.control('price', { symbol: 'BTCUSDT', percent: -3 });
    expect(asObject((await socket.frame(ofChannel('tpsl')))['data'])).toMatchObject({
      event: 'CLOSE',
      status: 'FAILED',
    });
    expect(await one.positions()).toHaveLength(1);
  });

  it('cancel TP/SL by the system', async () => {
    const one = await client();
    await one.post('trade/place_order', { ...ORDER, slPrice: '1000' });
    expect(await one.control('fault', { fault: 'tpsl-system-cancel' })).toEqual({ cancelled: 1 });
    expect(asList((await one.get('tpsl/get_pending_orders')).data)).toEqual([]);
  });

  it('show a negative balance and no liquidation price', async () => {
    const one = await client();
    await one.post('trade/place_order', ORDER);
    await one.control('fault', { fault: 'negative-available', amount: 20_000 });
    await one.control('fault', { fault: 'no-liq-price' });
    expect(
      Number(asObject((await one.get('account', { marginCoin: 'USDT' })).data)['available']),
    ).toBeLessThan(0);
    expect((await one.positions())[0]?.['liqPrice']).toBeNull();
  });

  it('answer a read with code 1, and carry out a doubled request twice', async () => {
    const one = await client();
    await one.control('fault', { fault: 'network-error', path: 'market/tickers' });
    expect((await one.public('market/tickers')).code).toBe(10001);
    expect((await one.public('market/tickers')).code).toBe(0);
    await one.control('fault', { fault: 'doubled-request', count: 2 });
    const order = { ...ORDER, clientId: 'twice' };
    expect((await one.post('trade/place_order', order)).code).toBe(30042);
    expect((await one.post('trade/place_order', ORDER)).code).toBe(0);
    expect(asList(await one.positions()).length).toBe(1);
    expect((await one.positions())[0]).toMatchObject({ qty: '0.03' });
  });

  it('come by chance from a seed until they are cleared', async () => {
    const one = await client();
    const chance = { fault: 'by-chance', seed: 5, rate: 1, kinds: ['network-error'] };
    await one.control('fault', chance);
    expect((await one.public('market/tickers')).code).toBe(10001);
    await one.control('fault', { fault: 'clear' });
    expect((await one.public('market/tickers')).code).toBe(0);
  });

  it.each([
    ['order-system-cancel', 'orders'],
    ['tpsl-system-cancel', 'tpsl'],
    ['delist', 'positions'],
  ])('come by chance where they bite: %s', async (kind, gone) => {
    const one = await client();
    const price = await one.lastPrice('BTCUSDT');
    await one.control('fault', { fault: 'by-chance', rate: 1, kinds: [kind] });
    await one.post('trade/place_order', { ...ORDER, slPrice: String(Math.floor(price * 0.9)) });
    await one.post('trade/place_order', {
      ...ORDER,
      orderType: 'LIMIT',
      price: String(Math.floor(price * 0.97)),
    });
    expect((await one.account())[gone]).toEqual([]);
  });

  it('show the TP/SL list as it was a moment ago, by chance', async () => {
    const one = await client();
    await one.post('trade/place_order', { ...ORDER, slPrice: '1000' });
    await one.control('clock', { advanceMs: 1_000 });
    await one.control('fault', { fault: 'by-chance', rate: 1, kinds: ['stale-tpsl'] });
    const list = async (): Promise<number> =>
      asList((await one.get('tpsl/get_pending_orders')).data).length;
    expect(await list()).toBe(0);
    await one.control('clock', { advanceMs: 500 });
    expect(await list()).toBe(1);
  });

  it('answer any list as empty while its truth goes on', async () => {
    const one = await client();
    await one.post('trade/place_order', { ...ORDER, clientId: 'x', slPrice: '1000' });
    const lists = [
      'position/get_pending_positions',
      'tpsl/get_pending_orders',
      'trade/get_history_orders',
      'trade/get_history_trades',
    ];
    const rows = async (path: string): Promise<number> => {
      const { data } = await one.get(path);
      const list = Array.isArray(data) ? data : Object.values(asObject(data))[0];
      return asList(list).length;
    };
    for (const path of lists) {
      await one.control('fault', { fault: 'empty-list', path });
      expect([await rows(path), await rows(path)]).toEqual([0, 1]);
    }
    await one.control('fault', { fault: 'empty-list', path: 'futures/account', count: 1 });
    const account = async () => (await one.get('account', { marginCoin: 'USDT' })).data;
    expect(await account()).toEqual([]);
    expect(asObject(await account())['margin']).not.toBe('0');
    await one.control('fault', { fault: 'empty-list', path: 'get_order_detail' });
    expect((await one.get('trade/get_order_detail', { clientId: 'x' })).code).toBe(20007);
  });

  it.each([
    ['position/get_pending_positions', 1],
    ['tpsl/get_pending_orders', 1],
    ['trade/get_history_orders', 1],
  ])('show a list as it was, its opening and its end: %s', async (path, opened) => {
    const one = await client();
    await one.post('trade/place_order', { ...ORDER, slPrice: '1000' });
    await one.control('fault', { fault: 'by-chance', rate: 1, kinds: ['lagging-list'] });
    const rows = async (): Promise<number> => {
      const { data } = await one.get(path);
      const list = Array.isArray(data) ? data : Object.values(asObject(data))[0];
      return asList(list).length;
    };
    await one.control('clock', { advanceMs: 1_499 });
    expect(await rows()).toBe(0);
    await one.control('clock', { advanceMs: 1 });
    expect(await rows()).toBe(opened);
    await one.post('trade/close_all_position', {});
    const [position, ...others] = asList((await one.account())['positions']);
    expect([position, others]).toEqual([undefined, []]);
    await one.control('clock', { advanceMs: 1_499 });
    expect(await rows()).toBe(opened);
    await one.control('clock', { advanceMs: 1 });
    expect(await rows()).toBe(path.includes('history') ? opened + 1 : 0);
  });

  it('show the balance as it was, and let time pass during a call', async () => {
    const one = await client();
    const margin = async (): Promise<unknown> =>
      asObject((await one.get('account', { marginCoin: 'USDT' })).data)['margin'];
    await one.post('trade/place_order', ORDER);
    await one.control('fault', {
      fault: 'lagging-list',
      path: 'futures/account',
      amount: 2_000,
      count: 2,
    });
    expect(await margin()).toBe('0');
    await one.control('fault', { fault: 'long-call', path: 'change_leverage', amount: 2_000 });
    const began = one.venue.now();
    const set = { symbol: 'ETHUSDT', marginCoin: 'USDT', leverage: 3 };
    expect((await one.post('account/change_leverage', set)).code).toBe(0);
    expect(one.venue.now() - began).toBe(2_000);
    expect(await margin()).not.toBe('0');
  });

  it('pay in and out without a trade, never more than is free', async () => {
    const one = await client();
    const wallet = async (): Promise<string> => {
      await one.get('account', { marginCoin: 'USDT' });
      return String((await one.account())['wallet']);
    };
    const before = Number(await wallet());
    await one.control('fault', { fault: 'wallet-step', amount: 250 });
    expect(Number(await wallet()) - before).toBe(250);
    expect(Number(await wallet()) - before).toBe(250);
    await one.control('fault', { fault: 'wallet-step', amount: -1e9 });
    expect(Number(await wallet())).toBe(0);
  });

  it('cut and silence sockets by chance', async () => {
    const one = await client();
    const cut = new TestSocket(one.venue.wsPrivateUrl);
    await cut.login();
    await one.control('fault', { fault: 'by-chance', rate: 1, kinds: ['drop-sockets'] });
    await one.post('trade/place_order', ORDER);
    await cut.until(() => cut.closeCode !== undefined);
    expect(cut.closeCode).toBe(1006);
    await one.control('fault', { fault: 'clear' });
    const silent = new TestSocket(one.venue.wsPrivateUrl);
    await silent.login();
    await one.control('fault', { fault: 'by-chance', rate: 1, kinds: ['silent-sockets'] });
    await one.post('trade/place_order', { ...ORDER, clientId: 'unheard' });
    await one.control('fault', { fault: 'clear' });
    await one.post('trade/place_order', { ...ORDER, clientId: 'heard' });
    await silent.frame(ofChannel('balance'));
    const ids = silent.frames
      .filter(ofChannel('order'))
      .map((f) => asObject(f['data'])['clientId']);
    expect(new Set(ids)).toEqual(new Set(['heard']));
  });

  it('skew the clock that is shown and checked', async () => {
    const one = await client();
    await one.control('fault', { fault: 'clock-skew', forMs: 60_000, amount: 120_000 });
    const reply = await one.get('account', { marginCoin: 'USDT' });
    expect(reply.code).toBe(10007);
    expect(Date.parse(reply.headers.get('date') ?? '')).toBe(START + 120_000);
    await one.control('fault', { fault: 'clear' });
    expect((await one.get('account', { marginCoin: 'USDT' })).code).toBe(0);
  });

  it('take a contract off the list while a position in it stays', async () => {
    const one = await client();
    await one.post('trade/place_order', ORDER);
    await one.control('fault', { fault: 'delist', symbol: 'BTCUSDT' });
    expect((await one.public('market/kline', { symbol: 'BTCUSDT', interval: '1h' })).code).toBe(
      20015,
    );
    expect((await one.post('trade/place_order', ORDER)).code).toBe(20012);
    expect(await one.positions()).toHaveLength(1);
    const pairs = asList((await one.public('market/trading_pairs')).data).map(
      (row) => row['symbol'],
    );
    expect(pairs).not.toContain('BTCUSDT');
    const rates = asList((await one.public('market/funding_rate/batch')).data);
    expect(rates.find((row) => row['symbol'] === 'BTCUSDT')).toMatchObject({
      fundingRate: '0',
      nextFundingTime: String(START),
    });
  });

  it('cut sockets without a close frame', async () => {
    const one = await client();
    const socket = new TestSocket(one.venue.wsPrivateUrl);
    await socket.login();
    expect(await one.control('fault', { fault: 'drop-sockets', channel: 'private' })).toEqual({
      dropped: 1,
    });
    await socket.until(() => socket.closeCode !== undefined);
    expect(socket.closeCode).toBe(1006);
  });

  it('keep a socket open and silent', async () => {
    const one = await client();
    const socket = new TestSocket(one.venue.wsPrivateUrl);
    await socket.login();
    await one.control('fault', { fault: 'silent-sockets', forMs: 60_000 });
    await one.post('trade/place_order', ORDER);
    await one.control('fault', { fault: 'clear' });
    await one.post('trade/place_order', { ...ORDER, clientId: 'heard' });
    const frame = await socket.frame(ofChannel('order'));
    expect(asObject(frame['data'])['clientId']).toBe('heard');
  });

  it('miss, double and reorder private events', async () => {
    const one = await client();
    const socket = new TestSocket(one.venue.wsPrivateUrl);
    await socket.login();
    await one.control('fault', { fault: 'missed-event', channel: 'position' });
    await one.control('fault', { fault: 'doubled-event', channel: 'balance' });
    await one.control('fault', { fault: 'reordered-event', channel: 'order' });
    await one.post('trade/place_order', ORDER);
    await socket.until(() => socket.frames.filter(ofChannel('balance')).length >= 3);
    expect(socket.frames.filter(ofChannel('position'))).toEqual([]);
    const [first, second] = socket.frames.filter((frame) => frame['ch'] !== undefined);
    expect(first?.['ch']).toBe('balance');
    expect(second).toMatchObject({ ch: 'balance' });
    const events = socket.frames
      .filter(ofChannel('order'))
      .map((frame) => asObject(frame['data'])['event']);
    expect(events).toEqual(['CREATE', 'CLOSE']);
  });

  it('name what they can be when asked for another', async () => {
    const one = await client();
    expect(String((await one.control('fault', { fault: 'meteor' }))['error'])).toContain(
      'lost-reply',
    );
  });
});

describe('faults by chance', () => {
  it('repeat themselves with the same seed', async () => {
    const run = async (seed: number): Promise<unknown[]> => {
      const one = await client({ faults: { seed, rate: 0.4, kinds: ['rate-limited'] } });
      const codes: unknown[] = [];
      for (let count = 0; count < 12; count += 1)
        codes.push((await one.public('market/tickers', { symbols: 'BTCUSDT' })).code);
      return codes;
    };
    const once = await run(5);
    expect(once).toContain(10006);
    expect(once).toContain(0);
    expect(await run(5)).toEqual(once);
    expect(await run(6)).not.toEqual(once);
  });
});

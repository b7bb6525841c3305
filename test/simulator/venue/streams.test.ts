import { describe, expect, it } from 'vitest';
import {
  asList,
  asObject,
  replayVenue,
  START,
  HOUR,
  TestClient,
  TestSocket,
  testVenue,
  type CandleLine,
  type Json,
} from './venue-client.ts';

const of =
  (ch: string, event?: string) =>
  (frame: Json): boolean =>
    frame['ch'] === ch && (event === undefined || asObject(frame['data'])['event'] === event);

describe('a socket that falls silent', () => {
  it('is cut when it never speaks, and later when it stops to ping', async () => {
    const venue = await testVenue({ socketPatience: { neverSpokeMs: 150, noPingMs: 2_500 } });
    const mute = new TestSocket(venue.wsPublicUrl);
    const polite = new TestSocket(venue.wsPublicUrl);
    await polite.frame((frame) => frame['op'] === 'connect');
    polite.send({ op: 'ping', ping: 1 });
    await mute.until(() => mute.closeCode !== undefined);
    expect(mute.closeCode).toBe(1006);
    expect(polite.closeCode).toBeUndefined();
    await polite.until(() => polite.closeCode !== undefined);
    expect(polite.closeCode).toBe(1006);
  });

  it('is cut when it begins with a ping of the protocol instead of a JSON one', async () => {
    const venue = await testVenue();
    const [wrong, right] = [new TestSocket(venue.wsPublicUrl), new TestSocket(venue.wsPublicUrl)];
    for (const socket of [wrong, right]) await socket.frame((frame) => frame['op'] === 'connect');
    right.send({ op: 'ping', ping: 1 });
    await right.frame((frame) => frame['op'] === 'ping');
    for (const { socket } of [wrong, right]) socket.ping();
    await wrong.until(() => wrong.closeCode !== undefined);
    expect(wrong.closeCode).toBe(1006);
    expect(right.closeCode).toBeUndefined();
  });
});

describe('a public socket', () => {
  it('greets, answers a JSON ping, and swallows what it does not know', async () => {
    const venue = await testVenue();
    const socket = new TestSocket(venue.wsPublicUrl);
    expect(await socket.frame((frame) => frame['op'] === 'connect')).toEqual({
      op: 'connect',
      data: { result: true },
    });
    socket.send('this is no JSON');
    socket.send({ op: 'dance' });
    socket.send({ op: 'subscribe', args: [{ symbol: 'BTCUSDT', ch: 'nothing' }] });
    socket.send({ op: 'ping', ping: 42 });
    expect(await socket.frame((frame) => frame['op'] === 'ping')).toEqual({
      op: 'ping',
      pong: 42,
      ping: START / 1000,
    });
    expect(socket.frames).toHaveLength(2);
  });

  it('pushes price frames without acknowledging the subscription', async () => {
    const venue = await testVenue();
    const socket = new TestSocket(venue.wsPublicUrl);
    await socket.frame((frame) => frame['op'] === 'connect');
    socket.send({ op: 'subscribe', args: [{ symbol: 'btcusdt', ch: 'price' }] });
    const frame = await socket.frame(of('price'));
    expect(frame).toMatchObject({ ch: 'price', symbol: 'BTCUSDT', ts: START });
    expect(asObject(frame['data'])).toMatchObject({
      ft: '2026-01-01T00:00:00Z',
      nft: '2026-01-01T08:00:00Z',
    });
    expect(Number(asObject(frame['data'])['mp'])).toBe(
      await new TestClient(venue).lastPrice('BTCUSDT'),
    );
    socket.send({ op: 'unsubscribe', args: [{ symbol: 'BTCUSDT', ch: 'price' }] });
    expect(await socket.frame((one) => one['op'] === 'unsubscribe')).toMatchObject({
      data: 'success',
      ts: START,
    });
  });

  it('pushes ticker, tickers, trade and depth frames in their own shapes', async () => {
    const venue = await testVenue();
    const socket = new TestSocket(venue.wsPublicUrl);
    await socket.frame((frame) => frame['op'] === 'connect');
    const args = ['ticker', 'tickers', 'trade', 'depth_book5'].map((ch) => ({
      symbol: 'ETHUSDT',
      ch,
    }));
    socket.send({ op: 'subscribe', args: [...args, { symbol: 'NOPEUSDT', ch: 'depth_book1' }] });
    expect(Object.keys(asObject((await socket.frame(of('ticker')))['data']))).toEqual([
      's',
      'o',
      'h',
      'l',
      'la',
      'b',
      'q',
      'r',
    ]);
    const tickers = await socket.frame((frame) => frame['ch'] === 'tickers');
    expect(tickers).not.toHaveProperty('symbol');
    expect(Object.keys(asList(tickers['data'])[0] ?? {})).toEqual([
      's',
      'o',
      'h',
      'l',
      'la',
      'b',
      'q',
      'r',
      'bd',
      'ak',
      'bv',
      'av',
    ]);
    const trade = asList((await socket.frame((frame) => frame['ch'] === 'trade'))['data'])[0];
    expect(trade?.['s']).toMatch(/^(buy|sell)$/);
    const depth = asObject((await socket.frame(of('depth_book5')))['data']);
    expect(depth['b']).toHaveLength(5);
    const unknown = await socket.frame(of('depth_book1'));
    expect(unknown).toMatchObject({ symbol: 'NOPEUSDT', data: { b: [['', '']], a: [['', '']] } });
  });

  it('tells the closed candle once more before the first frame of the next one', async () => {
    const rows = [0, 1, 2, 3].map((n): CandleLine => [
      START + n * HOUR,
      100 + n,
      110 + n,
      90 + n,
      105 + n,
      10,
    ]);
    const venue = await replayVenue(rows);
    const one = new TestClient(venue);
    const socket = new TestSocket(venue.wsPublicUrl);
    await socket.frame((frame) => frame['op'] === 'connect');
    await one.control('clock', { advanceMs: 60_000 });
    socket.send({ op: 'subscribe', args: [{ symbol: 'BTCUSDT', ch: 'market_kline_60min' }] });
    await socket.frame(of('market_kline_60min'));
    await one.control('clock', { advanceMs: 2 * HOUR });
    await socket.until(() =>
      socket.frames.some((frame) => asObject(frame['data'] ?? {})['o'] === '103'),
    );
    const opens = socket.frames
      .filter(of('market_kline_60min'))
      .map((frame) => asObject(frame['data']));
    expect(opens.map((data) => data['o'])).toEqual(['101', '101', '102', '103']);
    expect(opens[1]).toMatchObject({ o: '101', h: '111', l: '91', c: '106', b: '10' });
    expect(opens[2]).toMatchObject({ o: '102', h: '112', l: '92', c: '107' });
  });

  it('refuses the 301st channel and keeps the others', async () => {
    const venue = await testVenue({
      market: { kind: 'generated', seed: 2, symbols: 160, from: START },
    });
    const one = new TestClient(venue);
    const pairs = asList((await one.public('market/trading_pairs')).data).map((row) =>
      String(row['symbol']),
    );
    const socket = new TestSocket(venue.wsPublicUrl);
    await socket.frame((frame) => frame['op'] === 'connect');
    const args = pairs
      .slice(0, 200)
      .flatMap((symbol) => ['price', 'ticker'].map((ch) => ({ symbol, ch })));
    socket.send({ op: 'subscribe', args });
    const refusal = await socket.frame((frame) => frame['op'] === 'subscribe');
    expect(refusal).toEqual({
      op: 'subscribe',
      data: { msg: 'subscribe channel > 300', nonce: '', result: false },
    });
    await socket.until(
      () => new Set(socket.frames.filter(of('price')).map((frame) => frame['symbol'])).size === 150,
    );
  });

  it('is cut without a close frame after more than five messages in a second', async () => {
    const socket = new TestSocket((await testVenue()).wsPublicUrl);
    await socket.frame((frame) => frame['op'] === 'connect');
    for (let count = 0; count < 7; count += 1) socket.send({ op: 'ping', ping: count });
    await socket.until(() => socket.closeCode !== undefined);
    expect(socket.closeCode).toBe(1006);
  });
});

describe('a private socket', () => {
  const order = {
    symbol: 'BTCUSDT',
    qty: '0.01',
    side: 'BUY',
    tradeSide: 'OPEN',
    orderType: 'MARKET',
    clientId: 'w1',
  };

  it('says nothing at login and then tells order, position, TP/SL and balance in their own words', async () => {
    const venue = await testVenue();
    const one = new TestClient(venue);
    const socket = new TestSocket(venue.wsPrivateUrl);
    await socket.login();
    expect(socket.frames).toEqual([
      { op: 'connect', data: { result: true } },
      { op: 'login', data: { result: true } },
    ]);
    await one.post('trade/place_order', { ...order, slPrice: '1000' });
    const created = asObject((await socket.frame(of('order', 'CREATE')))['data']);
    expect(created).toMatchObject({
      side: 'Buy',
      type: 'Market',
      orderStatus: 'NEW',
      positionType: 'CROSS',
      leverage: '20',
      clientId: 'w1',
    });
    const closed = asObject((await socket.frame(of('order', 'CLOSE')))['data']);
    expect(closed).toMatchObject({ orderStatus: 'FILLED', dealAmount: '0.01' });
    expect(closed['ctime']).toMatch(/^2026-01-01T00:00:00\.\d{9}Z$/);
    const position = asObject((await socket.frame(of('position', 'OPEN')))['data']);
    expect(position).toMatchObject({
      side: 'LONG',
      qty: '0.01',
      marginMode: 'CROSS',
      leverage: '20',
    });
    expect(position).not.toHaveProperty('liqPrice');
    const tpsl = asObject((await socket.frame(of('tpsl', 'CREATE')))['data']);
    expect(tpsl).toMatchObject({
      status: 'NEW',
      side: 'Sell',
      type: 'TPSL',
      slPrice: '1000',
      slQty: '0.01',
      slStopType: 'Mark',
    });
    const balance = asObject((await socket.frame(of('balance')))['data']);
    expect(Object.keys(balance)).toEqual([
      'coin',
      'available',
      'frozen',
      'isolationFrozen',
      'crossFrozen',
      'margin',
      'isolationMargin',
      'crossMargin',
      'expMoney',
    ]);
  });

  it('tells a triggered stop, its child order and the closed position', async () => {
    const venue = await testVenue();
    const one = new TestClient(venue);
    const price = await one.lastPrice('BTCUSDT');
    await one.post('trade/place_order', { ...order, slPrice: String(Math.floor(price * 0.98)) });
    const socket = new TestSocket(venue.wsPrivateUrl);
    await socket.login();
    await one.control('price', { symbol: 'BTCUSDT', percent: -3 });
    expect(asObject((await socket.frame(of('tpsl', 'CLOSE')))['data'])).toMatchObject({
      status: 'FILLED',
    });
    expect(asObject((await socket.frame(of('position', 'CLOSE')))['data'])).toMatchObject({
      qty: '0',
    });
    expect(asObject((await socket.frame(of('order', 'CLOSE')))['data'])).toMatchObject({
      reductionOnly: true,
    });
  });

  it('answers a wrong signature with result false and closes', async () => {
    const socket = new TestSocket((await testVenue()).wsPrivateUrl);
    await socket.frame((frame) => frame['op'] === 'connect');
    socket.send({
      op: 'login',
      args: [
        {
          apiKey: 'demoApiKey0000000000000000000001',
          timestamp: START / 1000,
          nonce: 'n',
          sign: 'no',
        },
      ],
    });
    expect(await socket.frame((frame) => frame['op'] === 'login')).toMatchObject({
      data: { result: false },
    });
    await socket.until(() => socket.closeCode !== undefined);
  });
});

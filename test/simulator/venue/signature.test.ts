import { describe, expect, it } from 'vitest';
import { requestSignature, loginSignature } from '../../../src/simulator/venue/wire/signature.ts';
import { API_KEY, NONCE, SECRET_KEY, START, TestClient, testVenue } from './venue-client.ts';

const ORDER =
  '{"symbol":"BTCUSDT","qty":"0.001","side":"BUY","tradeSide":"OPEN","orderType":"LIMIT","price":"60000","effect":"GTC","clientId":"demo-0001"}';
const SPACED = ORDER.replaceAll('":', '": ').replaceAll(',"', ', "');
const base = {
  nonce: NONCE,
  timestamp: String(START),
  apiKey: API_KEY,
  query: [],
  body: Buffer.alloc(0),
} as const;

function bytes(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

describe('request signature', () => {
  it.each([
    [
      'a query',
      { ...base, query: [['marginCoin', 'USDT']] as const },
      'dc53f8c375e93d70c355f085f4a59c283eba0f557dfc863afea3cc5b8a3ccb0c',
    ],
    [
      'an unsorted query',
      {
        ...base,
        query: [
          ['symbol', 'BTCUSDT'],
          ['startTime', '1767139200000'],
          ['endTime', '1767225600000'],
          ['limit', '100'],
          ['skip', '0'],
        ] as const,
      },
      'f7d5c33bc06ebac30b5f1677e31614b0fc723c924cccd1852fb2635a0dd67ee2',
    ],
    [
      'a body',
      { ...base, body: bytes(ORDER) },
      '79ccb06d9b819f8b82803ea234b735c2068f21a96a3eb54c4c26fdcdc4587d6b',
    ],
    [
      'the same body with spaces',
      { ...base, body: bytes(SPACED) },
      '38206e104d8e70be7676089777c142d5610afe2aee211317986603cfc1c93027',
    ],
    ['neither', base, '613b2b39b42059a30813a53b84154d60f9d151d9ff07bfcd0c1adf7d3393fffa'],
    [
      'a body beyond ASCII',
      { ...base, body: bytes('{"clientId":"café"}') },
      '6680883416868abc63e1f1930382b989f3f4ccbdfe26281224c5c19588c01f9f',
    ],
    [
      'an empty object',
      { ...base, body: bytes('{}') },
      '6e76f30099ed7f8b9da1c16761fb69b0d68288abbe89e74f6c9ee3454a574c60',
    ],
  ])('of %s is the documented one', (_name, request, sign) => {
    expect(requestSignature(request, SECRET_KEY)).toBe(sign);
  });

  it('of a stream login is the documented one', () => {
    const login = { nonce: NONCE, timestamp: '1767225600', apiKey: API_KEY };
    expect(loginSignature(login, SECRET_KEY)).toBe(
      '2f3225087baf01ce956b6f961b5531642516bf1473342b641230ad33691231e7',
    );
  });
});

describe('a signed request', () => {
  const good = {
    'api-key': API_KEY,
    nonce: NONCE,
    timestamp: String(START),
    sign: 'dc53f8c375e93d70c355f085f4a59c283eba0f557dfc863afea3cc5b8a3ccb0c',
  };
  const query = { marginCoin: 'USDT' };

  it('with the documented headers is accepted', async () => {
    const client = new TestClient(await testVenue());
    expect((await client.raw('GET', 'account', { headers: good, query })).code).toBe(0);
  });

  it.each([
    ['another query', good, { marginCoin: 'USDC' }],
    ['one wrong digit', { ...good, sign: good.sign.replace(/c$/, 'd') }, query],
    ['capital letters', { ...good, sign: good.sign.toUpperCase() }, query],
    ['an unknown key', { ...good, 'api-key': 'nobody' }, query],
    ['no nonce', (({ nonce: _none, ...rest }) => rest)(good), query],
  ])('with %s is answered 10007', async (_name, headers, sent) => {
    const client = new TestClient(await testVenue());
    expect((await client.raw('GET', 'account', { headers, query: sent })).code).toBe(10007);
  });

  it('without a key is answered 10003', async () => {
    const client = new TestClient(await testVenue());
    const { nonce, timestamp, sign } = good;
    expect(
      (await client.raw('GET', 'account', { headers: { nonce, timestamp, sign }, query })).code,
    ).toBe(10003);
  });

  it('is refused when its clock is more than a minute from the venue clock', async () => {
    const client = new TestClient(await testVenue());
    await client.control('clock', { advanceMs: 59_000 });
    expect((await client.raw('GET', 'account', { headers: good, query })).code).toBe(0);
    await client.control('clock', { advanceMs: 2_000 });
    expect((await client.raw('GET', 'account', { headers: good, query })).code).toBe(10007);
  });

  it('covers the bytes of the body, not its meaning', async () => {
    const client = new TestClient(await testVenue());
    const sign = '79ccb06d9b819f8b82803ea234b735c2068f21a96a3eb54c4c26fdcdc4587d6b';
    const spaced = await client.raw('POST', 'trade/place_order', {
      headers: { ...good, sign },
      body: SPACED,
    });
    expect(spaced.code).toBe(10007);
    const exact = await client.raw('POST', 'trade/place_order', {
      headers: { ...good, sign },
      body: ORDER,
    });
    expect(exact.code).not.toBe(10007);
  });

  it('may have an empty nonce unless the venue is set so', async () => {
    const signed = { nonce: '', timestamp: String(START), apiKey: API_KEY };
    const sign = requestSignature(
      { ...signed, query: Object.entries(query), body: bytes('') },
      SECRET_KEY,
    );
    const headers = { ...good, nonce: '', sign };
    for (const [emptyNonce, code] of [
      [true, 0],
      [false, 10007],
    ] as const) {
      const client = new TestClient(await testVenue({ quirks: { emptyNonce } }));
      expect((await client.raw('GET', 'account', { headers, query })).code).toBe(code);
    }
  });

  it('may use a nonce once when the venue is set so', async () => {
    const client = new TestClient(await testVenue({ quirks: { nonceReuse: false } }));
    expect((await client.raw('GET', 'account', { headers: good, query })).code).toBe(0);
    expect((await client.raw('GET', 'account', { headers: good, query })).code).toBe(10007);
  });
});

import { describe, expect, it } from 'vitest';
import {
  loginFrame,
  newNonce,
  queryToSend,
  queryToSign,
  redact,
  signatureOf,
  signedHeaders,
} from '../../src/exchange/bitunix/rest/sign.ts';

const credentials = {
  apiKey: 'demoApiKey0000000000000000000001',
  secretKey: 'demoSecret000000000000000000000A',
};
const nonce = '0123456789abcdef0123456789abcdef';
const timestamp = '1767225600000';

const BODY_C =
  '{"symbol":"BTCUSDT","qty":"0.001","side":"BUY","tradeSide":"OPEN","orderType":"LIMIT","price":"60000","effect":"GTC","clientId":"demo-0001"}';

const VECTORS = [
  {
    name: 'A: one parameter',
    query: { marginCoin: 'USDT' },
    body: '',
    sign: 'dc53f8c375e93d70c355f085f4a59c283eba0f557dfc863afea3cc5b8a3ccb0c',
  },
  {
    name: 'B: parameters sorted by key',
    query: {
      symbol: 'BTCUSDT',
      startTime: '1767139200000',
      endTime: '1767225600000',
      limit: '100',
      skip: '0',
    },
    body: '',
    sign: 'f7d5c33bc06ebac30b5f1677e31614b0fc723c924cccd1852fb2635a0dd67ee2',
  },
  {
    name: 'C: a body',
    query: {},
    body: BODY_C,
    sign: '79ccb06d9b819f8b82803ea234b735c2068f21a96a3eb54c4c26fdcdc4587d6b',
  },
  {
    name: "C': the same body with spaces is other bytes",
    query: {},
    body: BODY_C.replaceAll('":', '": ').replaceAll(',"', ', "'),
    sign: '38206e104d8e70be7676089777c142d5610afe2aee211317986603cfc1c93027',
  },
  {
    name: 'D: nothing',
    query: {},
    body: '',
    sign: '613b2b39b42059a30813a53b84154d60f9d151d9ff07bfcd0c1adf7d3393fffa',
  },
  {
    name: 'F: UTF-8',
    query: {},
    body: '{"clientId":"café"}',
    sign: '6680883416868abc63e1f1930382b989f3f4ccbdfe26281224c5c19588c01f9f',
  },
  {
    name: 'G: an empty object',
    query: {},
    body: '{}',
    sign: '6e76f30099ed7f8b9da1c16761fb69b0d68288abbe89e74f6c9ee3454a574c60',
  },
];

describe('signatures', () => {
  it.each(VECTORS)('match vector $name', ({ query, body, sign }) => {
    expect(signatureOf(credentials, { nonce, timestamp, query, body })).toBe(sign);
  });

  it("match the official demo's published vector", () => {
    const keys = { apiKey: '1'.repeat(17), secretKey: '2'.repeat(17) };
    const signable = {
      nonce: '3'.repeat(17),
      timestamp: '1747104711262',
      query: { marginCoin: 'USDT' },
    };
    expect(signatureOf(keys, signable)).toBe(
      '40e87256554e263e39201a3979469b7fbb640d1c7c41759abf5c6a18f937f922',
    );
  });

  it("match the official page's worked example", () => {
    const keys = { apiKey: 'yourApiKey', secretKey: 'yourSecretKey' };
    const body = '{"uid":"2899","arr":[{"id":1,"name":"maple"},{"id":2,"name":"lily"}]}';
    const signable = {
      nonce: '123456',
      timestamp: '20241120123045',
      query: { uid: '200', id: '1' },
      body,
    };
    expect(signatureOf(keys, signable)).toBe(
      '00397cd1e52c7dce3258067324363b6361fabc9178a0912b330c138db8745655',
    );
  });

  it('match vector E: a login signs the seconds that it sends', () => {
    const sign = signatureOf(credentials, { nonce, timestamp: '1767225600' });
    expect(sign).toBe('2f3225087baf01ce956b6f961b5531642516bf1473342b641230ad33691231e7');
    const frame = JSON.parse(loginFrame(credentials, 1_767_225_600_999)) as {
      op: string;
      args: { apiKey: string; timestamp: number; nonce: string; sign: string }[];
    };
    const [login] = frame.args;
    expect(frame.op).toBe('login');
    expect(login?.timestamp).toBe(1_767_225_600);
    const again = signatureOf(credentials, { nonce: login?.nonce ?? '', timestamp: '1767225600' });
    expect(login?.sign).toBe(again);
  });

  it('sign the query unescaped and send it escaped, in one order', () => {
    const query = { symbols: 'BTCUSDT,ETHUSDT', limit: '5' };
    expect(queryToSign(query)).toBe('limit5symbolsBTCUSDT,ETHUSDT');
    expect(queryToSend(query)).toBe('?limit=5&symbols=BTCUSDT%2CETHUSDT');
    expect(queryToSend({})).toBe('');
  });

  it('use a fresh nonce of 32 characters each time', () => {
    const nonces = new Set(Array.from({ length: 1_000 }, () => newNonce()));
    expect(nonces.size).toBe(1_000);
    for (const each of nonces) expect(each).toMatch(/^[0-9a-f]{32}$/);
  });

  it('carry milliseconds as plain digits and never the secret', () => {
    const headers = signedHeaders(credentials, { timestampMs: 1_767_225_600_123.7 });
    expect(headers['timestamp']).toBe('1767225600123');
    expect(JSON.stringify(headers)).not.toContain(credentials.secretKey);
  });
});

describe('redact', () => {
  it('hides key and secret, joins lines and shortens', () => {
    const text = `bad key ${credentials.apiKey}\n${credentials.secretKey} ${'x'.repeat(300)}`;
    const clean = redact(credentials, text);
    expect(clean).toMatch(/^bad key \[hidden\] \[hidden\] x+\.\.\.$/);
    expect(clean.length).toBeLessThan(210);
  });
});

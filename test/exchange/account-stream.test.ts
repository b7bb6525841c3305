import { afterEach, describe, expect, it } from 'vitest';
import type { StreamState } from '../../src/app/ports/feeds.ts';
import { createAccountStream } from '../../src/exchange/bitunix/streams/account-stream.ts';
import { signatureOf } from '../../src/exchange/bitunix/rest/sign.ts';
import { API_KEY, memoryLog, SECRET_KEY } from './support/client.ts';
import { startTinySocket, type WireFrame } from './support/tiny-socket.ts';
import { until } from './support/until.ts';
import type { WebSocket } from 'ws';

const credentials = { apiKey: API_KEY, secretKey: SECRET_KEY };
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Answers logins and pings as the exchange does. */
const polite = (frame: WireFrame, socket: WebSocket): void => {
  if (frame.op === 'login') socket.send(JSON.stringify({ op: 'login', data: { result: true } }));
  if (frame.op === 'ping') socket.send(JSON.stringify({ op: 'ping', pong: frame.ping, ping: 1 }));
};

async function setUp(
  onFrame: (frame: WireFrame, socket: WebSocket) => void = polite,
  options: { pongMs?: number; loginMs?: number } = {},
) {
  const server = await startTinySocket(onFrame);
  const log = memoryLog();
  const now = () => 1_767_225_600_000;
  const stream = createAccountStream({
    url: server.url,
    credentials,
    now,
    log,
    random: () => 0,
    ...options,
  });
  const hints: string[] = [];
  const states: [StreamState, string][] = [];
  stream.onHint((channel, symbol) => hints.push(`${channel}:${symbol ?? '*'}`));
  stream.onState((state, reason) => states.push([state, reason]));
  open.push(stream, server);
  return { server, stream, hints, states, log };
}

describe('the account stream', () => {
  it('pings, logs in with seconds, and hints at everything to read', async () => {
    const { server, stream, hints } = await setUp();
    await until('live', () => stream.state() === 'live');
    expect(server.received.map((each) => each.frame.op)).toEqual(['ping', 'login']);
    const login = server.received[1]?.frame.args?.[0];
    const nonce = String(login?.['nonce']);
    expect(login?.['timestamp']).toBe(1_767_225_600);
    expect(login?.['sign']).toBe(signatureOf(credentials, { nonce, timestamp: '1767225600' }));
    expect(hints).toEqual(['balance:*', 'position:*', 'order:*', 'tpsl:*']);
  });

  it('turns events into hints, whether their data is an object or a list', async () => {
    const { server, stream, hints } = await setUp();
    await until('live', () => stream.state() === 'live');
    server.push({ ch: 'position', ts: 1, data: { event: 'OPEN', symbol: 'ETHUSDT' } });
    server.push({ ch: 'order', ts: 1, data: [{ symbol: 'BTCUSDT' }] });
    server.push({ ch: 'balance', ts: 1, data: { coin: 'USDT' } });
    server.push({ ch: 'weather', ts: 1, data: {} });
    await until('hints', () => hints.length === 7);
    expect(hints.slice(4)).toEqual(['position:ETHUSDT', 'order:BTCUSDT', 'balance:*']);
  });

  it('hints at everything again after a reconnect, because nothing is replayed', async () => {
    const { server, stream, hints, states } = await setUp();
    await until('live', () => stream.state() === 'live');
    server.connections[0]?.terminate();
    await until('hints again', () => hints.length === 8);
    expect(states.map(([state]) => state)).toEqual(['live', 'stale', 'live']);
  });

  it('is dead when pings are not answered, however open the connection looks', async () => {
    const { server } = await setUp(
      (frame, socket) => {
        if (frame.op === 'login') polite(frame, socket);
      },
      { pongMs: 100 },
    );
    await until('a new connection', () => server.connections.length === 2);
  });

  it('tries again when the login is refused, and says so without the key', async () => {
    const { server, states, log } = await setUp((frame, socket) => {
      const msg = `Sign signature error ${API_KEY}`;
      if (frame.op === 'login')
        socket.send(JSON.stringify({ op: 'login', data: { result: false, msg } }));
    });
    await until('a new connection', () => server.connections.length === 2);
    expect(states[0]).toEqual(['stale', 'login refused: Sign signature error [hidden]']);
    expect(log.lines.join()).not.toContain(API_KEY);
  });

  it.each([
    ['{"op":"login","data":{"result":true}}'],
    ['{"op":"login","data":{"result":"true"}}'],
    ['{"op":"login","data":{"result":1}}'],
    ['{"op":"login","data":{"result":"1"}}'],
    ['{"op":"login","result":1}'],
    ['{"op":"login","result":true}'],
    ['{"op":"login","code":0}'],
    ['{"op":"login","code":"0","msg":"result.success"}'],
    ['{"op":"login","code":0,"data":{"result":true}}'],
    ['{"op":"login","data":{"code":0}}'],
    ['{"op":"login","data":"success"}'],
  ])('is logged in after %s', async (answer) => {
    const { stream, states } = await setUp((frame, socket) => {
      if (frame.op === 'login') socket.send(answer);
    });
    await until('live', () => stream.state() === 'live');
    expect(states).toEqual([['live', 'connected']]);
  });

  it.each([
    ['{"op":"login"}', 'no reason given'],
    ['{"op":"login","data":{}}', 'no reason given'],
    ['{"op":"login","data":{"result":0}}', 'no reason given'],
    ['{"op":"login","data":{"result":2,"msg":"no"}}', 'no'],
    ['{"op":"login","code":10007,"msg":"Sign error"}', 'Sign error'],
    ['{"op":"login","code":1}', 'no reason given'],
    ['{"op":"login","code":true}', 'no reason given'],
    ['{"op":"login","code":0,"data":{"result":false,"msg":"no"}}', 'no'],
    ['{"op":"login","code":10003,"data":{"result":true}}', 'no reason given'],
    ['{"op":"login","data":"failed"}', 'no reason given'],
  ])('is not logged in after %s', async (answer, reason) => {
    const { server, states } = await setUp((frame, socket) => {
      if (frame.op === 'login') socket.send(answer);
    });
    await until('a new connection', () => server.connections.length === 2);
    expect(states[0]).toEqual(['stale', `login refused: ${reason}`]);
  });

  it.each([['{"op":"pong"}'], ['{"op":"ping","pong":1,"ping":1}'], ['{"op":"pong","ping":1}']])(
    'lives while pings are answered with %s',
    async (pong) => {
      let pongs = 0;
      const { server, stream } = await setUp(
        (frame, socket) => {
          if (frame.op === 'login') polite(frame, socket);
          if (frame.op === 'ping') {
            socket.send(pong);
            pongs += 1;
          }
        },
        { pongMs: 1_000 },
      );
      await until('live', () => stream.state() === 'live' && pongs === 1);
      // An answer that is not taken for one ends the connection after a second.
      const since = performance.now();
      await until('more than a second', () => performance.now() - since > 1_400);
      expect(server.connections).toHaveLength(1);
    },
  );

  it('tries again when the login is not answered', async () => {
    const { server, states } = await setUp(() => undefined, { loginMs: 50 });
    await until('a new connection', () => server.connections.length === 2);
    expect(states[0]).toEqual(['stale', 'no answer to the login']);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { PriceTick, StreamState } from '../../src/app/ports.ts';
import { toText } from '../../src/domain/money.ts';
import { createPriceStream } from '../../src/exchange/price-stream.ts';
import { memoryLog } from './support/client.ts';
import { startTinySocket, type TinySocket } from './support/tiny-socket.ts';
import { until } from './support/until.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const frameOf = (symbol: string, mp: unknown, ts: unknown = 1_767_225_600_123) => ({
  ch: 'price',
  symbol,
  ts,
  data: { ip: '3120.9', mp, fr: '0.0052', ft: '2026-01-01T00:00:00Z', nft: '2026-01-01T08:00:00Z' },
});

async function setUp(options: { silenceMs?: number; quietMs?: number } = {}) {
  const server = await startTinySocket();
  const log = memoryLog();
  const stream = createPriceStream({
    url: server.url,
    log,
    random: () => 0,
    ...options,
  });
  const ticks: PriceTick[] = [];
  const states: StreamState[] = [];
  stream.onTick((tick) => ticks.push(tick));
  stream.onState((state) => states.push(state));
  open.push(stream, server);
  return { server, stream, ticks, states, log };
}

const subscribed = (server: TinySocket, connection?: number): string[] => {
  const symbols = new Set<string>();
  for (const each of server.received) {
    if (connection !== undefined && each.connection !== connection) continue;
    for (const arg of each.frame.args ?? []) {
      if (each.frame.op === 'subscribe') symbols.add(String(arg['symbol']));
      if (each.frame.op === 'unsubscribe') symbols.delete(String(arg['symbol']));
    }
  }
  return [...symbols];
};

describe('the price stream', () => {
  it('sends a JSON ping before anything else and then subscribes', async () => {
    const { server, stream } = await setUp();
    stream.follow(['BTCUSDT', 'ETHUSDT']);
    await until('subscribed', () => subscribed(server).length === 2);
    expect(server.first).toEqual(['text']);
    expect(server.received.map((each) => each.frame.op)).toEqual(['ping', 'subscribe']);
    expect(server.received[1]?.frame.args).toContainEqual({ symbol: 'BTCUSDT', ch: 'price' });
  });

  it('hands on mark prices exactly and is live with the first', async () => {
    const { server, stream, ticks, states } = await setUp();
    stream.follow(['ETHUSDT']);
    expect(stream.state()).toBe('connecting');
    expect(stream.silenceMs()).toBeUndefined();
    await until('subscribed', () => subscribed(server).length === 1);
    server.push(frameOf('ETHUSDT', '3120.41'));
    await until('a tick', () => ticks.length === 1);
    const [tick] = ticks;
    expect([tick?.symbol, tick?.at]).toEqual(['ETHUSDT', 1_767_225_600_123]);
    expect(tick === undefined ? '' : toText(tick.mark)).toBe('3120.41');
    expect(performance.now() - (tick?.receivedAt ?? 0)).toBeLessThan(60_000);
    expect([stream.state(), ...states]).toEqual(['live', 'connecting', 'live']);
  });

  it('ignores and counts frames that hold no price, and lives on', async () => {
    const { server, stream, ticks } = await setUp();
    stream.follow(['ETHUSDT']);
    await until('subscribed', () => subscribed(server).length === 1);
    for (const mp of ['', '0', '-1', 'NaN', null, {}, '1e99']) server.push(frameOf('ETHUSDT', mp));
    server.push(frameOf('ETHUSDT', '1', 'soon'));
    server.push(frameOf('ETHUSDT', '1', { toString: 2, valueOf: 3 }));
    server.push([1, 2]);
    server.push('text');
    server.push({ ch: 'tickers', ts: 1, data: [] });
    server.push(frameOf('ETHUSDT', '3121'));
    await until('a tick', () => ticks.length === 1);
    expect(stream.ignoredFrames()).toBe(9);
  });

  it('puts at most 300 symbols on a connection', async () => {
    const { server, stream } = await setUp();
    const symbols = Array.from({ length: 650 }, (_, index) => `S${index}USDT`);
    stream.follow(symbols);
    await until('all subscribed', () => subscribed(server).length === 650);
    const sizes = server.connections.map((_, index) => subscribed(server, index).length);
    expect(sizes.sort((a, b) => a - b)).toEqual([50, 300, 300]);
  });

  it('replaces what it follows', async () => {
    const { server, stream } = await setUp();
    stream.follow(['A', 'B']);
    await until('two', () => subscribed(server).length === 2);
    stream.follow(['B', 'C']);
    await until('the other two', () => subscribed(server).sort().join() === 'B,C');
  });

  it('sends at most 5 messages in a second however often it is told', async () => {
    const { server, stream } = await setUp();
    stream.follow(['A']);
    await until('subscribed', () => subscribed(server).length === 1);
    for (let index = 0; index < 8; index += 1) stream.follow(['A', `B${index}`]);
    await until('the last', () => subscribed(server).sort().join() === 'A,B7');
    const times = server.received.map((each) => each.at);
    const most = Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length),
    );
    expect(most).toBeLessThanOrEqual(5);
  });

  it('reconnects after an abrupt end and subscribes to everything again', async () => {
    const { server, stream, states } = await setUp();
    stream.follow(['A', 'B']);
    await until('subscribed', () => subscribed(server).length === 2);
    server.push(frameOf('A', '1'));
    await until('live', () => stream.state() === 'live');
    server.connections[0]?.terminate();
    await until('again', () => subscribed(server, 1).length === 2);
    server.connections[1]?.send(JSON.stringify(frameOf('A', '2')));
    await until('live again', () => stream.state() === 'live');
    expect(states).toEqual(['connecting', 'live', 'stale', 'live']);
  });

  it('treats an open but silent connection as dead', async () => {
    const { server, stream, states } = await setUp({ silenceMs: 150 });
    stream.follow(['A']);
    await until('subscribed', () => subscribed(server).length === 1);
    server.push(frameOf('A', '1'));
    await until('a new connection', () => server.connections.length === 2);
    await until('lost', () => states.includes('stale'));
    expect(states.slice(0, 3)).toEqual(['connecting', 'live', 'stale']);
  });

  it('names symbols that are followed but never pushed', async () => {
    const { server, stream, ticks } = await setUp();
    stream.follow(['A', 'DELISTED']);
    await until('subscribed', () => subscribed(server).length === 2);
    await until('time passes', () => stream.quietSymbols(50).length === 2);
    server.push(frameOf('A', '1'));
    await until('a tick', () => ticks.length === 1);
    expect(stream.quietSymbols(50)).toEqual(['DELISTED']);
  });

  it('subscribes again to a symbol of which the exchange pushes nothing, and only to that', async () => {
    const { server, stream, log } = await setUp({ quietMs: 80 });
    stream.follow(['A', 'MISSED']);
    await until('subscribed', () => subscribed(server).length === 2);
    const pushing = setInterval(() => server.push(frameOf('A', '1')), 10);
    await until(
      'again',
      () => server.received.filter((each) => each.frame.op === 'subscribe').length > 1,
    );
    clearInterval(pushing);
    const again = server.received.filter((each) => each.frame.op === 'subscribe')[1];
    expect(again?.frame.args).toEqual([{ symbol: 'MISSED', ch: 'price' }]);
    expect(log.lines.filter((each) => each.includes('no price is pushed'))[0]).toContain('MISSED');
  });

  it('stays closed', async () => {
    const { server, stream } = await setUp();
    stream.follow(['A']);
    await until('connected', () => server.connections.length === 1);
    await stream.close();
    expect(stream.state()).toBe('closed');
    stream.follow(['B']);
    await until('gone', () => server.connections[0]?.readyState === 3);
    expect(server.connections).toHaveLength(1);
  });
});

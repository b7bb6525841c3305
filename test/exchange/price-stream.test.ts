import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/app/ports/clock.ts';
import type { StreamState } from '../../src/app/ports/feeds.ts';
import type { PriceTick } from '../../src/app/ports/price-stream.ts';
import { toText } from '../../src/domain/money/money.ts';
import { createPriceStream } from '../../src/exchange/bitunix/streams/price-stream.ts';
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

async function setUp(options: { silenceMs?: number; quietMs?: number; clock?: Clock } = {}) {
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

  it('reads prices in powers of ten and with 16 decimals', async () => {
    const { server, stream, ticks } = await setUp();
    stream.follow(['ETHUSDT']);
    await until('subscribed', () => subscribed(server).length === 1);
    for (const mp of ['1e-8', 1e-8, '1.2E+2', '0.0000000123456789', 7]) {
      server.push(frameOf('ETHUSDT', mp));
    }
    await until('ticks', () => ticks.length === 5);
    expect(ticks.map((each) => toText(each.mark))).toEqual([
      '0.00000001',
      '0.00000001',
      '120',
      '0.0000000123456789',
      '7',
    ]);
  });

  it('takes no push for news that is older than the last of its symbol', async () => {
    const { server, stream, ticks } = await setUp();
    stream.follow(['A', 'B']);
    await until('subscribed', () => subscribed(server).length === 2);
    const at = 1_767_225_600_000;
    server.push(frameOf('A', '1', at));
    server.push(frameOf('A', '2', at - 1));
    server.push(frameOf('B', '3', at - 1));
    server.push(frameOf('A', '4', at));
    server.push(frameOf('A', '5', at + 1));
    await until('the last', () => ticks.some((each) => toText(each.mark) === '5'));
    expect(ticks.map((each) => toText(each.mark))).toEqual(['1', '3', '4', '5']);
  });

  it.each([
    ['in seconds', 1_767_225_600],
    ['in microseconds', 1_767_225_600_000_000],
    ['from before the exchange', 1],
    ['that is 0', 0],
    ['below 0', -1],
    ['that is no number', 'NaN'],
    ['with a fraction', 1_767_225_600_000.5],
  ])('takes no push for news with a time %s', async (_, ts) => {
    const { server, stream, ticks } = await setUp();
    stream.follow(['A']);
    await until('subscribed', () => subscribed(server).length === 1);
    server.push(frameOf('A', '1', ts));
    server.push(frameOf('A', '2', 1_767_225_600_000));
    await until('the good one', () => ticks.length > 0);
    expect(ticks.map((each) => toText(each.mark))).toEqual(['2']);
    expect(stream.ignoredFrames()).toBe(1);
  });

  it.each([
    [1, 5_000, 10_000],
    [60, 300_000, 600_000],
    [0, 5_000, 10_000],
  ])('at speed %f takes pushes up to %i ms ahead and %i ms old', async (speed, ahead, old) => {
    const now = 1_767_225_600_000;
    const { server, stream, ticks } = await setUp({ clock: { now: () => now, speed } });
    stream.follow(['A', 'B', 'C', 'D']);
    await until('subscribed', () => subscribed(server).length === 4);
    server.push(frameOf('A', '1', now + ahead + 1));
    server.push(frameOf('B', '1', now - old - 1));
    server.push(frameOf('C', '1', now + ahead));
    server.push(frameOf('D', '1', now - old));
    await until('the last', () => ticks.some((each) => each.symbol === 'D'));
    expect(ticks.map((each) => each.symbol)).toEqual(['C', 'D']);
    expect(stream.quietSymbols(-1)).toEqual(['A', 'B', 'C', 'D']);
  });

  it('ends a connection that sends more than 2 MB at once, says so, and reads 2 MB', async () => {
    const { server, stream, states, log } = await setUp();
    stream.follow(['A']);
    await until('subscribed', () => subscribed(server).length === 1);
    const frame = JSON.stringify(frameOf('A', '1'));
    const most = 2 * 1024 * 1024;
    server.connections[0]?.send(frame.padEnd(most, ' '));
    await until('live', () => stream.state() === 'live');
    server.connections[0]?.send(frame.padEnd(most + 1, ' '));
    await until('lost', () => states.includes('stale'));
    expect(log.lines.join()).toContain('a message was larger than 2 MB');
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
    // A machine that is busy may keep even A from arriving for so long, once.
    const alone = JSON.stringify([{ symbol: 'MISSED', ch: 'price' }]);
    await until('again', () =>
      server.received.some(({ frame }) => JSON.stringify(frame.args) === alone),
    );
    clearInterval(pushing);
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

import { afterEach, expect, it } from 'vitest';
import { toText } from '../../src/domain/money/money.ts';
import {
  createKlineStream,
  createMarketStream,
} from '../../src/exchange/bitunix/streams/market-stream.ts';
import { memoryLog } from './support/client.ts';
import { DEPTH_FRAME, KLINE_FRAME, TICKERS_FRAME } from './support/frames.ts';
import { startTinySocket } from './support/tiny-socket.ts';
import { until } from './support/until.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function setUp() {
  const server = await startTinySocket();
  const log = memoryLog();
  open.push(server);
  const asked = (): unknown[] =>
    server.received.flatMap(({ frame }) => (frame.op === 'subscribe' ? (frame.args ?? []) : []));
  return { server, log, options: { url: server.url, log, random: () => 0 }, asked };
}

it('subscribes to its channel and hands on what can be read of it, and nothing else', async () => {
  const { server, log, options, asked } = await setUp();
  const stream = createMarketStream(options, 'tickers');
  open.unshift(stream);
  const seen: string[] = [];
  stream.onPush(({ symbol, last }) => seen.push(`${symbol} ${toText(last)}`));
  stream.follow(['ETHUSDT']);
  await until('subscribed', () => asked().length === 1);
  expect(asked()).toEqual([{ symbol: 'ETHUSDT', ch: 'tickers' }]);
  server.push(DEPTH_FRAME);
  for (const la of ['', 'market', null]) {
    server.push({ ...TICKERS_FRAME, data: [{ ...TICKERS_FRAME.data[0], la }] });
  }
  server.push(TICKERS_FRAME);
  await until('a push', () => seen.length === 1);
  expect(seen).toEqual(['ETHUSDT 3120.5']);
  expect(stream.state()).toBe('live');
  // The first odd one is logged, with what is wrong; it would be the same with all of them.
  expect(log.lines.filter((each) => each.includes('cannot be read'))).toHaveLength(1);
});

it.each([
  ['last', 'market_kline_15min'],
  ['mark', 'mark_kline_15min'],
] as const)('follows candles of the %s price as %s', async (of, channel) => {
  const { server, options, asked } = await setUp();
  const stream = createKlineStream(options, { interval: '15m', of });
  open.unshift(stream);
  const closes: string[] = [];
  stream.onPush(({ close }) => closes.push(toText(close)));
  stream.follow(['ETHUSDT']);
  await until('subscribed', () => asked().length === 1);
  expect(asked()).toEqual([{ symbol: 'ETHUSDT', ch: channel }]);
  server.push({ ...KLINE_FRAME, ch: `${of}_else` });
  server.push({ ...KLINE_FRAME, ch: channel });
  await until('a candle', () => closes.length === 1);
  expect(closes).toEqual(['3120.5']);
});

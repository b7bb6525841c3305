import { afterEach, expect, it } from 'vitest';
import { createKlineStream, type KlinePush } from '../../src/exchange/kline-stream.ts';
import { memoryLog } from './support/client.ts';
import { startTinySocket } from './support/tiny-socket.ts';
import { until } from './support/until.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

it('hands on forming candles of the interval that is followed, and of no other', async () => {
  const server = await startTinySocket();
  const stream = createKlineStream({ url: server.url, log: memoryLog(), random: () => 0 });
  open.push(stream, server);
  const candles: [string, KlinePush, number][] = [];
  stream.onCandle((symbol, candle, at) => candles.push([symbol, candle, at]));
  stream.follow(['BTCUSDT'], '15m');
  await until('subscribed', () => server.received.some((each) => each.frame.op === 'subscribe'));
  const data = { o: '1', h: '3', l: '0.5', c: '2', b: '10', q: '20' };
  const frame = { ch: 'market_kline_15min', symbol: 'BTCUSDT', ts: 1_767_225_600_500, data };
  server.push({ ...frame, data: { ...data, h: '0.1' } });
  server.push({ ...frame, data: { ...data, c: '' } });
  server.push({ ...frame, ch: 'market_kline_1min' });
  server.push(frame);
  await until('a candle', () => candles.length === 1);
  expect(candles).toEqual([
    ['BTCUSDT', { o: 1, h: 3, l: 0.5, c: 2, b: 10, q: 20 }, 1_767_225_600_500],
  ]);

  stream.follow(['BTCUSDT'], '1h');
  await until('the hour', () =>
    server.received.some(
      (each) => each.frame.args?.some((arg) => arg['ch'] === 'market_kline_60min') === true,
    ),
  );
  expect(server.connections).toHaveLength(2);
});

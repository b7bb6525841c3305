/** Child of the venue measurement: a client that follows every price, asks as fast as told, or reads 200 histories. */
import { Pool } from 'undici';
import { createBitunix } from '../../src/exchange/bitunix/bitunix.ts';
import { signedHeaders } from '../../src/exchange/bitunix/rest/sign.ts';
import { wallClock } from '../../src/process/venue-clock.ts';
import { quantile } from './quantile.ts';

export interface LoadOptions {
  readonly kind: 'prices' | 'requests' | 'sweep';
  readonly url: string;
  readonly apiKey: string;
  readonly secretKey: string;
  readonly symbols: readonly string[];
  readonly perSecond: number;
  readonly forMs: number;
}

/** Counts over the measured time, and milliseconds where something takes time. */
export interface LoadReport {
  readonly count: number;
  readonly symbols: number;
  readonly failures: number;
  readonly ms: number;
  readonly p50: number;
  readonly p99: number;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const SIGN_PATH = '/api/v1/futures/account';
const QUERY = { marginCoin: 'USDT' };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const client = ({ url }: LoadOptions) =>
  createBitunix({ url, clock: wallClock, log: silent, trading: false });

async function prices(options: LoadOptions): Promise<LoadReport> {
  const bitunix = client(options);
  const stream = bitunix.openPriceStream();
  const seen = new Set<string>();
  let count = 0;
  stream.onTick(({ symbol }) => {
    seen.add(symbol);
    count += 1;
  });
  stream.follow(options.symbols);
  // All subscriptions leave at 4 frames a second and connection.
  while (seen.size < options.symbols.length) await pause(50);
  process.send?.('warm');
  count = 0;
  const start = performance.now();
  await pause(options.forMs);
  const ms = performance.now() - start;
  const report = { count, symbols: seen.size, failures: 0, ms, p50: 0, p99: 0 };
  await stream.close();
  await bitunix.close();
  return report;
}

async function requests(options: LoadOptions): Promise<LoadReport> {
  const pool = new Pool(options.url, { connections: 16, pipelining: 1 });
  const times: number[] = [];
  let failures = 0;
  const ask = async (): Promise<void> => {
    const began = performance.now();
    const headers = signedHeaders(options, { timestampMs: Date.now(), query: QUERY });
    const path = `${SIGN_PATH}?marginCoin=USDT`;
    const { body } = await pool.request({ method: 'GET', path, headers });
    if (!(await body.text()).startsWith('{"code":0')) failures += 1;
    times.push(performance.now() - began);
  };
  await ask();
  process.send?.('warm');
  times.length = 0;
  const start = performance.now();
  const all: Promise<void>[] = [];
  for (let sent = 0; performance.now() - start < options.forMs;) {
    const due = ((performance.now() - start) / 1_000) * options.perSecond;
    for (; sent < due; sent += 1) all.push(ask());
    await pause(1);
  }
  await Promise.all(all);
  const ms = performance.now() - start;
  await pool.close();
  const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
  return { count: times.length, symbols: 0, failures, ms, p50, p99 };
}

/** Every history once, as the scan does at its start, through the client's own pacing and the venue's limits. */
async function sweep(options: LoadOptions): Promise<LoadReport> {
  const bitunix = client(options);
  process.send?.('warm');
  const start = performance.now();
  await Promise.all(
    options.symbols.map((symbol) =>
      bitunix.market.candles({ symbol, interval: '15m', limit: 100 }),
    ),
  );
  const ms = performance.now() - start;
  const { failures } = bitunix.health();
  await bitunix.close();
  return { count: options.symbols.length, symbols: 0, failures, ms, p50: 0, p99: 0 };
}

const LOADS = { prices, requests, sweep };
process.once('message', (options: LoadOptions) => {
  void LOADS[options.kind](options).then((report) => {
    process.send?.(report);
    process.disconnect();
  });
});

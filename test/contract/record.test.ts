import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { parseCandleCsv } from '../../src/backtest/files/csv.ts';
import { toNumber } from '../../src/domain/money/money.ts';
import { nodeArgs } from '../programs.ts';
import { venueTarget, type VenueTarget } from './venue-target.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'vigil-record-'));
  open.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function started(options: Parameters<typeof venueTarget>[0]): Promise<VenueTarget> {
  const target = await venueTarget(options);
  open.push(() => target.close());
  return target;
}

const record = (...args: string[]) =>
  run(process.execPath, [...nodeArgs('scripts/record.ts'), ...args], { cwd: root });

it('saves candles that can be replayed, and the pushes beside them', async () => {
  const out = await folder();
  const target = await started({
    speed: 1,
    market: { kind: 'generated', seed: 3, symbols: 4, from: Date.now() },
  });
  const { stdout } = await record(
    '--url',
    target.venue.url,
    '--out',
    out,
    '--interval',
    '15m',
    '--candles',
    '250',
    '--symbols',
    '2',
    '--frames',
    '5',
    '--channels',
    'price,trade',
  );
  expect(stdout).toContain(`Saved in ${out}.`);
  const files = (await readdir(out)).sort();
  expect(files).toHaveLength(4);
  const [name = ''] = files;
  const rows = gunzipSync(await readFile(join(out, name)))
    .toString()
    .trim()
    .split('\n');
  expect(rows[0]).toBe('time,open,high,low,close,volume');
  expect(rows).toHaveLength(251);
  const read = parseCandleCsv(rows.join('\n'));
  expect([read.faults, read.columns.length]).toEqual([[], 250]);
  expect(read.understood).toContain('times in milliseconds, candles of 15m');
  const frames = gunzipSync(await readFile(join(out, 'frames.ndjson.gz')))
    .toString()
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each) as { received: number; frame: { ch?: string } });
  expect(new Set(frames.map(({ frame }) => frame.ch))).toEqual(
    new Set([undefined, 'price', 'trade']),
  );
  expect(Math.abs((frames[0]?.received ?? 0) - Date.now())).toBeLessThan(60_000);

  const symbol = name.replace('.csv.gz', '');
  const replay = await started({
    speed: 1,
    market: { kind: 'replay', dir: out, symbols: [symbol] },
  });
  const candles = await replay.bitunix.market.candles({ symbol, interval: '15m', limit: 50 });
  const recorded = new Map(
    rows.slice(1).map((row) => [Number(row.split(',')[0]), row.split(',').map(Number)]),
  );
  const known = candles.filter((candle) => recorded.has(candle.openTime));
  expect(known.length).toBeGreaterThan(10);
  for (const candle of known) expect(candle.close).toBe(recorded.get(candle.openTime)?.[4]);

  const live = await started({
    speed: 1,
    market: { kind: 'replay', dir: join(out, 'live'), symbols: [symbol] },
  });
  const [first = ''] = gunzipSync(await readFile(join(out, 'live', name)))
    .toString()
    .split('\n')
    .slice(1);
  const [ticker] = await live.bitunix.market.tickers();
  expect(ticker?.last === undefined ? '' : toNumber(ticker.last)).toBeCloseTo(
    Number(first.split(',')[1]),
    1,
  );
});

it.each([
  [['--interval', '2m'], '--interval is "2m"; it must be 1m, '],
  [['--candles', 'many'], '--candles is "many"; it must be a whole number above 0'],
  [['--channels', 'price,depth_books'], 'it must be with commas some of price, ticker'],
  [['--frame', '3'], "Unknown option '--frame'"],
])('says what is wrong with %j', async (args, sentence) => {
  const failure: unknown = await record(...args).catch((error: unknown) => error);
  expect(failure).toHaveProperty('code', 1);
  expect(failure).toHaveProperty('stderr', expect.stringContaining(sentence));
});

it('says so when the exchange cannot be reached', async () => {
  const out = await folder();
  const failure: unknown = await record('--url', 'http://127.0.0.1:9', '--out', out).catch(
    (error: unknown) => error,
  );
  expect(failure).toHaveProperty('code', 1);
  expect(failure).toHaveProperty(
    'stdout',
    expect.stringContaining('the exchange cannot be reached: it refuses the connection'),
  );
});

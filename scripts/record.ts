/**
 * Saves real candles and live frames for replay.
 *
 *   npm run record -- --out recordings/today --interval 15m --candles 1000 --symbols 40 --frames 60
 *
 * Writes SYMBOL.csv.gz with `time,open,high,low,close,volume` (open time in Unix ms UTC, volume in the base coin), which
 * `--replay DIR` of the demo reads, and frames.ndjson.gz with every price push as it arrived.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createGzip, gzipSync } from 'node:zlib';
import type { Log, PriceTick } from '../src/app/ports.ts';
import { INTERVALS, type Candle, type Interval } from '../src/domain/candle.ts';
import { toText } from '../src/domain/money.ts';
import { createBitunix, type Bitunix } from '../src/exchange/bitunix.ts';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'recordings' },
    interval: { type: 'string', default: '15m' },
    candles: { type: 'string', default: '500' },
    symbols: { type: 'string', default: '40' },
    frames: { type: 'string', default: '0' },
    url: { type: 'string', default: 'https://fapi.bitunix.com' },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');

const PER_PAGE = 199;

/** Pages backwards from now until enough candles are there or the exchange has no older ones. */
async function history(
  bitunix: Bitunix,
  wanted: { readonly symbol: string; readonly interval: Interval; readonly candles: number },
): Promise<Candle[]> {
  const { symbol, interval, candles } = wanted;
  let found: Candle[] = [];
  while (found.length < candles) {
    const limit = Math.min(PER_PAGE, candles - found.length);
    const end = found[0] === undefined ? {} : { endTime: found[0].openTime };
    const page = await bitunix.market.candles({ symbol, interval, limit, ...end });
    if (page.length === 0) break;
    found = [...page, ...found];
  }
  return found;
}

const csvOf = (candles: readonly Candle[]): string =>
  [
    'time,open,high,low,close,volume',
    ...candles.map((each) =>
      [each.openTime, each.open, each.high, each.low, each.close, each.volume].join(','),
    ),
    '',
  ].join('\n');

/** The named symbols, or that many open ones with the largest turnover of the last day. */
async function chosenSymbols(bitunix: Bitunix): Promise<string[]> {
  if (!/^\d+$/.test(options.symbols)) return options.symbols.split(',').map((each) => each.trim());
  const [instruments, tickers] = [
    await bitunix.market.instruments(),
    await bitunix.market.tickers(),
  ];
  const open = new Set(
    instruments.filter((each) => each.status === 'open').map((each) => each.symbol),
  );
  return tickers
    .filter((each) => open.has(each.symbol))
    .sort((a, b) => (a.quoteVolume24h < b.quoteVolume24h ? 1 : -1))
    .slice(0, Number(options.symbols))
    .map((each) => each.symbol);
}

async function recordFrames(
  bitunix: Bitunix,
  symbols: readonly string[],
  seconds: number,
): Promise<number> {
  const stream = bitunix.openPriceStream();
  const lines: string[] = [];
  stream.onTick((tick: PriceTick) => {
    lines.push(
      `${JSON.stringify({ symbol: tick.symbol, mark: toText(tick.mark), ts: tick.at })}\n`,
    );
  });
  stream.follow(symbols);
  await delay(seconds * 1_000);
  await stream.close();
  const file = createWriteStream(join(options.out, 'frames.ndjson.gz'));
  await pipeline(Readable.from(lines), createGzip(), file);
  return lines.length;
}

async function main(): Promise<number> {
  const interval = INTERVALS.find((each) => each === options.interval);
  const [candles, seconds] = [Number(options.candles), Number(options.frames)];
  if (interval === undefined || !(candles > 0) || !(seconds >= 0)) {
    print(
      `--interval is one of ${INTERVALS.join(', ')}; --candles is above 0; --frames is a number of seconds.`,
    );
    return 2;
  }
  const clock = { now: () => Date.now(), speed: 1 };
  const bitunix = createBitunix({ url: options.url, clock, log: silent, trading: false });
  try {
    const symbols = await chosenSymbols(bitunix);
    await mkdir(options.out, { recursive: true });
    for (const symbol of symbols) {
      const rows = await history(bitunix, { symbol, interval, candles });
      await writeFile(join(options.out, `${symbol}.csv.gz`), gzipSync(csvOf(rows)));
      print(`${symbol}: ${rows.length} candles`);
    }
    if (seconds > 0) print(`${await recordFrames(bitunix, symbols, seconds)} price pushes`);
    print(`Saved in ${options.out}.`);
    return 0;
  } catch (error) {
    print(`Nothing more can be recorded from ${options.url}: ${reasonOf(error)}`);
    return 1;
  } finally {
    await bitunix.close();
  }
}

process.exitCode = await main();

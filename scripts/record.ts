/**
 * Saves real candles and live frames for replay.
 *
 *   npm run record -- --out recordings/today --interval 15m --candles 1000 --symbols 40 --frames 60
 *
 * Writes SYMBOL.csv.gz with `time,open,high,low,close,volume` (open time in Unix ms UTC, volume in the base coin), which
 * `npm run demo -- --replay DIR` plays. With --frames SECONDS also frames.ndjson.gz, every frame of the channels as it arrived with the
 * time at which it did, and DIR/live/SYMBOL.csv.gz, the pushed mark prices as candles of a second, which can be played too. Ends with 1 when
 * the exchange cannot be reached.
 */
import { createWriteStream } from 'node:fs';
import { messageOf } from '../src/app/reading/reading.ts';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import type { Log } from '../src/app/ports/log.ts';
import { INTERVALS, type Candle, type Interval } from '../src/domain/candle.ts';
import { toNumber } from '../src/domain/money/money.ts';
import { createBitunix, type Bitunix } from '../src/exchange/bitunix/bitunix.ts';
import type { MarketChannel } from '../src/exchange/bitunix/streams/market-stream.ts';
import {
  ADDRESS,
  decimal,
  LIST,
  oneOf,
  TEXT,
  whole,
  type Kind,
} from '../src/process/option-kinds.ts';
import { createCommand, runCommand, type ValuesOf } from '../src/process/options.ts';
import { createSecondCandles } from './record/second-candles.ts';
import { countText } from '../src/domain/words/words.ts';

const CHANNELS = [
  'price',
  'ticker',
  'tickers',
  'trade',
  'depth_book1',
  'depth_book5',
  'depth_book15',
];

const CHANNEL_LIST: Kind<readonly string[]> = {
  allowed: `with commas some of ${CHANNELS.join(', ')}`,
  read: (text) => {
    const names = LIST.read(text);
    return names?.every((each) => CHANNELS.includes(each)) === true ? names : undefined;
  },
};

const COMMAND = createCommand({
  run: 'npm run record',
  options: {
    out: { takes: 'DIR', meaning: 'where the files go', kind: TEXT, usual: 'recordings' },
    interval: {
      takes: 'NAME',
      meaning: 'length of the candles',
      kind: oneOf(INTERVALS),
      usual: '15m',
    },
    candles: { takes: 'N', meaning: 'so many of each contract', kind: whole(1), usual: '500' },
    symbols: {
      takes: 'N|A,B',
      meaning: 'the N contracts with the most volume, or these',
      kind: TEXT,
      usual: '40',
    },
    frames: {
      takes: 'SECONDS',
      meaning: 'also what the public stream pushes, for so long',
      kind: decimal(0, 86_400),
      usual: '0',
    },
    channels: {
      takes: 'A,B',
      meaning: 'channels of that stream',
      kind: CHANNEL_LIST,
      usual: 'price',
    },
    url: {
      takes: 'ADDRESS',
      meaning: 'another address of the exchange',
      kind: ADDRESS,
      usual: 'https://fapi.bitunix.com',
    },
  },
});

type Options = ValuesOf<typeof COMMAND>;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
/** What the client finds odd is part of what a recording should tell. */
const log: Log = {
  info: () => undefined,
  warn: (message, fields) => print(`note: ${message} ${JSON.stringify(fields ?? {})}`),
  error: (message, fields) => print(`error: ${message} ${JSON.stringify(fields ?? {})}`),
};

const PER_PAGE = 199;
/** How long the first push is waited for, and how often it is looked for. */
const FIRST_PUSH_MS = 60_000;
const POLL_MS = 50;

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

const csvOf = (candles: readonly Candle[]): Buffer =>
  gzipSync(
    [
      'time,open,high,low,close,volume',
      ...candles.map((each) =>
        [each.openTime, each.open, each.high, each.low, each.close, each.volume].join(','),
      ),
      '',
    ].join('\n'),
  );

/** The named symbols, or that many open ones with the largest turnover of the last day. */
async function chosenSymbols(bitunix: Bitunix, symbols: string): Promise<string[]> {
  if (!/^\d+$/.test(symbols)) return symbols.split(',').map((each) => each.trim().toUpperCase());
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
    .slice(0, Number(symbols))
    .map((each) => each.symbol);
}

/** Follows the channels for the wanted time and saves what came. */
async function recordLive(
  options: Options,
  frames: readonly string[],
  { bitunix, symbols }: { readonly bitunix: Bitunix; readonly symbols: readonly string[] },
): Promise<void> {
  const candles = createSecondCandles();
  const prices = bitunix.openPriceStream();
  prices.onTick((tick) => candles.add(tick.symbol, tick.at, toNumber(tick.mark)));
  const others = options.channels
    .filter((each) => each !== 'price')
    .map((each) => bitunix.openMarketStream(each as MarketChannel));
  for (const stream of [prices, ...others]) stream.follow(symbols);
  // The wished time begins with the first push, however long the way there took.
  let waited = 0;
  while (frames.length === 0 && waited < FIRST_PUSH_MS) waited += await delay(POLL_MS, POLL_MS);
  await delay(options.frames * 1_000);
  for (const stream of [prices, ...others]) await stream.close();
  const file = createWriteStream(join(options.out, 'frames.ndjson.gz'));
  await pipeline(Readable.from(frames), createGzip(), file);
  const live = join(options.out, 'live');
  await mkdir(live, { recursive: true });
  for (const [symbol, rows] of candles.closed()) {
    await writeFile(join(live, `${symbol}.csv.gz`), csvOf(rows));
  }
  print(`${countText(frames.length, 'frame')}, and their prices as candles of a second in ${live}`);
}

async function record(options: Options): Promise<number> {
  const { out, interval, candles, url } = options;
  const clock = { now: () => Date.now(), speed: 1 };
  const frames: string[] = [];
  // A frame is JSON already: it is kept to the last digit. Anything else is no frame.
  const onText = (text: string): void => {
    if (text.startsWith('{')) frames.push(`{"received":${Date.now()},"frame":${text.trim()}}\n`);
  };
  const bitunix = createBitunix({ url, clock, log, trading: false, onText });
  try {
    const symbols = await chosenSymbols(bitunix, options.symbols);
    await mkdir(out, { recursive: true });
    for (const symbol of symbols) {
      const rows = await history(bitunix, { symbol, interval, candles });
      await writeFile(join(out, `${symbol}.csv.gz`), csvOf(rows));
      print(`${symbol}: ${countText(rows.length, 'candle')}`);
    }
    if (options.frames > 0) await recordLive(options, frames, { bitunix, symbols });
    print(`Saved in ${out}. To play it: npm run demo -- --replay ${out}`);
    return 0;
  } catch (error) {
    print(`Nothing more can be recorded from ${url}: ${messageOf(error)}.`);
    return 1;
  } finally {
    await bitunix.close();
  }
}

process.exitCode = await runCommand(COMMAND, record);

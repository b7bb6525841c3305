/** A market for whole-program tests: recorded-looking candles, made from a seed, that break down at every close of 4 h. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Hours before the interesting part: the 55 days whose lowest price is broken, and some more. */
const BEFORE = 24 * 60;
const AFTER = 24 * 6;

/** The hour at which a demo on this market should begin. */
export const RECORDING_START = Date.UTC(2025, 2, 10, 12);

interface Walk {
  readonly symbol: string;
  readonly price: number;
  readonly seed: number;
}

const WALKS: readonly Walk[] = [
  { symbol: 'BTCUSDT', price: 60_000, seed: 11 },
  { symbol: 'ETHUSDT', price: 3_000, seed: 22 },
  { symbol: 'SOLUSDT', price: 150, seed: 33 },
  { symbol: 'XRPUSDT', price: 2, seed: 44 },
  { symbol: 'LINKUSDT', price: 20, seed: 55 },
  { symbol: 'AAVEUSDT', price: 200, seed: 66 },
  { symbol: 'UNIUSDT', price: 10, seed: 77 },
  { symbol: 'DOGEUSDT', price: 0.25, seed: 88 },
];

/**
 * Writes all of it below that folder and gives back with which options a demo plays it, from just after a fall was complete. A market of
 * eight contracts is read in a fraction of what the generated one with its three hundred costs at each start.
 */
export function marketIn(folder: string, from = RECORDING_START + MINUTE): readonly string[] {
  const replay = join(folder, 'candles');
  writeRecording(replay);
  return ['--replay', replay, '--from', new Date(from).toISOString().slice(0, 19)];
}

/** Days before anything breaks. */
export const QUIET_START = RECORDING_START - 5 * 24 * HOUR;

interface Part {
  readonly start?: number;
  readonly symbols?: readonly string[];
}

/** Writes one CSV.gz a symbol into the folder, in the format of `--replay`: all of them, around the usual start. */
export function writeRecording(
  folder: string,
  { start = RECORDING_START, symbols = WALKS.map(({ symbol }) => symbol) }: Part = {},
): void {
  mkdirSync(folder, { recursive: true });
  for (const walk of WALKS.filter(({ symbol }) => symbols.includes(symbol))) {
    const rows = candles(walk, start).map((row) => row.join(','));
    const text = `time,open,high,low,close,volume\n${rows.join('\n')}\n`;
    writeFileSync(join(folder, `${walk.symbol}.csv.gz`), gzipSync(text));
  }
}

/**
 * Rows of time, open, high, low, close, volume in the base coin. Up and down in turn, 4 h each, half of the symbols the other way
 * round; from two days before the start on each fall goes further than the rise before it, below everything that was.
 */
function candles({ price, seed }: Walk, start: number): readonly (readonly (number | string)[])[] {
  const random = generator(seed);
  const digits = 5 - Math.floor(Math.log10(price));
  const rows: (number | string)[][] = [];
  const odd = seed % 2;
  let log = Math.log(price);
  let open = price;
  for (let hour = -BEFORE; hour < AFTER; hour += 1) {
    const falls = Math.floor((hour + BEFORE) / 4) % 2 === odd;
    const fall = hour < -48 ? 0.0025 : 0.0045;
    log += falls ? -fall : 0.0025;
    const noise = (random() - 0.5) * 0.006;
    const close = Math.exp(log + noise);
    const high = Math.max(open, close) * (1 + 0.002 * random());
    const low = Math.min(open, close) * (1 - 0.002 * random());
    const volume = (4_000_000 / price) * (0.8 + 0.4 * random());
    const prices = [open, high, low, close].map((each) => each.toFixed(digits));
    rows.push([start + hour * HOUR, ...prices, volume.toFixed(3)]);
    open = close;
  }
  return rows;
}

/** Park and Miller's generator: numbers from 0 to 1, the same for the same seed. */
export function generator(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

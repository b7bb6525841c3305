/** A market for whole-program tests: recorded-looking candles, made from a seed, in which the strategy finds trades soon and often. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const HOUR = 3_600_000;
/** Hours before the interesting part: what the indicators need to warm up. */
const BEFORE = 24 * 32;
const AFTER = 24 * 6;

/** The hour at which a demo on this market should begin. */
export const RECORDING_START = Date.UTC(2025, 2, 10, 12);

interface Walk {
  readonly symbol: string;
  readonly price: number;
  readonly seed: number;
  /** Phase of the slow swing, in parts of its length. */
  readonly phase: number;
}

const WALKS: readonly Walk[] = [
  { symbol: 'BTCUSDT', price: 60_000, seed: 11, phase: 0 },
  { symbol: 'ETHUSDT', price: 3_000, seed: 22, phase: 0.3 },
  { symbol: 'SOLUSDT', price: 150, seed: 33, phase: 0.55 },
  { symbol: 'XRPUSDT', price: 2, seed: 44, phase: 0.8 },
  { symbol: 'LINKUSDT', price: 20, seed: 55, phase: 0.15 },
  { symbol: 'AAVEUSDT', price: 200, seed: 66, phase: 0.45 },
  { symbol: 'UNIUSDT', price: 10, seed: 77, phase: 0.7 },
  { symbol: 'DOGEUSDT', price: 0.25, seed: 88, phase: 0.95 },
];

/** Writes one CSV.gz a symbol into the folder, in the format of `--replay`. */
export function writeRecording(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const walk of WALKS) {
    const rows = candles(walk).map((row) => row.join(','));
    const text = `time,open,high,low,close,volume\n${rows.join('\n')}\n`;
    writeFileSync(join(folder, `${walk.symbol}.csv.gz`), gzipSync(text));
  }
}

/** Rows of time, open, high, low, close, volume in the base coin: rising in steady steps, with small noise of its own. */
function candles({ price, seed, phase }: Walk): readonly (readonly (number | string)[])[] {
  const random = generator(seed);
  const digits = 5 - Math.floor(Math.log10(price));
  const rows: (number | string)[][] = [];
  let open = price;
  for (let hour = -BEFORE; hour < AFTER; hour += 1) {
    const swing = 0.011 * Math.sin(2 * Math.PI * (hour / 30 + phase));
    const noise = (random() - 0.5) * 0.006;
    const close = price * Math.exp(0.0011 * hour + swing + noise);
    const high = Math.max(open, close) * (1 + 0.002 * random());
    const low = Math.min(open, close) * (1 - 0.002 * random());
    const volume = (4_000_000 / price) * (0.8 + 0.4 * random());
    const prices = [open, high, low, close].map((each) => each.toFixed(digits));
    rows.push([RECORDING_START + hour * HOUR, ...prices, volume.toFixed(3)]);
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

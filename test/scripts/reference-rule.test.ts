import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { at, seededRandom } from '../indicators/market.ts';
import { nodeArgs } from '../programs.ts';

/**
 * The reference rule as an outsider would write it down: text of files in, plain loops, nothing of src. What the program
 * publishes must be the same trades.
 */
interface Row {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

interface Counted {
  symbol: string;
  side: string;
  entryTime: number;
  entryPrice: number;
  exitTime: number;
  exitPrice: number;
  quantity: number;
  fees: number;
  pnl: number;
  reason: string;
}

function signalsOf(rows: readonly Row[]): boolean[] {
  const closes = rows.map(({ close }) => close);
  let gain = 0;
  let loss = 0;
  return closes.map((close, i) => {
    const change = i === 0 ? 0 : close - at(closes, i - 1);
    if (i <= 14) {
      gain += Math.max(0, change) / 14;
      loss += Math.max(0, -change) / 14;
    } else {
      gain = (gain * 13 + Math.max(0, change)) / 14;
      loss = (loss * 13 + Math.max(0, -change)) / 14;
    }
    if (i < 19) return false;
    const window = closes.slice(i - 19, i + 1);
    let mean = 0;
    for (const each of window) mean += each / 20;
    let variance = 0;
    for (const each of window) variance += (each - mean) ** 2 / 20;
    return close < mean - 2 * Math.sqrt(variance) && (100 * gain) / (gain + loss) < 30;
  });
}

/** What the trades went through: a test that never meets a case proves nothing about it. */
const met = { gapStop: 0, gapTarget: 0, stop: 0, target: 0, end: 0, sameCandle: 0, again: 0 };

function tradesOf(symbol: string, rows: readonly Row[]): Counted[] {
  const signals = signalsOf(rows);
  const trades: Counted[] = [];
  let entry: Row | undefined;
  let closedIn = -1;
  rows.forEach((row, i) => {
    if (entry === undefined && i > 0 && signals[i - 1] === true) {
      entry = row;
      if (closedIn === i - 1) met.again += 1;
    }
    if (entry === undefined) return;
    const stop = entry.open * 0.985;
    const target = entry.open * 1.03;
    let exitPrice = NaN;
    let reason = '';
    if (row.open <= stop) [exitPrice, reason, met.gapStop] = [row.open, 'stop', met.gapStop + 1];
    else if (row.open >= target)
      [exitPrice, reason, met.gapTarget] = [row.open, 'target', met.gapTarget + 1];
    else if (row.low <= stop) [exitPrice, reason, met.stop] = [stop, 'stop', met.stop + 1];
    else if (row.high >= target)
      [exitPrice, reason, met.target] = [target, 'target', met.target + 1];
    else if (i === rows.length - 1) [exitPrice, reason, met.end] = [row.close, 'end', met.end + 1];
    else return;
    if (entry === row) met.sameCandle += 1;
    const quantity = 100 / entry.open;
    const fees = 100 * 0.0006 + quantity * exitPrice * 0.0006;
    const pnl = quantity * (exitPrice - entry.open) - fees;
    const times = { entryTime: entry.time, exitTime: row.time };
    const prices = { entryPrice: entry.open, exitPrice };
    trades.push({ symbol, side: 'long', ...times, ...prices, quantity, fees, pnl, reason });
    entry = undefined;
    closedIn = i;
  });
  return trades;
}

const rowsOf = (text: string): Row[] =>
  text
    .replace('\uFEFF', '')
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const [time = NaN, open = NaN, high = NaN, low = NaN, close = NaN] = line
        .split(',')
        .map(Number);
      return { time, open, high, low, close };
    });

interface Shape {
  readonly rows?: number;
  readonly price?: number;
  readonly noise?: number;
  /** Milliseconds between rows. */
  readonly step?: number;
  readonly start?: number;
  readonly write?: (price: number) => string;
  /** Chance a row of each: an open away from the close before, a price this many times as high or low, no movement, a hole. */
  readonly gaps?: number;
  readonly jump?: number;
  readonly flat?: number;
  readonly holes?: number;
}

const HOUR = 3_600_000;

/** A market as the text of its file. Prices are rounded to what the file holds before anything is drawn from them. */
function fileOf(seed: number, shape: Shape): string {
  const { rows = 900, price = 100, noise = 0.02, step = HOUR, start = 1_640_995_200_000 } = shape;
  const { write = (each: number) => each.toFixed(4), gaps = 0, jump = 1, flat = 0 } = shape;
  const random = seededRandom(seed);
  const swing = (): number => (random() + random() + random() - 1.5) * 2 * noise;
  let text = 'time,open,high,low,close,volume\n';
  let last = price;
  let time = start;
  for (let i = 0; i < rows; i += 1) {
    if (jump !== 1 && random() < 0.02) last *= random() < 0.5 ? jump : 1 / jump;
    const open = random() < gaps ? last * (1 + 8 * swing()) : last;
    const still = Math.floor(i / 25) % 4 === 3 && flat > 0;
    const close = still ? open : open * (1 + swing());
    const reach = (): number => (still ? 0 : Math.abs(swing()) / 2);
    const high = Math.max(open, close) * (1 + reach());
    const low = Math.min(open, close) * (1 - reach());
    text += `${time},${[open, high, low, close].map(write).join(',')},${still ? 0 : 5}\n`;
    last = Number(write(close));
    time += step * (random() < (shape.holes ?? 0) ? 9 : 1);
  }
  return text;
}

/** 20 quiet rows, a fall on the last one; `after` follows it. */
function fallThen(...after: readonly string[]): string {
  const quiet = Array.from({ length: 20 }, (_, i) => `${100 + (i % 2) / 10}`);
  const rows = [...quiet.map((p) => `${p},${p},${p},${p}`), '100,100,89,90', ...after];
  const lines = rows.map((each, i) => `${1_640_995_200_000 + i * HOUR},${each},1`);
  return `time,open,high,low,close,volume\n${lines.join('\n')}\n`;
}

const FILES: Readonly<Record<string, string>> = {
  WALK: fileOf(1, { rows: 2_000 }),
  WILD: fileOf(2, { noise: 0.06 }),
  CALM: fileOf(3, { noise: 0.005, rows: 2_000 }),
  GAPS: fileOf(4, { gaps: 0.15, noise: 0.004, rows: 4_000 }),
  FLAT: fileOf(5, { flat: 1, rows: 2_000 }),
  COARSE: fileOf(6, { flat: 1, rows: 2_000, price: 40, write: (each) => each.toFixed(0) }),
  HOLES: fileOf(7, { holes: 0.1 }),
  TINY: fileOf(8, { price: 0.000_001_23, write: (each) => each.toFixed(8) }),
  HUGE: fileOf(9, { price: 1e6, write: (each) => each.toFixed(1) }),
  POWER: fileOf(10, { price: 3e-7, write: (each) => each.toExponential(8) }),
  JUMP: fileOf(11, { jump: 1.4, rows: 2_000 }),
  TENFOLD: fileOf(12, { jump: 10, rows: 2_000, write: (each) => each.toPrecision(9) }),
  MINUTES: fileOf(13, { step: 300_000 }),
  FOURS: fileOf(14, { step: 4 * HOUR }),
  DAYS: fileOf(15, { step: 24 * HOUR, rows: 400 }),
  SEVENS: fileOf(16, { step: 420_000 }),
  OLD: fileOf(17, { start: 0 }),
  ONE: fileOf(18, { rows: 1 }),
  LASTFALL: fallThen(),
  NEXTROW: fallThen('90,90.5,89.5,90.2'),
  SAMEROW: fallThen('90,93,88,91', '91,91,91,91'),
  SHORT: fileOf(19, { rows: 35, noise: 0.05 }),
};

const root = new URL('../..', import.meta.url).pathname;

/** The program itself, as anybody would start it. */
function published(files: Readonly<Record<string, string>>, ...more: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-reference-'));
  for (const [symbol, text] of Object.entries(files)) {
    const name = join(folder, `${symbol}.csv`);
    // Half of them packed, the others as a spreadsheet writes them.
    if (symbol.length % 2 === 0) writeFileSync(`${name}.gz`, gzipSync(text));
    else writeFileSync(name, `\uFEFF${text.replaceAll('\n', '\r\n')}`);
  }
  const out = join(folder, 'out.json');
  const rule = ['--strategy', 'band-reversion', '--json', out];
  const args = [...nodeArgs('scripts/backtest.ts'), '--data', folder, ...rule, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root });
  expect([status, stderr.toString()]).toEqual([0, '']);
  return { result: JSON.parse(readFileSync(out, 'utf8')), said: stdout.toString() };
}

function expectSame(trades: readonly Counted[], expected: readonly Counted[]): void {
  const inOrder = expected.toSorted(
    (one, other) => one.entryTime - other.entryTime || (one.symbol < other.symbol ? -1 : 1),
  );
  expect(trades).toHaveLength(expected.length);
  inOrder.forEach(({ fees, pnl, ...exact }, index) => {
    const trade = at(trades, index);
    // To the last digit, but for fees, whose sum rounds by the order of its terms.
    expect(trade).toMatchObject(exact);
    expect(Math.abs(trade.fees - fees)).toBeLessThan(1e-12);
    expect(Math.abs(trade.pnl - pnl)).toBeLessThan(1e-10);
  });
}

describe('the reference rule, from files to JSON', () => {
  let run: ReturnType<typeof published>;
  beforeAll(() => {
    run = published(FILES);
  });

  it('gives the trades of plain loops, every row of every file used', () => {
    const expected = Object.entries(FILES).flatMap(([symbol, text]) =>
      tradesOf(symbol, rowsOf(text)),
    );
    expectSame(run.result.trades, expected);
    const { again, sameCandle, ...ends } = met;
    expect(Math.min(again, sameCandle, ...Object.values(ends))).toBeGreaterThan(1);
    const used = run.result.data.map(({ symbol, candles }: { symbol: string; candles: number }) => [
      symbol,
      candles,
    ]);
    const given = Object.entries(FILES).map(([symbol, text]) => [symbol, rowsOf(text).length]);
    expect(Object.fromEntries(used)).toEqual(Object.fromEntries(given));
    expect(run.result.leftOut).toEqual([]);
  });

  it('says which prices jump, and that a file is too short for a trade', () => {
    expect(run.said).toMatch(
      /prices that jump, used because the rule uses every row: TENFOLD: \d+ rows; first in line \d+: /,
    );
    expect(run.said).toContain('A trade needs 21 candles: ONE has 1.');
    expect(run.said).toContain('22 symbols, candles of mixed lengths');
  });

  it('enters and exits between --from and --to, with indicators that know what came before', () => {
    const { HUGE = '', WALK = '' } = FILES;
    const rows = rowsOf(WALK);
    const [from, to] = [at(rows, 480).time, at(rows, 960).time];
    const iso = (time: number): string => new Date(time).toISOString().replace(':00.000Z', 'Z');
    const { result } = published({ WALK, HUGE }, '--from', iso(from), '--to', iso(to));
    const expected = Object.entries({ WALK, HUGE }).flatMap(([symbol, text]) => {
      const known = rowsOf(text).filter(({ time }) => time < to);
      const all = tradesOf(symbol, known);
      const fresh = all.filter(({ entryTime }) => entryTime >= from);
      // Nothing is open when the window begins.
      expect(all.some((trade) => trade.entryTime < from && trade.exitTime >= from)).toBe(false);
      return fresh;
    });
    expect(expected.length).toBeGreaterThan(5);
    expectSame(result.trades, expected);
  });
});

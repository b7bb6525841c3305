import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAdx } from '../../src/indicators/adx.ts';
import { createAtr, createAtrMean } from '../../src/indicators/atr.ts';
import { createBollingerBands } from '../../src/indicators/bollinger-bands.ts';
import type { Indicator } from '../../src/indicators/indicator.ts';
import { createMacd } from '../../src/indicators/macd.ts';
import { createRsi } from '../../src/indicators/rsi.ts';
import { createSma } from '../../src/indicators/sma.ts';
import { createVolumeMean } from '../../src/indicators/volume-mean.ts';
import { INDICATORS } from './catalogue.ts';
import { isKept, REFERENCE_MARKETS } from './library-values/markets.ts';

/** What TA-Lib or Tulip said: the script that asked them is library-values/make.ts. */
interface LibraryLine {
  readonly market: keyof typeof REFERENCE_MARKETS;
  readonly library: string;
  readonly indicator: string;
  readonly firstRow: number;
  readonly values: ReadonlyMap<number, number>;
}

function readLines(): LibraryLine[] {
  const file = new URL('library-values/values.csv', import.meta.url);
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [market = '', library = '', indicator = '', firstRow = '', ...cells] = line.split(';');
    const name = market as LibraryLine['market'];
    const rows = REFERENCE_MARKETS[name].map((_, row) => row).filter(isKept);
    const values = new Map<number, number>();
    cells.forEach((cell, index) => cell !== '' && values.set(rows[index] ?? NaN, Number(cell)));
    return { market: name, library, indicator, firstRow: Number(firstRow), values };
  });
}

/** What a difference is measured by: an index runs from 0 to 100, the others have the size of prices or volumes. */
const SIZE = { price: 1, index: 100, volume: 1_000 } as const;

interface Own {
  readonly unit: keyof typeof SIZE;
  /** The indicator, and the same with a period that is one too long. */
  readonly create: (more: number) => Indicator<unknown>;
  readonly part?: string;
}

const bands = (period: number, deviations: number, part: string): Own => ({
  unit: 'price',
  create: (more) => createBollingerBands(period + more, deviations),
  part,
});
const macd = (periods: readonly [number, number, number], part: string): Own => ({
  unit: 'price',
  create: (more) => createMacd(periods[0], periods[1] + more, periods[2]),
  part,
});
const sma = (period: number): Own => ({
  unit: 'price',
  create: (more) => createSma(period + more),
});

const OWN: Readonly<Record<string, Own>> = {
  'SMA 1': sma(1),
  'SMA 20': sma(20),
  'SMA 50': sma(50),
  'SMA 200': sma(200),
  'volume mean 20': { unit: 'volume', create: (more) => createVolumeMean(20 + more) },
  'RSI 14': { unit: 'index', create: (more) => createRsi(14 + more) },
  'RSI 2': { unit: 'index', create: (more) => createRsi(2 + more) },
  'ATR 14': { unit: 'price', create: (more) => createAtr(14 + more) },
  'ATR 14 with its mean of 20 mean': {
    unit: 'price',
    create: (more) => createAtrMean(14 + more),
    part: 'mean',
  },
  'ADX 14': { unit: 'index', create: (more) => createAdx(14 + more) },
  'Bollinger Bands 20, 2 lower': bands(20, 2, 'lower'),
  'Bollinger Bands 20, 2 middle': bands(20, 2, 'middle'),
  'Bollinger Bands 20, 2 upper': bands(20, 2, 'upper'),
  'Bollinger Bands 7, 2.5 lower': bands(7, 2.5, 'lower'),
  'Bollinger Bands 7, 2.5 upper': bands(7, 2.5, 'upper'),
  'MACD 12/26/9 macd': macd([12, 26, 9], 'macd'),
  'MACD 12/26/9 signal': macd([12, 26, 9], 'signal'),
  'MACD 12/26/9 histogram': macd([12, 26, 9], 'histogram'),
  'MACD 3/5/2 macd': macd([3, 5, 2], 'macd'),
  'MACD 3/5/2 signal': macd([3, 5, 2], 'signal'),
};

/** Relative to `SIZE`. The libraries keep running sums of squares for the bands, which costs them some digits. */
const TOLERANCE = 1e-9;

/** Where a library starts from other values than Vigil does, and from which row on the difference is below the tolerance. */
const FADES: Readonly<Record<string, { readonly from: number; readonly why: string }>> = {
  'TA-Lib MACD 12/26/9': { from: 290, why: 'its averages start from the mean of a period' },
  'TA-Lib MACD 3/5/2': { from: 87, why: 'its averages start from the mean of a period' },
  'Tulip ATR 14': { from: 290, why: 'it counts a range for the first candle, from high to low' },
  'TA-Lib ADX 14': { from: 406, why: 'its Wilder sums start from one candle less' },
  'Tulip ADX 14': { from: 406, why: 'its Wilder sums start from one candle less' },
};

/** What a library means by another rule. */
const OTHER_RULES: Readonly<Record<string, string>> = {
  'coarse ticks Tulip ADX 14': 'counts a candle that reaches as far up as down for both sides',
};

const lines = readLines().filter(
  ({ market, library, indicator }) => !(`${market} ${library} ${indicator}` in OTHER_RULES),
);

const fadeOf = ({ library, indicator }: LibraryLine) =>
  Object.entries(FADES).find(([name]) => `${library} ${indicator}`.startsWith(name))?.[1];

/** By how many rows a library has a value before Vigil: Tulip counts one range more and shows a MACD whose signal is not warm. */
function earlyBy({ library, indicator }: LibraryLine): number {
  if (library !== 'Tulip') return 0;
  if (indicator.startsWith('MACD')) return indicator.includes('12/26/9') ? 8 : 1;
  return indicator === 'ATR 14' || indicator === 'ADX 14' ? 1 : 0;
}

/** Greatest difference from the library's values in the rows from `from` on that both know, in parts of `SIZE`. */
function difference(line: LibraryLine, more: number, from: number) {
  const own = OWN[line.indicator];
  if (own === undefined) throw new Error(`Vigil has no ${line.indicator}`);
  const indicator = own.create(more);
  let most = 0;
  let compared = 0;
  let first: number | undefined;
  for (const [row, candle] of REFERENCE_MARKETS[line.market].entries()) {
    indicator.update(candle);
    const value = indicator.value();
    if (value !== undefined) first ??= row;
    const wanted = line.values.get(row);
    if (value === undefined || wanted === undefined || row < from) continue;
    const number = own.part === undefined ? value : Reflect.get(Object(value), own.part);
    const size = own.unit === 'price' ? candle.close : SIZE[own.unit];
    most = Math.max(most, Math.abs(Number(number) - wanted) / size);
    compared += 1;
  }
  return { most, compared, first };
}

describe.each(lines)('$indicator over the $market market is what $library says', (line) => {
  const fade = fadeOf(line);

  it(
    fade === undefined ? 'from the first value on' : `from row ${fade.from} on: ${fade.why}`,
    () => {
      const { most, compared, first } = difference(line, 0, fade?.from ?? 0);
      expect(most).toBeLessThan(TOLERANCE);
      expect(compared).toBeGreaterThan(line.indicator === 'SMA 200' ? 9 : 2);
      expect((first ?? NaN) - line.firstRow).toBe(earlyBy(line));
    },
  );

  it('and not with a period that is one longer', () => {
    expect(difference(line, 1, fade?.from ?? 0).most).toBeGreaterThan(1_000 * TOLERANCE);
  });
});

it.each(INDICATORS)('$name was asked of a library', ({ name }) => {
  expect(lines.some(({ indicator }) => indicator.startsWith(name))).toBe(true);
});

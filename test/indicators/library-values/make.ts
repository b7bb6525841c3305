/**
 * Makes values.csv beside it: what TA-Lib and Tulip Indicators say of the reference markets. They are native add-ons, too much for
 * a dependency that only this script needs, so they are taken from a folder of one's own:
 *
 *   mkdir /tmp/ref && cd /tmp/ref && npm init -y && npm install talib@1.1.6 tulind@0.8.20
 *   node --import tsx test/indicators/library-values/make.ts /tmp/ref
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Candle } from '../../../src/domain/candle.ts';
import { isKept, REFERENCE_MARKETS } from './markets.ts';

/** One value a candle from row `first` on. */
interface Line {
  readonly first: number;
  readonly values: readonly number[];
}

interface TaLib {
  execute(request: Readonly<Record<string, unknown>>): {
    readonly begIndex: number;
    readonly result: Readonly<Record<string, readonly number[]>>;
  };
}

interface TulipIndicator {
  start(options: readonly number[]): number;
  indicator(
    inputs: readonly (readonly number[])[],
    options: readonly number[],
    done: (error: Error | null, outputs: readonly (readonly number[])[]) => void,
  ): void;
}
interface Tulip {
  readonly indicators: Readonly<Record<string, TulipIndicator>>;
}

const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('name the folder in which talib and tulind are installed');
const load = createRequire(`${resolve(folder)}/`);
const taLib = load('talib') as TaLib;
const tulip = load('tulind') as Tulip;

function ask(name: string, request: Readonly<Record<string, unknown>>, rows: number): Line[] {
  const { begIndex, result } = taLib.execute({ name, startIdx: 0, endIdx: rows - 1, ...request });
  return Object.values(result).map((values) => ({ first: begIndex, values }));
}

const columnsOf = (candles: readonly Candle[]) => ({
  open: candles.map((each) => each.open),
  high: candles.map((each) => each.high),
  low: candles.map((each) => each.low),
  close: candles.map((each) => each.close),
  volume: candles.map((each) => each.volume),
});

type Named = Record<string, Line | undefined>;

function taLibValues(candles: readonly Candle[]): Named {
  const { high, low, close, volume } = columnsOf(candles);
  const rows = candles.length;
  const mean = (inReal: readonly number[], optInTimePeriod: number): Line | undefined =>
    ask('SMA', { inReal, optInTimePeriod }, inReal.length)[0];
  const overPrices = (name: string, optInTimePeriod: number): Line | undefined =>
    ask(name, { high, low, close, optInTimePeriod }, rows)[0];
  const rsi = (optInTimePeriod: number): Line | undefined =>
    ask('RSI', { inReal: close, optInTimePeriod }, rows)[0];
  const bands = (optInTimePeriod: number, deviations: number): Line[] => {
    const reach = { optInNbDevUp: deviations, optInNbDevDn: deviations, optInMAType: 0 };
    return ask('BBANDS', { inReal: close, optInTimePeriod, ...reach }, rows);
  };
  const macd = (fast: number, slow: number, signal: number): Line[] => {
    const periods = { optInFastPeriod: fast, optInSlowPeriod: slow, optInSignalPeriod: signal };
    return ask('MACD', { inReal: close, ...periods }, rows);
  };
  const [upper, middle, lower] = bands(20, 2);
  const [upper7, , lower7] = bands(7, 2.5);
  const [line, signal, histogram] = macd(12, 26, 9);
  const [line3, signal3] = macd(3, 5, 2);
  const atr = overPrices('ATR', 14);
  const atrMean = mean(atr?.values ?? [], 20);
  return {
    'SMA 20': mean(close, 20),
    'SMA 50': mean(close, 50),
    'SMA 200': mean(close, 200),
    'volume mean 20': mean(volume, 20),
    'RSI 14': rsi(14),
    'RSI 2': rsi(2),
    'ATR 14': atr,
    'ATR 14 with its mean of 20 mean': atrMean && {
      ...atrMean,
      first: atrMean.first + (atr?.first ?? NaN),
    },
    'ADX 14': overPrices('ADX', 14),
    'Bollinger Bands 20, 2 lower': lower,
    'Bollinger Bands 20, 2 middle': middle,
    'Bollinger Bands 20, 2 upper': upper,
    'Bollinger Bands 7, 2.5 lower': lower7,
    'Bollinger Bands 7, 2.5 upper': upper7,
    'MACD 12/26/9 macd': line,
    'MACD 12/26/9 signal': signal,
    'MACD 12/26/9 histogram': histogram,
    'MACD 3/5/2 macd': line3,
    'MACD 3/5/2 signal': signal3,
  };
}

function tulipValues(candles: readonly Candle[]): Named {
  const { high, low, close, volume } = columnsOf(candles);
  const run = (name: string, inputs: readonly number[][], options: readonly number[]): Line[] => {
    const found = tulip.indicators[name];
    const lines: Line[] = [];
    // It answers before it returns.
    found?.indicator(inputs, options, (error, outputs) => {
      if (error !== null) throw error;
      lines.push(...outputs.map((values) => ({ first: found.start(options), values })));
    });
    return lines;
  };
  const [lower, middle, upper] = run('bbands', [close], [20, 2]);
  const [lower7, , upper7] = run('bbands', [close], [7, 2.5]);
  // Its own MACD 12/26 uses the rounded weights 0.15 and 0.075, so that one is built from its averages.
  const average = (input: readonly number[], period: number): readonly number[] =>
    run('ema', [[...input]], [period])[0]?.values ?? [];
  const [fast, slow] = [average(close, 12), average(close, 26)];
  const macd = slow.slice(25).map((each, row) => (fast[row + 25] ?? NaN) - each);
  const signal = average(macd, 9);
  const [line3, signal3] = run('macd', [close], [3, 5, 2]);
  return {
    'SMA 1': run('sma', [close], [1])[0],
    'SMA 20': run('sma', [close], [20])[0],
    'SMA 50': run('sma', [close], [50])[0],
    'SMA 200': run('sma', [close], [200])[0],
    'volume mean 20': run('sma', [volume], [20])[0],
    'RSI 14': run('rsi', [close], [14])[0],
    'RSI 2': run('rsi', [close], [2])[0],
    'ATR 14': run('atr', [high, low, close], [14])[0],
    'ADX 14': run('adx', [high, low, close], [14])[0],
    'Bollinger Bands 20, 2 lower': lower,
    'Bollinger Bands 20, 2 middle': middle,
    'Bollinger Bands 20, 2 upper': upper,
    'Bollinger Bands 7, 2.5 lower': lower7,
    'Bollinger Bands 7, 2.5 upper': upper7,
    'MACD 12/26/9 macd': { first: 25, values: macd },
    'MACD 12/26/9 signal': { first: 25, values: signal },
    'MACD 3/5/2 macd': line3,
    'MACD 3/5/2 signal': signal3,
  };
}

/** Twelve digits, without zeros at the end. */
const shortText = (value: number | undefined): string =>
  value === undefined ? '' : `${Number(value.toPrecision(12))}`;

/** One line a market, library and indicator: its first row, then the values of the kept rows, empty where there is none. */
const lines = Object.entries(REFERENCE_MARKETS).flatMap(([market, candles]) => {
  const kept = candles.map((_, row) => row).filter(isKept);
  const libraries = { 'TA-Lib': taLibValues(candles), Tulip: tulipValues(candles) };
  return Object.entries(libraries).flatMap(([library, indicators]) =>
    Object.entries(indicators).map(([name, line]) => {
      if (line === undefined) throw new Error(`${library} has no ${name}`);
      const values = kept.map((row) => shortText(line.values[row - line.first]));
      return [market, library, name, line.first, ...values].join(';');
    }),
  );
});
const head =
  'market;library;indicator;first row;values of the kept rows. Made by make.ts, do not edit';
writeFileSync(new URL('values.csv', import.meta.url), `${[head, ...lines].join('\n')}\n`);

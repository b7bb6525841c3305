import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restInterval } from '../../../../src/simulator/venue/market/interval.ts';
import { replayMarket } from '../../../../src/simulator/venue/market/replay-source.ts';
import {
  asList,
  HOUR,
  recording,
  START,
  TestClient,
  testVenue,
  type CandleLine,
} from '../venue-client.ts';
import { recordedFolder } from '../../../backtest/recorded-data.ts';

const RECORDED = recordedFolder('perps-1h-2025-10');
const H = (n: number): number => START + n * HOUR;
const four = restInterval('4h');

function rows(hours: readonly number[]): CandleLine[] {
  return hours.map((n) => [H(n), 10 + n / 100, 11 + n / 100, 9 + n / 100, 10.5 + n / 100, 1_000]);
}

describe('a replay', () => {
  it('drops the last row of a file, which may have been forming', () => {
    const dir = recording({ AAAUSDT: rows([0, 1, 2, 3]) });
    const { market, end } = replayMarket({ dir });
    expect(end).toBe(H(3));
    expect(market.last(0, H(2) + HOUR - 1)).toBe(1052);
    expect(market.last(0, H(3) + HOUR)).toBe(1052);
  });

  it('keeps gaps: no candle there, the price stays, longer candles are made of what there is', () => {
    const dir = recording({ AAAUSDT: rows([0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12]) });
    const { market } = replayMarket({ dir });
    expect(market.span(0, H(5), H(7))).toBeUndefined();
    expect(market.last(0, H(6))).toBe(1054);
    if (four === undefined) throw new Error('no interval');
    const candles = market.candles(0, { interval: four, limit: 10, now: H(12) });
    expect(candles.map((one) => one.time)).toEqual([H(0), H(4), H(8)]);
    expect(candles[1]).toMatchObject({
      open: 1004,
      close: 1057,
      high: 1107,
      low: 904,
      baseVolume: 2_000,
    });
  });

  it('has no candles shorter than the recording', () => {
    const { market } = replayMarket({ dir: recording({ AAAUSDT: rows([0, 1, 2, 3]) }) });
    const minute = restInterval('15m');
    if (minute === undefined) throw new Error('no interval');
    expect(market.candles(0, { interval: minute, limit: 10, now: H(3) })).toEqual([]);
  });

  it('goes open, low, high, close in an up candle', () => {
    const { market } = replayMarket({ dir: recording({ AAAUSDT: rows([0, 1, 2]) }) });
    const path = market.path(0, { from: H(0), to: H(1) - 1 });
    expect(path.map((point) => point.ticks)).toEqual([900, 1100, 1050]);
  });

  it('marks the step into the next open as a jump when the prices differ', () => {
    const { market } = replayMarket({ dir: recording({ AAAUSDT: rows([0, 1, 2]) }) });
    expect(market.path(0, { from: H(1) - 1, to: H(1) })).toEqual([
      { time: H(1), ticks: 1001, jump: true },
    ]);
  });

  it('serves candles before its start as history, and nothing after the present', async () => {
    const dir = recording({ AAAUSDT: rows([0, 1, 2, 3, 4, 5, 6]) });
    const one = new TestClient(await testVenue({ market: { kind: 'replay', dir, from: H(4) } }));
    const list = asList(
      (await one.public('market/kline', { symbol: 'AAAUSDT', interval: '1h' })).data,
    );
    expect(list.map((row) => row['time'])).toEqual([3, 2, 1, 0].map((n) => String(H(n))));
    expect(list[0]).toMatchObject({
      open: '10.03',
      high: '11.03',
      low: '9.03',
      close: '10.53',
      baseVol: '1000',
    });
  });

  const HEAD = 'time,open,high,low,close,volume';
  const row = (time: number | string, rest = '10,11,9,10.5,7'): string => `${time},${rest}`;
  const hours = (count: number, by = 0): string[] =>
    Array.from({ length: count }, (_, n) => row(H(n) + by));
  /** A folder with these texts. */
  function folder(files: Readonly<Record<string, string>>): string {
    const dir = recording({});
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    return dir;
  }
  const text = (...lines: readonly string[]): string => [HEAD, ...lines].join('\n');

  it('reads columns in any order, capitals, a byte order mark, CRLF and exponents', () => {
    const lines = [
      'Volume,Low,High,Close,Open,TIME',
      ...[0, 1, 2].map((n) => `7,2.1e-5,2.4e-5,0.000022,2.30e-5,${H(n)}`),
    ];
    const { market } = replayMarket({
      dir: folder({ 'aaausdt.csv': `\uFEFF${lines.join('\r\n')}\r\n` }),
    });
    expect(market.instruments[0]).toMatchObject({ symbol: 'AAAUSDT', quotePrecision: 6 });
    expect(market.span(0, H(0), H(1))).toMatchObject({
      open: 23,
      high: 24,
      low: 21,
      close: 22,
      baseVolume: 7,
    });
  });

  it.each([
    [
      'ends of candles',
      { 'AAAUSDT.csv': text(...hours(5, HOUR - 1)) },
      'AAAUSDT has a candle of 3600 s at 2026-01-01T00:59:59.999Z',
    ],
    ['a millisecond too much', { 'AAAUSDT.csv': text(...hours(5, 1)) }, 'where none opens'],
    ['half an hour too much', { 'AAAUSDT.csv': text(...hours(5, HOUR / 2)) }, 'where none opens'],
    [
      'seconds',
      { 'AAAUSDT.csv': text(row(H(0) / 1_000)) },
      `line 2: "${H(0) / 1_000}" is not a time in Unix milliseconds`,
    ],
    [
      'microseconds',
      { 'AAAUSDT.csv': text(row(H(0) * 1_000)) },
      'is not a time in Unix milliseconds',
    ],
    [
      'dates',
      { 'AAAUSDT.csv': text(row('2025-01-01 00:00:00')) },
      '"2025-01-01 00:00:00" is not a time',
    ],
    [
      'newest first',
      { 'AAAUSDT.csv': text(...hours(5).toReversed()) },
      'line 3: its time is not later than that before it',
    ],
    ['a time twice', { 'AAAUSDT.csv': text(row(H(0)), row(H(0))) }, 'its time is not later'],
    [
      'no line of names',
      { 'AAAUSDT.csv': hours(5).join('\n') },
      'line 1: it names no time, open, high, low, close, volume',
    ],
    ['semicolons', { 'AAAUSDT.csv': text(...hours(5)).replaceAll(',', ';') }, 'it names no time'],
    [
      'another name of the time',
      { 'AAAUSDT.csv': text(...hours(5)).replace('time', 'open_time') },
      'it names no time',
    ],
    [
      'a word',
      { 'AAAUSDT.csv': text(row(H(0), '10,11,9,null,7')) },
      'close NaN, volume 7 are not a candle',
    ],
    [
      'an open above the high',
      { 'AAAUSDT.csv': text(row(H(0), '12,11,9,10,7')) },
      'are not a candle',
    ],
    [
      'a close below the low',
      { 'AAAUSDT.csv': text(row(H(0), '10,11,9,8,7')) },
      'are not a candle',
    ],
    ['a price of zero', { 'AAAUSDT.csv': text(row(H(0), '0,11,0,8,7')) }, 'are not a candle'],
    [
      'a cell too many',
      { 'AAAUSDT.csv': text(row(H(0), '10,11,9,10,7,1')) },
      '7 fields, expected 6',
    ],
    [
      'a month in the name',
      { 'AAAUSDT-1h-2021-09.csv': text(...hours(5)) },
      'AAAUSDT-1h-2021-09.csv: the name tells no contract; a replay plays files SYMBOL.csv.gz whose first line names time,open',
    ],
    [
      'one contract twice',
      { 'AAAUSDT.csv': text(...hours(5)), 'aaausdt.csv': text(...hours(5)) },
      'AAAUSDT.csv and aaausdt.csv are both of AAAUSDT; keep one',
    ],
    [
      'two lengths',
      {
        'AAAUSDT.csv': text(...hours(9)),
        'BBBUSDT.csv': text(...[0, 4, 8, 12].map((n) => row(H(n)))),
      },
      'BBBUSDT has candles of 14400 s, another contract of 3600 s',
    ],
  ])('refuses %s, and says what it plays', (_what, files, says) => {
    expect(() => replayMarket({ dir: folder(files) })).toThrow(says);
  });

  it('names the folder when there is nothing in it', () => {
    expect(() => replayMarket({ dir: recording({}) })).toThrow(
      /expected files like BTCUSDT\.csv\.gz/,
    );
  });

  it('of a whole exchange lists every recorded symbol', (context) => {
    if (RECORDED === undefined) {
      return context.skip('no recorded data: set VIGIL_DATA to its folder');
    }
    const { market } = replayMarket({ dir: RECORDED });
    expect(market.instruments).toHaveLength(readdirSync(RECORDED).length);
    const btc = market.indexOf('BTCUSDT') ?? -1;
    expect(market.instruments[btc]).toMatchObject({ quotePrecision: 1, basePrecision: 4 });
  });
});

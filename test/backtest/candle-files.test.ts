/** Equal candles, however they are written: in every usual format, order and division into files. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candleAt } from '../../src/backtest/candles/candle-columns.ts';
import { isCandleFile, readFileName } from '../../src/backtest/files/candle-file-name.ts';
import { parseCandles, type CandleFile } from '../../src/backtest/files/csv.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { walk } from '../indicators/market.ts';

const T0 = Date.UTC(2021, 8, 1);
const rounded = (value: number): number => Number(value.toFixed(2));
const CANDLES: readonly Candle[] = walk({ seed: 3, count: 60 }).map((each, index) => ({
  openTime: T0 + index * HOUR,
  open: rounded(each.open),
  high: rounded(each.high),
  low: rounded(each.low),
  close: rounded(each.close),
  volume: rounded(each.volume),
}));

const file = (name: string, text: string): CandleFile => {
  const said = readFileName(name);
  if (typeof said === 'string') throw new Error(said);
  return { file: name, text, isJson: name.includes('.json'), ...said, namedMs: said.stepMs };
};
const read = (name: string, text: string) => parseCandles([file(name, text)], 'left-out');
const candlesOf = ({ columns }: ReturnType<typeof read>): Candle[] =>
  Array.from({ length: columns.length }, (_, row) => candleAt(columns, row));

const iso = (time: number): string => new Date(time).toISOString();
type Cell = string | number;
type Write = (candle: Candle) => readonly Cell[];
const prices = ({ open, high, low, close }: Candle): readonly Cell[] => [open, high, low, close];
const lines = (write: Write, candles = CANDLES, separator = ','): string =>
  candles.map((each) => write(each).join(separator)).join('\n');
const own: Write = (each) => [each.openTime, ...prices(each), each.volume];
const HEAD = 'time,open,high,low,close,volume';
const withHead = (write: Write): string => `${HEAD}\n${lines(write)}`;

const BINANCE_HEAD =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';
const binance =
  (scale: number): Write =>
  (each) => [
    each.openTime * scale,
    ...prices(each),
    each.volume,
    (each.openTime + HOUR) * scale - 1,
    rounded(each.volume * each.close),
    9,
    1,
    2,
    0,
  ];
const CDD = 'https://www.CryptoDataDownload.com';
const cdd =
  (scale: number): Write =>
  (each) => [
    each.openTime / scale,
    iso(each.openTime).slice(0, 19).replace('T', ' '),
    'BTC/USDT',
    ...prices(each),
    each.volume,
    rounded(each.volume * each.close),
    7,
  ];
const CDD_HEAD = 'unix,date,symbol,open,high,low,close,Volume BTC,Volume USDT,tradecount';
const NEWEST_FIRST = CANDLES.toReversed();
const comma = (cell: Cell): Cell => String(cell).replace('.', ',');

/** Name of the file, text, and what must be said of it. */
const FORMATS: readonly (readonly [what: string, name: string, text: string, said: string])[] = [
  [
    'its own',
    'BTCUSDT.csv',
    withHead(own),
    'time from "time", times in milliseconds, candles of 1h',
  ],
  [
    'Binance without names',
    'BTCUSDT-1h-2021-09.csv',
    lines(binance(1)),
    'Binance klines without a line of names',
  ],
  [
    'Binance in microseconds',
    'BTCUSDT-1h-2021-09.csv',
    lines(binance(1_000)),
    'times in microseconds',
  ],
  [
    'Binance with names',
    'BTCUSDT-1h-2021-09-01.csv',
    `${BINANCE_HEAD}\n${lines(binance(1))}`,
    'volume in the base coin from "volume", not "quote_volume", times in milliseconds',
  ],
  [
    'CryptoDataDownload in seconds',
    'Binance_BTCUSDT_1h.csv',
    `${CDD}\n${CDD_HEAD}\n${lines(cdd(1_000), NEWEST_FIRST)}\n`,
    `"${CDD}" passed over, time from "unix", volume in the base coin from "Volume BTC", not "Volume USDT", times in seconds, newest first, candles of 1h`,
  ],
  [
    'CryptoDataDownload in milliseconds',
    'Binance_BTCUSDT_2021_1h.csv',
    `${CDD}\n${CDD_HEAD}\n${lines(cdd(1), NEWEST_FIRST)}`,
    'times in milliseconds, newest first',
  ],
  [
    'TradingView in seconds',
    'BINANCE_BTCUSDT, 60.csv',
    `time,open,high,low,close,Volume\n${lines((each) => [each.openTime / 1_000, ...prices(each), each.volume])}`,
    'times in seconds',
  ],
  [
    'TradingView with a zone',
    'BINANCE_BTCUSDT.P, 60 (1).csv',
    `time,open,high,low,close,Volume\n${lines((each) => [`${iso(each.openTime + 2 * HOUR).slice(0, 19)}+02:00`, ...prices(each), each.volume])}`,
    'times in dates, candles',
  ],
  [
    'TradingView with Z',
    'BITSTAMP_BTCUSDT, 1h.csv',
    `time,open,high,low,close,Volume\n${lines((each) => [iso(each.openTime), ...prices(each), each.volume])}`,
    'times in dates, candles',
  ],
  [
    'dates without a zone',
    'BTCUSDT.csv',
    withHead((each) => [
      iso(each.openTime).slice(0, 19).replace('T', ' '),
      ...prices(each),
      each.volume,
    ]),
    'times in dates without a zone, read as UTC',
  ],
  [
    'dates to the minute in a zone behind',
    'BTCUSDT.csv',
    withHead((each) => [
      `${iso(each.openTime - 5.5 * HOUR)
        .slice(0, 16)
        .replace('T', ' ')} -0530`,
      ...prices(each),
      each.volume,
    ]),
    'times in dates, candles',
  ],
  [
    'freqtrade futures',
    'BTC_USDT_USDT-1h-futures.json',
    JSON.stringify(CANDLES.map(own)),
    'a list of [time, open, high, low, close, volume]',
  ],
  ['freqtrade spot', 'BTC_USDT-1h.json', JSON.stringify(CANDLES.map(own)), 'times in milliseconds'],
  [
    'semicolons and decimal commas',
    'BTCUSDT.csv',
    `${HEAD.replaceAll(',', ';')}\n${lines((each) => own(each).map(comma), CANDLES, ';')}`,
    'cells between semicolons, times in milliseconds, decimal commas',
  ],
  [
    'semicolons and decimal points',
    'BTCUSDT.csv',
    `${HEAD.replaceAll(',', ';')}\n${lines(own, CANDLES, ';')}`,
    'cells between semicolons, times in milliseconds, candles',
  ],
  [
    'tabs',
    'BTCUSDT.csv',
    `${HEAD.replaceAll(',', '\t')}\n${lines(own, CANDLES, '\t')}`,
    'cells between tabs',
  ],
  [
    'quotes, a byte order mark and CRLF',
    'BTCUSDT.csv',
    `\uFEFF"time","open","high","low","close","volume"\r\n${lines((each) => own(each).map((cell) => `"${cell}"`)).replaceAll('\n', '\r\n')}\r\n`,
    'times in milliseconds',
  ],
  [
    'ends to the millisecond',
    'BTCUSDT.csv',
    withHead((each) => [each.openTime + HOUR - 1, ...prices(each), each.volume]),
    'its times are the ends of the candles, the opens were worked out',
  ],
  [
    'ends to the second',
    'BTCUSDT.csv',
    withHead((each) => [iso(each.openTime + HOUR - 1_000), ...prices(each), each.volume]),
    'its times are the ends of the candles',
  ],
  [
    'ends to the microsecond',
    'BTCUSDT.csv',
    withHead((each) => [(each.openTime + HOUR) * 1_000 - 1, ...prices(each), each.volume]),
    'its times are the ends of the candles',
  ],
  [
    'ends by name',
    'BTCUSDT.csv',
    `close_time,open,high,low,close,volume\n${lines((each) => [each.openTime + HOUR, ...prices(each), each.volume])}`,
    'its times are the ends of the candles',
  ],
  [
    'exponents and needless zeros',
    'BTCUSDT.csv',
    withHead((each) => [
      `${each.openTime}.0`,
      each.open.toExponential(),
      `0${each.high}`,
      each.low.toFixed(9),
      `${(each.close * 100).toFixed(0)}e-2`,
      each.volume,
    ]),
    'times in milliseconds',
  ],
];

describe('equal candles', () => {
  const plain = read('BTCUSDT.csv', withHead(own));

  it.each(FORMATS)('are read in the format %s', (_what, name, text, said) => {
    const found = read(name, text);
    expect(readFileName(name)).toMatchObject({ symbol: 'BTCUSDT' });
    expect(found.faults).toEqual([]);
    expect(candlesOf(found)).toEqual(CANDLES);
    expect(found.priceDecimals).toBe(plain.priceDecimals);
    expect(found.understood).toContain(said);
  });

  it.each([12, 60])('say of %i rows in no order that they are in none', (count) => {
    const some = CANDLES.slice(0, count);
    const key = (each: Candle): number => (((each.openTime - T0) / HOUR) * 29) % 61;
    const shuffled = some.toSorted((one, other) => key(one) - key(other));
    for (const rows of [shuffled, shuffled.toReversed()]) {
      const { understood } = parseCandles([writtenAs('own', rows, 0)], 'left-out');
      expect(understood).toContain('rows in no order');
      expect(understood).not.toContain('newest first');
    }
  });

  it('are the same in any order and any division into overlapping files, each in a format of its own', () => {
    const part = fc.record({
      from: fc.nat({ max: 59 }),
      count: fc.integer({ min: 8, max: 30 }),
      format: fc.constantFrom('own', 'seconds', 'dates', 'binance', 'json', 'commas'),
      order: fc.constantFrom('oldest', 'newest', 'mixed'),
    });
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 4 }),
        fc.array(fc.nat(), { minLength: 90, maxLength: 90 }),
        (parts, keys) => {
          // Whatever the parts leave out, a whole file adds.
          const all = [{ from: 0, count: 60, format: 'own', order: 'mixed' }, ...parts];
          const files = all.map(({ from, count, format, order }, index) => {
            const chosen = CANDLES.slice(
              Math.min(from, 60 - count),
              Math.min(from, 60 - count) + count,
            );
            const key = (each: Candle): number => keys[(each.openTime - T0) / HOUR + index] ?? 0;
            const mixed = chosen.toSorted((one, other) => key(one) - key(other));
            const rows = { oldest: chosen, newest: chosen.toReversed(), mixed }[order] ?? [];
            return writtenAs(format, rows, index);
          });
          const found = parseCandles(files, 'left-out');
          expect(candlesOf(found)).toEqual(CANDLES);
          expect(found.faults).toEqual([]);
          expect(found.priceDecimals).toBe(plain.priceDecimals);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('need as many decimals as their prices, however they are written', () => {
    const row = (close: string): string => `${HEAD}\n${T0},1,2,1,${close},7`;
    const decimals = (close: string): number => read('BTCUSDT.csv', row(close)).priceDecimals;
    expect(['1.5', '1.50', '15e-1', '1.500e0', '2', '2.0'].map(decimals)).toEqual([
      1, 1, 1, 1, 0, 0,
    ]);
    expect(['1.00002', '1.0000200', '100002e-5'].map(decimals)).toEqual([5, 5, 5]);
    const small = `${HEAD}\n${T0},2.3e-05,2.42e-05,2.3e-05,2.3e-05,7`;
    expect(read('BTCUSDT.csv', small).priceDecimals).toBe(7);
  });

  it('have the volume of the column that names the coin, also beside a plain one', () => {
    const head = 'time,open,high,low,close,volume,Volume BTC';
    const found = read('BTCUSDT.csv', `${head}\n${T0},1,2,1,2,70,7`);
    expect(candlesOf(found)[0]?.volume).toBe(7);
    expect(found.understood).toContain('volume in the base coin from "Volume BTC", not "volume"');
  });

  it('may have decimal commas before three digits where another number tells what they are', () => {
    const head = HEAD.replaceAll(',', ';');
    const found = read('BTCUSDT.csv', `${head}\n${T0};1,234;1,5;1,000;1,234;7`);
    expect(candlesOf(found)[0]).toMatchObject({ open: 1.234, high: 1.5, low: 1, close: 1.234 });
  });

  function writtenAs(format: string, rows: readonly Candle[], index: number): CandleFile {
    const of = (text: string, isJson = false): CandleFile => ({ file: `${index}`, text, isJson });
    const time = (write: (at: number) => Cell): string =>
      `${HEAD}\n${lines((each) => [write(each.openTime), ...prices(each), each.volume], rows)}`;
    if (format === 'seconds') return of(time((at) => at / 1_000));
    if (format === 'dates') return of(time(iso));
    if (format === 'binance') return of(lines(binance(1_000), rows));
    if (format === 'json') return of(JSON.stringify(rows.map(own)), true);
    if (format === 'commas')
      return of(
        `${HEAD.replaceAll(',', ';')}\n${lines((each) => own(each).map(comma), rows, ';')}`,
      );
    return of(time((at) => at));
  }
});

describe('candles that would be misread are refused', () => {
  const moved = (by: number): string =>
    withHead((each) => [each.openTime + by, ...prices(each), each.volume]);

  it.each([1, 2, 999, 1_001, MINUTE, 30 * MINUTE, HOUR - 1_001, HOUR - 999, HOUR - 2])(
    'with times %d ms past the hour',
    (by) => {
      expect(() => read('BTCUSDT.csv', moved(by))).toThrow(
        'its candles of 1h do not open on a whole 1h: the first is of 2021-09-0',
      );
    },
  );

  it.each([
    [
      'another length than the name says',
      'BTCUSDT-15m-2021-09.csv',
      withHead(own),
      'its name says candles of 15m, but its rows lie 1h apart',
    ],
    [
      'rows of another contract',
      'Binance_ETHUSDT_1h.csv',
      `${CDD_HEAD}\n${lines(cdd(1))}`,
      'its rows are of BTCUSDT, its name says ETHUSDT',
    ],
    [
      'rows of several contracts',
      'BTCUSDT.csv',
      `${CDD_HEAD}\n${lines(cdd(1)).replace('BTC/', 'ETH/')}`,
      'it holds several contracts: ETHUSDT, BTCUSDT',
    ],
    [
      'the volume in the quote alone',
      'BTCUSDT.csv',
      withHead(own).replace('volume', 'Volume USDT'),
      'the volume in the quote currency does not do',
    ],
    [
      'two volumes of coins',
      'BTCUSDT.csv',
      `time,open,high,low,close,Volume LTC,Volume ETH\n${lines((each) => [...own(each), 1])}`,
      'may both be the volume in the base coin',
    ],
    [
      'numbers without names that are no Binance klines',
      'BTCUSDT.csv',
      lines((each) => binance(1)(each).slice(0, 11)),
      'names no time, open, high, low, close, volume',
    ],
    [
      'a column twice',
      'BTCUSDT.csv',
      `time,open,high,low,close,close,volume\n${lines((each) => [...own(each), 1])}`,
      'names close more than once',
    ],
    [
      'points and commas',
      'BTCUSDT.csv',
      `${HEAD.replaceAll(',', ';')}\n${T0};1,5;2,5;1,5;2.5;7`,
      'which of them is the decimal mark cannot be told',
    ],
    [
      'commas that may part thousands',
      'BTCUSDT.csv',
      `${HEAD.replaceAll(',', ';')}\n${T0};60,000;61,000;59,000;60,500;7`,
      'may mean a decimal comma or thousands',
    ],
    [
      'dates of another order',
      'BTCUSDT.csv',
      withHead((each) => [
        iso(each.openTime).slice(0, 10).split('-').toReversed().join('/'),
        ...prices(each),
        each.volume,
      ]),
      'the time "01/09/2021" cannot be read',
    ],
    [
      'times in two writings',
      'BTCUSDT.csv',
      withHead((each) => [
        each.openTime < T0 + DAY ? each.openTime : iso(each.openTime),
        ...prices(each),
        each.volume,
      ]),
      'its times are in dates and in milliseconds',
    ],
    ['JSON that is no list', 'BTC_USDT-1h.json', '{"a":1}', 'it is not a list of rows'],
    ['JSON that was cut', 'BTC_USDT-1h.json', '[[1,2', 'it is not complete JSON'],
    [
      'ends of candles in one row',
      'BTCUSDT.csv',
      `close_time,open,high,low,close,volume\n${T0},1,1,1,1,1`,
      'one row does not tell their length',
    ],
  ])('with %s', (_what, name, text, says) => {
    expect(() => read(name, text)).toThrow(says);
  });

  it('with two lengths in one file, one after the other', () => {
    const quarter = (index: number): number => T0 + 60 * HOUR + index * 15 * MINUTE;
    const [like] = CANDLES;
    if (like === undefined) throw new Error('no candle');
    const short = (count: number): string =>
      lines(
        own,
        Array.from({ length: count }, (_, index) => ({ ...like, openTime: quarter(index) })),
      );
    expect(() => read('BTCUSDT.csv', `${withHead(own)}\n${short(20)}`)).toThrow(
      'it mixes lengths: most rows lie 1h apart, but 15 begin within such a candle, the first at 2021-09-03 12:15:00.000 UTC',
    );
    expect(() => read('BTCUSDT.csv', `${withHead(own)}\n${short(200)}`)).toThrow(
      'it mixes lengths: from 2021-09-01 00:00 UTC on its rows lie 1h apart, most others 15m',
    );
  });

  it('but a slip beside the grid is left out and named, and a gap is a gap', () => {
    const slip = { ...CANDLES[9], openTime: T0 + 9 * HOUR + MINUTE } as Candle;
    const found = read('BTCUSDT.csv', `${HEAD}\n${lines(own, CANDLES.with(9, slip))}`);
    expect(found.faults).toEqual([
      {
        line: 11,
        kind: 'off the grid',
        reason: '2021-09-01 09:01:00.000 UTC lies within a candle of the others',
      },
    ]);
    expect(found.columns.length).toBe(59);
  });

  it('from so many slips on as a mixture, and from so many steps on as candles of another length', () => {
    const like = CANDLES[0] as Candle;
    const many = (count: number, at: (index: number) => number): string =>
      `${HEAD}\n${lines(
        own,
        Array.from({ length: count }, (_, index) => ({ ...like, openTime: at(index) })),
      )}`;
    const slips = (count: number): string =>
      many(200, (index) => T0 + index * HOUR + (index % 3 === 1 && index < count * 3 ? MINUTE : 0));
    expect(read('BTCUSDT.csv', slips(10)).faults).toHaveLength(10);
    expect(() => read('BTCUSDT.csv', slips(11))).toThrow('but 11 begin within such a candle');
    const longer = (steps: number): string =>
      many(200, (index) => T0 + index * HOUR + Math.min(Math.max(index - 100, 0), steps) * HOUR);
    expect(read('BTCUSDT.csv', longer(23)).columns.length).toBe(200);
    expect(() => read('BTCUSDT.csv', longer(24))).toThrow(
      'it mixes lengths: from 2021-09-05 04:00 UTC on its rows lie 2h apart, most others 1h',
    );
  });

  it('with files of two lengths, or files that contradict each other, by name', () => {
    const quarters = lines((each) => [T0 + (each.openTime - T0) / 4, ...prices(each), each.volume]);
    const name = 'BTCUSDT-1h-2021-09.csv';
    const both =
      (text: string, other: string): (() => unknown) =>
      () =>
        parseCandles([file(name, withHead(own)), file(other, text)], 'left-out');
    expect(both(`${HEAD}\n${quarters}`, 'BTCUSDT-15m-2021-09.csv')).toThrow(
      `${name} has candles of 1h, BTCUSDT-15m-2021-09.csv of 15m; keep one length`,
    );
    const changed = CANDLES.with(5, { ...(CANDLES[5] as Candle), volume: 1 });
    expect(both(`${HEAD}\n${lines(own, changed)}`, 'BTCUSDT.csv')).toThrow(
      `${name} line 7 and BTCUSDT.csv line 7 are both of 2021-09-01 05:00 UTC and differ`,
    );
    expect(both(moved(MINUTE), 'BTCUSDT.csv')).toThrow(
      'BTCUSDT.csv: its candles of 1h do not open',
    );
    expect(() =>
      parseCandles([file(name, withHead(own)), file('BTCUSDT.csv', withHead(own))], 'left-out'),
    ).not.toThrow();
  });
});

describe('the name of a file', () => {
  it.each([
    ['btcusdt.csv.gz', 'BTCUSDT', undefined],
    ['1000PEPEUSDT.csv', '1000PEPEUSDT', undefined],
    ['BTCUSDT-1h-2021-09.csv', 'BTCUSDT', HOUR],
    ['BTCUSDT-15m-2021-09-30.csv.gz', 'BTCUSDT', 15 * MINUTE],
    ['BTCUSDT_4h.csv', 'BTCUSDT', 4 * HOUR],
    ['Binance_BTCUSDT_d.csv', 'BTCUSDT', DAY],
    ['Binance_BTCUSDT_2021_minute.csv', 'BTCUSDT', MINUTE],
    ['Bitstamp_BTCUSD_hour.csv', 'BTCUSD', HOUR],
    ['BINANCE_BTCUSDT, 60.csv', 'BTCUSDT', HOUR],
    ['BINANCE_BTCUSDT.P, 1D.csv', 'BTCUSDT', DAY],
    ['BTC_USDT_USDT-1h-futures.json', 'BTCUSDT', HOUR],
    ['BTC_USDT-5m.json.gz', 'BTCUSDT', 5 * MINUTE],
  ])('%s is %s', (name, symbol, stepMs) => {
    expect(readFileName(name)).toMatchObject({ symbol, stepMs });
    expect(isCandleFile(name)).toBe(true);
  });

  it.each([
    ['my candles of bitcoin.csv', 'its name tells no contract'],
    ['BTC_USDT_USDT-8h-funding_rate.json', 'it holds funding_rate prices, no candles of trades'],
    ['BTC_USDT_USDT-1h-mark.json.gz', 'it holds mark prices'],
  ])('%s is refused', (name, says) => {
    expect(readFileName(name)).toContain(says);
    expect(isCandleFile(name)).toBe(true);
  });

  it.each(['out.json', 'report.md', 'BTCUSDT.csv.bak', 'BTCUSDT-1h.feather'])(
    '%s is not read',
    (name) => {
      expect(isCandleFile(name)).toBe(false);
    },
  );
});

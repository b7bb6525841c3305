import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candleAt } from '../../src/backtest/candles/candle-columns.ts';
import { parseCandleCsv } from '../../src/backtest/files/csv.ts';
import { decimalsOf, numberOf } from '../../src/backtest/files/delimited.ts';
import { plainNumber } from '../../src/backtest/files/plain-number.ts';
import { HOUR } from '../../src/domain/time.ts';

const HEADER = 'time,open,high,low,close,volume';
const T0 = 1_700_006_400_000;
/** A row of the hour, plain where nothing else is said. */
const row = (hour: number, rest = '2,3,1,2.5,7'): string => `${T0 + hour * HOUR},${rest}`;
const parse = (...rows: readonly string[]) => parseCandleCsv([HEADER, ...rows].join('\n'));

describe('parseCandleCsv', () => {
  const plain = { openTime: T0, open: 2, high: 3, low: 1, close: 2.5, volume: 7 };

  it('reads rows and the decimals of their prices', () => {
    const { columns, faults, priceDecimals } = parse(row(0), row(1, '2.5,3.125,2,3,0'));
    expect(faults).toEqual([]);
    expect(priceDecimals).toBe(3);
    expect(columns.length).toBe(2);
    expect(candleAt(columns, 0)).toEqual(plain);
  });

  it.each([
    ['a byte order mark and CRLF', `\uFEFF${HEADER}\r\n${row(0)}\r\n`],
    ['capitals and spaces in the first line', `Time, Open, High, Low, Close, Volume\n${row(0)}`],
    [
      'another order and more columns',
      `volume,close,low,high,open,trades,time\n7,2.5,1,3,2,9,${T0}`,
    ],
    ['empty lines', `${HEADER}\n\n${row(0)}\n\n`],
  ])('reads a file with %s', (_what, text) => {
    const { columns, faults } = parseCandleCsv(text);
    expect(faults).toEqual([]);
    expect(candleAt(columns, 0)).toEqual(plain);
  });

  it.each([
    ['too few cells', `${T0 + HOUR},2,3`, 'unreadable', '3 fields, expected 6'],
    ['too many cells', row(1, '2,3,1,2.5,7,8'), 'unreadable', '7 fields, expected 6'],
    ['an empty cell', row(1, ',3,1,2,7'), 'unreadable', 'open is NaN'],
    ['NaN as a text', row(1, 'NaN,3,1,2,7'), 'unreadable', 'open is NaN'],
    ['a word', row(1, '2,3,1,null,7'), 'unreadable', 'close is NaN'],
    ['infinity', row(1, '2,Infinity,1,2,7'), 'unreadable', 'high is Infinity'],
    ['a date as time', '2022-01-01,2,3,1,2,7', 'unreadable', 'the time is not a number'],
    [
      'seconds',
      `${T0 / 1000},2,3,1,2,7`,
      'unreadable',
      `time ${T0 / 1000} looks like seconds; Unix milliseconds are needed`,
    ],
    [
      'microseconds',
      `${T0 * 1000},2,3,1,2,7`,
      'unreadable',
      `time ${T0 * 1000} looks like microseconds; Unix milliseconds are needed`,
    ],
    ['a negative price', row(1, '2,3,-1,2,7'), 'impossible', 'low is -1, a price must be above 0'],
    ['a price of zero', row(1, '2,3,0,2,7'), 'impossible', 'low is 0, a price must be above 0'],
    ['a negative volume', row(1, '2,3,1,2,-7'), 'impossible', 'volume is -7, it must be 0 or more'],
    [
      'a high under the low',
      row(1, '2,1,3,2,7'),
      'impossible',
      'open 2, high 1, low 3, close 2 contradict each other',
    ],
    ['the same as the row before', row(0), 'repeated', 'the same as a row before'],
    ['a much earlier time', row(-9), 'out of order', 'earlier than the row before'],
    [
      'a slipped decimal point',
      row(1, '2,250,1,250,7'),
      'bad tick',
      'close 250 is 100 times the close before, 2.5',
    ],
  ])('leaves out a row with %s, by name, and goes on after it', (_what, bad, kind, reason) => {
    const { columns, faults } = parse(row(0), bad, row(2));
    expect(faults).toEqual([{ line: 3, kind, reason }]);
    expect([...columns.time]).toEqual([T0, T0 + 2 * HOUR]);
  });

  it('leaves out a row whose time lies ahead, by name, and none of those that follow it', () => {
    const ahead = '2,3,1,2.2,7';
    const { columns, faults } = parse(row(0), row(1), row(900, ahead), row(2), row(3), row(4));
    expect([...columns.time].map((time) => (time - T0) / HOUR)).toEqual([0, 1, 2, 3, 4]);
    const reason = '2023-12-22 12:00 UTC is later than the rows after it';
    expect(faults).toEqual([{ line: 4, kind: 'out of order', reason }]);
  });

  it.each([
    ['as the first row', [900, 0, 1, 2], [900]],
    ['several times in a row', [0, 1, 900, 901, 2, 3, 4], [900, 901]],
    ['and another behind', [0, 900, 1, -5, 2, 3], [900, -5]],
  ])('leaves out only what runs ahead %s', (_how, hours, wrong) => {
    const { columns, faults } = parse(...hours.map((hour) => row(hour)));
    expect(faults.map(({ kind }) => kind)).toEqual(wrong.map(() => 'out of order'));
    expect(faults.map(({ line }) => hours[line - 2])).toEqual(wrong);
    expect(columns.length).toBe(hours.length - wrong.length);
  });

  it('puts rows back that stand in another order, and leaves one of two equal ones out', () => {
    const { columns, faults } = parse(...[0, 1, 3, 2, 4].map((hour) => row(hour)));
    expect([...columns.time].map((time) => (time - T0) / HOUR)).toEqual([0, 1, 2, 3, 4]);
    expect(faults).toEqual([]);
    for (const hours of [
      [5, 0, 1, 2, 3, 4],
      [1, 2, 3, 4, 5, 0],
    ]) {
      const moved = parse(...hours.map((hour) => row(hour)));
      expect([...moved.columns.time].map((time) => (time - T0) / HOUR)).toEqual([0, 1, 2, 3, 4, 5]);
    }
    // Two hours away from the others it may be a wrong time.
    expect(parse(...[7, 1, 2, 3, 4, 5].map((hour) => row(hour))).faults).toHaveLength(1);
    expect(parse(...[2, 3, 4, 5, 6, 0].map((hour) => row(hour))).faults).toHaveLength(1);
    const twice = parse(...[0, 4, 1, 2, 3, 4, 5].map((hour) => row(hour)));
    expect(twice.columns.length).toBe(6);
    expect(twice.faults).toEqual([
      { line: 7, kind: 'repeated', reason: 'the same as a row before' },
    ]);
  });

  it.each([
    ['open', '2.1,3,1,2.5,7'],
    ['high', '2,3.1,1,2.5,7'],
    ['low', '2,3,1.1,2.5,7'],
    ['close', '2,3,1,2.4,7'],
    ['volume', '2,3,1,2.5,7.1'],
  ])('refuses two rows of one time with another %s', (_what, other) => {
    expect(() => parse(row(0), row(1), row(2), row(1, other))).toThrow(
      'line 3 and line 5 are both of 2023-11-15 01:00 UTC and differ; keep the right one',
    );
  });

  it('refuses prices that jump to another level and stay there, and takes another level after a long silence', () => {
    const scaled = '2000,3000,1000,2500,7';
    const rows = [0, 1, 2].map((hour) => row(hour));
    expect(() => parse(...rows, row(3, scaled), row(4, scaled), row(5, scaled))).toThrow(
      'the prices jump away from 2.5 before line 5 and stay there',
    );
    const after = (hour: number, count: number) =>
      parse(...rows, ...[0, 1, 2].slice(0, count).map((each) => row(hour + each, scaled)));
    expect(() => after(30, 3)).toThrow('before line 5 and stay there');
    expect(() => after(174, 3)).toThrow('before line 5 and stay there');
    expect(after(175, 3).columns.length).toBe(6);
    // Two are no level yet: the live side refuses them too.
    expect(after(175, 2).faults.map(({ line }) => line)).toEqual([5, 6]);
  });

  it('uses and names bad ticks where the reader asks for every row', () => {
    const rows = [row(0), row(1, '2,250,1,250,7'), row(2), row(3, '2,3,1,2'), row(4)];
    const text = [HEADER, ...rows].join('\n');
    const { columns, faults, usedTicks } = parseCandleCsv(text, 'used');
    expect(columns.length).toBe(4);
    expect(faults.map(({ line }) => line)).toEqual([5]);
    expect(usedTicks).toEqual([
      { line: 3, kind: 'bad tick', reason: 'close 250 is 100 times the close before, 2.5' },
      { line: 4, kind: 'bad tick', reason: 'open 2 is 1/125 of the close before, 250' },
    ]);
  });

  it('takes times before 1973 that lie whole minutes of milliseconds apart, and no others', () => {
    const rowsFrom = (start: number, step: number): string =>
      [HEADER, ...[0, 1, 2].map((i) => `${start + i * step},2,3,1,2,7`)].join('\n');
    expect([...parseCandleCsv(rowsFrom(0, HOUR)).columns.time]).toEqual([0, HOUR, 2 * HOUR]);
    for (const seconds of [60, 3_600, 86_400]) {
      const start = Date.UTC(2023, 10, 14) / 1_000;
      const { columns, understood } = parseCandleCsv(rowsFrom(start, seconds));
      expect([...columns.time]).toEqual([0, 1, 2].map((i) => (start + i * seconds) * 1_000));
      expect(understood).toContain('times in seconds');
    }
  });

  it('refuses a file whose first line names no columns, and takes one without rows', () => {
    expect(() => parseCandleCsv('time,open,high,close\n1,2')).toThrow(
      'the first line "time,open,high,close" names no low, volume; it must be time,open,high,low,close,volume, in any order',
    );
    expect(() => parseCandleCsv('')).toThrow('names no time');
    expect(() => parseCandleCsv(row(0))).toThrow('names no time');
    expect(parseCandleCsv(HEADER).columns.length).toBe(0);
  });
});

describe('numbers', () => {
  const written = fc.oneof(
    fc.stringMatching(/^\d{0,18}\.?\d{0,18}$/),
    fc.stringMatching(/^[-+.,e\d]{0,8}$/),
    fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(String),
    fc
      .tuple(fc.nat(), fc.integer({ min: 0, max: 12 }))
      .map(([value, digits]) => (value / 10 ** digits).toFixed(digits)),
  );

  it('are those that the language reads, to the last bit', () => {
    fc.assert(
      fc.property(written, (text) => {
        const plain = plainNumber(text);
        if (!Number.isNaN(plain)) expect(plain).toBe(Number(text));
        const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text);
        expect(numberOf(text, '.')).toBe(isNumber ? Number(text) : NaN);
      }),
      { numRuns: 2_000 },
    );
    expect(plainNumber('9007199254740993')).toBeNaN();
    expect(plainNumber('0.000001')).toBe(0.000001);
  });

  it('have the decimals that count, however they are written', () => {
    for (const [text, decimals] of [
      ['62710.0', 0],
      ['1.50', 1],
      ['0.000120', 5],
      ['7', 0],
      ['7.', 0],
      ['150e-2', 1],
      ['1e-8', 8],
    ] as const) {
      expect(decimalsOf(text, Number(text))).toBe(decimals);
    }
  });
});

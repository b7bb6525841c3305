import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCandles, type CandleFile } from '../../src/backtest/files/csv.ts';
import { plainCandles } from '../../src/backtest/files/plain-candles.ts';
import { intervalMs } from '../../src/domain/candle.ts';
import { walk } from '../indicators/market.ts';

const FIRST = Date.UTC(2025, 0, 1);
const HEAD = 'time,open,high,low,close,volume';

const rowsOf = (seed: number, count: number, stepMs: number): string[] =>
  walk({ seed, count, noise: 0.02 }).map(({ open, high, low, close, volume }, row) =>
    [FIRST + row * stepMs, ...[open, high, low, close, volume].map((each) => each.toFixed(4))].join(
      ',',
    ),
  );

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a caller sees, words of an error included. */
function read(file: CandleFile): unknown {
  try {
    return parseCandles([file], 'left-out');
  } catch (error) {
    return String(error);
  }
}

const cellsChanged = (row: string, change: (cells: string[]) => void): string => {
  const cells = row.split(',');
  change(cells);
  return cells.join(',');
};
const set =
  (place: number, value: (old: string) => string) =>
  (rows: string[], at: number): void => {
    rows[at] = cellsChanged(rows[at] ?? '', (cells) => {
      cells[place] = value(cells[place] ?? '');
    });
  };

/** What may be wrong, or only otherwise, with a row. */
const DAMAGES: Readonly<Record<string, (rows: string[], at: number) => void>> = {
  none: () => undefined,
  gap: (rows, at) => void rows.splice(at, 1),
  repeated: (rows, at) => void rows.splice(at, 0, rows[at] ?? ''),
  'out of order': (rows, at) => void rows.push(...rows.splice(at, 1)),
  blank: (rows, at) => void rows.splice(at, 0, ''),
  'two blanks at the end': (rows) => void rows.push('', ''),
  'a cell too few': (rows, at) => {
    rows[at] = rows[at]?.replace(/,[^,]*$/, '') ?? '';
  },
  'a cell too many': (rows, at) => {
    rows[at] = `${rows[at]},1`;
  },
  'empty cell': set(3, () => ''),
  'zeros at the end': set(4, (old) => `${old}${old.includes('.') ? '' : '.'}000`),
  'a point at the end': set(1, (old) => `${Math.floor(Number(old))}.`),
  'a point at the start': set(3, () => '.5'),
  'two points': set(2, (old) => `${old}.1`),
  'many digits': set(5, () => '12345.678901234567'),
  '16 digits': set(5, () => '1234567890123456'),
  exponent: set(5, () => '1.5e3'),
  negative: set(3, (old) => `-${old}`),
  space: set(4, (old) => ` ${old}`),
  words: set(4, () => 'null'),
  zero: set(3, () => '0'),
  'no volume': set(5, () => '0'),
  contradiction: set(2, (old) => String(Number(old) / 3)),
  'ten times': (rows, at) => {
    rows[at] = cellsChanged(rows[at] ?? '', (cells) => {
      for (let place = 1; place < 5; place += 1) cells[place] = String(Number(cells[place]) * 10);
    });
  },
  wick: set(2, (old) => String(Number(old) * 6)),
  'off the grid': set(0, (old) => String(Number(old) + 60_000)),
  seconds: set(0, (old) => String(Number(old) / 1_000)),
  'part of a millisecond': set(0, (old) => `${old}.5`),
  early: set(0, () => '1000'),
};

const HEADS = [
  HEAD,
  'time,open,close,low,high,volume',
  `\uFEFF${HEAD}`,
  'Time,open,high,low,close,volume',
];

it('reads a file from its bytes as from its text, whatever is wrong with it', () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.nat(1_000),
        count: fc.constantFrom(0, 1, 2, 3, 40),
        step: fc.constantFrom('1m', '15m', '1h', '4h', '1d'),
        damages: fc.array(fc.tuple(fc.constantFrom(...Object.keys(DAMAGES)), fc.nat(39)), {
          maxLength: 2,
        }),
        head: fc.constantFrom(HEAD, HEAD, HEAD, HEAD, ...HEADS),
        end: fc.constantFrom('\n', '\n', '\r\n'),
        last: fc.constantFrom('', '\n'),
        named: fc.constantFrom(undefined, undefined, '1h', '4h'),
      }),
      ({ seed, count, step, damages, head, end, last, named }) => {
        const rows = rowsOf(seed, count, intervalMs(step));
        for (const [name, at] of damages) if (at < rows.length) DAMAGES[name]?.(rows, at);
        const text = [head, ...rows].join(end) + last;
        const namedMs = named === undefined ? undefined : intervalMs(named);
        const file = { file: 'XUSDT.csv', text, base: 'X', namedMs };
        expect(read({ ...file, bytes: bytesOf(text) })).toEqual(read(file));
      },
    ),
    { numRuns: 600 },
  );
});

it('takes the project’s own writing as plain, with gaps too, and nothing else', () => {
  const rows = rowsOf(7, 60, intervalMs('4h'));
  const whole = plainCandles(bytesOf([HEAD, ...rows, ''].join('\n')), undefined);
  expect(whole?.columns.length).toBe(60);
  expect(whole?.stepMs).toBe(intervalMs('4h'));
  const holed = rows.filter((_, row) => row !== 30);
  expect(plainCandles(bytesOf([HEAD, ...holed].join('\n')), undefined)?.columns.length).toBe(59);
  const broken = [HEAD, ...rows.slice(0, 30), 'x', ...rows.slice(30)].join('\n');
  expect(plainCandles(bytesOf(broken), undefined)).toBeUndefined();
});

it('makes no text of a plain file', () => {
  const bytes = bytesOf([HEAD, ...rowsOf(3, 20, intervalMs('1h'))].join('\n'));
  const file = {
    file: 'XUSDT.csv',
    bytes,
    get text(): string {
      throw new Error('nobody needs it');
    },
  };
  expect(parseCandles([file], 'left-out').columns.length).toBe(20);
});

import type { Candle } from './market.ts';

/** One contract's recorded candles: `times` ascend, gaps are left as they are. */
export interface Recording {
  readonly symbol: string;
  readonly quotePrecision: number;
  readonly times: readonly number[];
  readonly rows: readonly Candle[];
}

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
type Column = (typeof COLUMNS)[number];
type Places = Readonly<Record<Column, number>>;

const ENDING = /\.csv(?:\.gz)?$/;
/** 1973 and 5138 in milliseconds: seconds lie below, microseconds above. */
const EARLIEST = 1e11;
const LATEST = 1e14;
const MOST_DECIMALS = 12;
const NUMBER = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const WANTED = `a replay plays files SYMBOL.csv.gz whose first line names ${COLUMNS.join(',')}, with the open in Unix milliseconds, oldest first; other formats only \`npm run backtest\` reads`;

/** Whether a file in the folder of a replay is played. */
export const isRecording = (file: string): boolean => ENDING.test(file);

/** The contract that a file's name tells. Throws an Error that says what is wrong with another name. */
export function symbolOfFile(file: string): string {
  const symbol = file.replace(ENDING, '').toUpperCase();
  if (/^[A-Z0-9]+$/.test(symbol)) return symbol;
  throw new Error(`${file}: the name tells no contract; ${WANTED}`);
}

/**
 * Reads one file up to the venue time `to`. The last row may have been forming when it was recorded, so it is dropped. Undefined where
 * no row is left. Throws an Error that names the line for whatever is not as a replay needs it: nothing is passed over.
 */
export function readRecording(file: string, text: string, to: number): Recording | undefined {
  const bad = (line: number, what: string): Error =>
    new Error(`${file}, line ${line}: ${what}; ${WANTED}`);
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const header = (lines[0] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const missing = COLUMNS.filter((name) => !header.includes(name));
  if (missing.length > 0) throw bad(1, `it names no ${missing.join(', ')}`);
  const places = Object.fromEntries(COLUMNS.map((name) => [name, header.indexOf(name)])) as Places;
  const rows: (readonly [line: number, figures: Figures])[] = [];
  for (const [index, line] of lines.entries()) {
    const row = line.trim();
    if (index === 0 || row === '') continue;
    const figures = figuresOf(row.split(','), places, header.length);
    if (typeof figures === 'string') throw bad(index + 1, figures);
    const before = rows.at(-1)?.[1].time ?? -Infinity;
    if (figures.time <= before) throw bad(index + 1, 'its time is not later than that before it');
    rows.push([index + 1, figures]);
  }
  const closed = rows.slice(0, -1).map(([, figures]) => figures);
  const known = closed.filter(({ time }) => time < to);
  if (known.length === 0) return undefined;
  const quotePrecision = closed.reduce((most, each) => Math.max(most, each.decimals), 0);
  const candles = known.map((each) => candleOf(each, 10 ** quotePrecision));
  return {
    symbol: symbolOfFile(file),
    quotePrecision,
    times: candles.map(({ time }) => time),
    rows: candles,
  };
}

type Figures = Readonly<Record<Column, number>> & { readonly decimals: number };

/** The figures of a row, or what is wrong with it. */
function figuresOf(cells: readonly string[], places: Places, width: number): Figures | string {
  if (cells.length !== width) return `${cells.length} fields, expected ${width}`;
  const read = (name: Column): number => {
    const cell = (cells[places[name]] ?? '').trim();
    return NUMBER.test(cell) ? Number(cell) : NaN;
  };
  const [time, open, high, low, close, volume] = [
    read('time'),
    read('open'),
    read('high'),
    read('low'),
    read('close'),
    read('volume'),
  ];
  if (!Number.isInteger(time) || time < EARLIEST || time >= LATEST) {
    return `"${(cells[places.time] ?? '').trim()}" is not a time in Unix milliseconds`;
  }
  const isSound = low > 0 && Math.min(open, close) >= low && Math.max(open, close) <= high;
  if (!isSound || !Number.isFinite(high) || !Number.isFinite(volume)) {
    return `open ${open}, high ${high}, low ${low}, close ${close}, volume ${volume} are not a candle`;
  }
  const decimals = Math.max(...[open, high, low, close].map(decimalsOf));
  return { time, open, high, low, close, volume, decimals };
}

function candleOf(figures: Figures, scale: number): Candle {
  const ticks = (price: number): number => Math.round(price * scale);
  const [open, high, low, close] = [
    ticks(figures.open),
    ticks(figures.high),
    ticks(figures.low),
    ticks(figures.close),
  ];
  const quoteVolume = (figures.volume * (open + high + low + close)) / 4 / scale;
  return { time: figures.time, open, high, low, close, baseVolume: figures.volume, quoteVolume };
}

/** Decimals that a price needs, however it is written, at most 12. */
function decimalsOf(price: number): number {
  const [digits = '', exponent = '0'] = String(price).split('e');
  const dot = digits.indexOf('.');
  const written = dot < 0 ? 0 : digits.length - dot - 1;
  return Math.min(MOST_DECIMALS, Math.max(0, written - Number(exponent)));
}

const shortestStep = ({ times }: Recording): number =>
  times.reduce(
    (least, time, at) => (at === 0 ? least : Math.min(least, time - (times[at - 1] ?? 0))),
    Infinity,
  );

/**
 * The length of the candles of all recordings: the shortest distance between neighbours, since gaps are longer. Throws an Error for candles
 * that open beside it, such as ends of candles, and for contracts with candles of another length.
 */
export function commonStep(recordings: readonly Recording[]): number {
  const steps = recordings.map(shortestStep);
  const step = Math.min(...steps);
  if (!Number.isFinite(step))
    throw new Error('A recording needs at least three candles to tell their length');
  for (const [index, { symbol, times }] of recordings.entries()) {
    const own = steps[index] ?? Infinity;
    // Pushed prices as candles of a second have gaps everywhere; candles of a minute and more do not.
    if (own > step && own >= 60_000 && times.length > 2) {
      throw new Error(
        `${symbol} has candles of ${own / 1_000} s, another contract of ${step / 1_000} s; one replay has one length`,
      );
    }
    const beside = times.find((time) => time % step !== 0);
    if (beside === undefined) continue;
    throw new Error(
      `${symbol} has a candle of ${step / 1_000} s at ${new Date(beside).toISOString()}, where none opens; ${WANTED}`,
    );
  }
  return step;
}

/** Where the figures of a candle stand in the rows of a file. */
export interface Layout {
  readonly places: Readonly<Record<Figure, number>>;
  /** Place of the contract's name, where each row has one. */
  readonly symbolPlace: number | undefined;
  /** Cells that a row must have. */
  readonly width: number;
  /** Rows before the first candle: 1 with a line of names. */
  readonly header: number;
  /** Whether the time is said to be the candle's end. */
  readonly isCloseTime: boolean;
  /** What was understood, in plain words. */
  readonly said: readonly string[];
}

const FIGURES = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
export type Figure = (typeof FIGURES)[number];

/** Names of the time, the surest first; letters and digits only, small. */
const TIME_NAMES = ['opentime', 'unix', 'unixtime', 'timestamp', 'time', 'datetime', 'date'];
const CLOSE_TIME = 'closetime';
const SYMBOL_NAMES = ['symbol', 'pair', 'ticker'];
/** Columns of a Binance kline file, which often has no line of names. */
const BINANCE = [
  'open_time',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'close_time',
  'quote_volume',
  'count',
  'taker_buy_volume',
  'taker_buy_quote_volume',
  'ignore',
] as const;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/**
 * How a file is laid out, from its first row: a line of names that has at least time, open, high, low, close and volume, in any order, or
 * a row of a Binance kline file without one. `base`: the coin whose volume is meant, such as BTC, where it is known. Throws
 * RangeError that names what is missing or cannot be told.
 */
export function layoutOf(first: readonly string[], base: string | undefined): Layout {
  if (isBinanceRow(first)) {
    const { said, ...layout } = layoutOf(BINANCE, base);
    return { ...layout, header: 0, said: ['Binance klines without a line of names', ...said] };
  }
  const names = first.map(plain);
  const time = TIME_NAMES.find((name) => names.includes(name)) ?? CLOSE_TIME;
  const volume = volumeOf(first, base);
  const wanted: Readonly<Record<Figure, readonly number[]>> = {
    time: placesOf(names, time),
    open: placesOf(names, 'open'),
    high: placesOf(names, 'high'),
    low: placesOf(names, 'low'),
    close: placesOf(names, 'close'),
    volume: volume === undefined ? [] : [volume.place],
  };
  const missing = FIGURES.filter((figure) => wanted[figure].length === 0);
  if (missing.length > 0) throw new RangeError(missingText(first, missing));
  const twice = FIGURES.find((figure) => wanted[figure].length > 1);
  if (twice !== undefined) throw new RangeError(`its first line names ${twice} more than once`);
  const place = (figure: Figure): number => wanted[figure][0] ?? NaN;
  const symbolPlace = names.findIndex((name) => SYMBOL_NAMES.includes(name));
  return {
    places: {
      time: place('time'),
      open: place('open'),
      high: place('high'),
      low: place('low'),
      close: place('close'),
      volume: place('volume'),
    },
    symbolPlace: symbolPlace < 0 ? undefined : symbolPlace,
    width: first.length,
    header: 1,
    isCloseTime: time === CLOSE_TIME,
    said: [`time from "${first[place('time')]}"`, ...(volume?.said ?? [])],
  };
}

const placesOf = (names: readonly string[], wanted: string): number[] =>
  names.flatMap((name, place) => (name === wanted ? [place] : []));

/** Twelve numbers, the seventh of them the end of the candle that begins at the first. */
const isBinanceRow = (cells: readonly string[]): boolean =>
  cells.length === BINANCE.length &&
  cells.every((cell) => /^\d+(\.\d+)?$/.test(cell)) &&
  Number(cells[6]) > Number(cells[0]);

function missingText(first: readonly string[], missing: readonly Figure[]): string {
  const line = first.join(',').slice(0, 60);
  const quote =
    missing.includes('volume') && first.some((name) => isQuoteVolume(plain(name)))
      ? '; the volume in the quote currency does not do, that in the base coin is needed'
      : '';
  return `the first line "${line}" names no ${missing.join(', ')}; it must be ${FIGURES.join(',')}, in any order${quote}`;
}

const isQuoteVolume = (name: string): boolean =>
  /^(quote(asset)?volume|turnover|volume(usdt?|usdc|busd|eur))$/.test(name);

interface Volume {
  readonly place: number;
  readonly said: readonly string[];
}

/** The column with the volume in the base coin: named so, or plain, or the only one that is not in a quote currency. */
function volumeOf(first: readonly string[], base: string | undefined): Volume | undefined {
  const columns = first
    .map((name, place) => ({ name, place, short: plain(name) }))
    .filter(({ short }) => /volume|^vol|turnover/.test(short) && !short.startsWith('taker'));
  const inBase = base === undefined ? undefined : `volume${base.toLowerCase()}`;
  const named = columns.filter(({ short }) => short === inBase || short === 'basevolume');
  const bare = columns.filter(({ short }) => short === 'volume' || short === 'vol');
  const others = columns.filter(({ short }) => !isQuoteVolume(short));
  const found = [named, bare, others].find((each) => each.length > 0) ?? [];
  const [chosen, second] = found;
  if (chosen === undefined) return undefined;
  if (second !== undefined) {
    throw new RangeError(
      `"${chosen.name}" and "${second.name}" may both be the volume in the base coin; keep one of them`,
    );
  }
  const rest = columns.filter((each) => each !== chosen).map(({ name }) => `"${name}"`);
  const said =
    rest.length > 0
      ? [`volume in the base coin from "${chosen.name}", not ${rest.join(' or ')}`]
      : [];
  return { place: chosen.place, said };
}

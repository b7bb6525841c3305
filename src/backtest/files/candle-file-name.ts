import { DAY, HOUR, MINUTE } from '../../domain/time.ts';

/** What the name of a file of candles says. */
export interface CandleFileName {
  /** Contract, such as BTCUSDT. */
  readonly symbol: string;
  /** Its coin, where the name parts it from the currency. */
  readonly base: string | undefined;
  /** Length of its candles in milliseconds, where the name says it. */
  readonly stepMs: number | undefined;
}

const ENDING = /\.(csv|json)(\.gz)?$/i;

/** Whether a file is read at all: JSON is other things too, and counts where its name says a length of candles. */
export function isCandleFile(name: string): boolean {
  if (!isJson(name)) return ENDING.test(name);
  const read = readFileName(name);
  return typeof read === 'string' ? NO_TRADES.test(stemOf(name)) : read.stepMs !== undefined;
}

const stemOf = (name: string): string => name.replace(ENDING, '');
export const isJson = (name: string): boolean => /\.json(\.gz)?$/i.test(name);

const LENGTH = String.raw`\d{1,4}[smhdw]?|[smhdw]|minute|hour|daily`;
/** Names that are in use; the groups are base, quote, symbol and length. */
const SHAPES = [
  // freqtrade: BTC_USDT_USDT-1h-futures, BTC_USDT-1h
  String.raw`(?<base>[A-Z0-9]+)_(?<quote>[A-Z]{3,5})(?:_[A-Z]{3,5})?-(?<length>${LENGTH})(?:-(?:futures|spot))?`,
  // Binance: BTCUSDT-1h-2021-09, BTCUSDT-1h-2021-09-30, BTCUSDT-1h
  String.raw`(?<symbol>[A-Z0-9]+)[-_](?<length>${LENGTH})(?:-\d{4}(?:-\d\d){0,2})?`,
  // CryptoDataDownload: Binance_BTCUSDT_1h, Binance_BTCUSDT_2021_minute
  String.raw`[A-Z]+_(?<symbol>[A-Z0-9]+)(?:_\d{4})?_(?<length>${LENGTH})`,
  // TradingView: BINANCE_BTCUSDT.P, 60 (1)
  String.raw`[A-Z]+_(?<symbol>[A-Z0-9]+)(?:\.P)?, (?<length>${LENGTH})(?: \(\d+\))?`,
  String.raw`(?<symbol>[A-Z0-9]+)`,
].map((shape) => new RegExp(`^${shape}$`, 'i'));

/** freqtrade keeps these beside the candles of trades. */
const NO_TRADES = /-(mark|index|funding_rate|premiumIndex)$/i;

/** Reads the name of a file, or says why it tells no contract. */
export function readFileName(name: string): CandleFileName | string {
  const stem = stemOf(name);
  const other = NO_TRADES.exec(stem)?.[1];
  if (other !== undefined) return `it holds ${other} prices, no candles of trades`;
  const groups = SHAPES.map((shape) => shape.exec(stem)?.groups).find(
    (found) => found !== undefined,
  );
  if (groups === undefined) {
    return 'its name tells no contract; call it BTCUSDT.csv, BTCUSDT-1h-2021-09.csv or BTC_USDT-1h.json';
  }
  const { base, quote = '', symbol = `${base}${quote}`, length } = groups;
  return {
    symbol: symbol.toUpperCase(),
    base: base?.toUpperCase() ?? baseOf(symbol.toUpperCase()),
    stepMs: length === undefined ? undefined : lengthMs(length),
  };
}

/** The coin of a symbol that ends in a usual currency. */
const baseOf = (symbol: string): string | undefined => /^(.+?)(?:USD[TC]?|BUSD)$/.exec(symbol)?.[1];

/** "1h", "D", "hour", or minutes without a unit, as TradingView writes them. */
function lengthMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d*)(.*)$/.exec(text) ?? [];
  // A month would be M, which only TradingView writes: a minute has a number before it there.
  const units: Readonly<Record<string, number>> = {
    '': MINUTE,
    s: 1_000,
    m: MINUTE,
    minute: MINUTE,
    h: HOUR,
    hour: HOUR,
    d: DAY,
    daily: DAY,
    w: 7 * DAY,
  };
  return Number(count === '' ? 1 : count) * (units[unit.toLowerCase()] ?? NaN);
}

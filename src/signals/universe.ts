import type { Instrument, Ticker } from '../domain/instrument.ts';
import { toFixed, usd, type Usd } from '../domain/money.ts';
import { DAY, type Timestamp } from '../domain/time.ts';
import { categoryOf } from './categories.ts';
import type { Category } from './category-table.ts';

export interface UniverseOptions {
  readonly now: Timestamp;
  /** Quote currency traded in the last 24 h, at least. */
  readonly minQuoteVolume24h?: Usd;
  /** Days since launch, at least, where the launch is known. */
  readonly minListedDays?: number;
}

export interface UniverseMember {
  readonly symbol: string;
  readonly category: Category;
}

export interface UniverseOutsider {
  readonly symbol: string;
  /** The first thing that keeps it out, in plain words. */
  readonly reason: string;
}

export interface Universe {
  /** In the order of their volume, largest first. */
  readonly included: readonly UniverseMember[];
  readonly excluded: readonly UniverseOutsider[];
}

export const MIN_QUOTE_VOLUME_24H: Usd = usd('5000000');
export const MIN_LISTED_DAYS = 30;

/** Which contracts are looked at for signals, and why the others are not. A volume that is not known is no volume. */
export function universe(
  instruments: Iterable<Instrument>,
  tickers: Iterable<Ticker>,
  options: UniverseOptions,
): Universe {
  const bySymbol = new Map([...tickers].map((ticker) => [ticker.symbol, ticker]));
  const included: (UniverseMember & { readonly volume: Usd })[] = [];
  const excluded: UniverseOutsider[] = [];
  for (const instrument of instruments) {
    const { symbol, base } = instrument;
    const ticker = bySymbol.get(symbol);
    const reason = contractFault(instrument, options) ?? volumeFault(ticker, options);
    if (reason !== undefined) excluded.push({ symbol, reason });
    else if (ticker !== undefined) {
      included.push({ symbol, category: categoryOf(base), volume: ticker.quoteVolume24h });
    }
  }
  included.sort((one, other) => {
    if (one.volume !== other.volume) return one.volume < other.volume ? 1 : -1;
    return one.symbol < other.symbol ? -1 : 1;
  });
  return { included: included.map(({ symbol, category }) => ({ symbol, category })), excluded };
}

function contractFault(instrument: Instrument, options: UniverseOptions): string | undefined {
  const { quote, status, apiTradable, launchTime, delistTime } = instrument;
  const { now, minListedDays = MIN_LISTED_DAYS } = options;
  if (quote !== 'USDT') return `it is settled in ${quote}, not USDT`;
  if (status !== 'open') return `its status is "${status}", not open`;
  if (!apiTradable) return 'the exchange refuses its orders through the API';
  if (delistTime !== undefined && delistTime > 0) return 'its delisting is announced';
  if (launchTime === undefined || launchTime <= 0) return undefined;
  const days = (now - launchTime) / DAY;
  if (days >= minListedDays) return undefined;
  if (days < 0) return 'it is not launched yet';
  return `listed ${Math.floor(days)} days ago, ${minListedDays} are needed`;
}

function volumeFault(ticker: Ticker | undefined, options: UniverseOptions): string | undefined {
  const { minQuoteVolume24h = MIN_QUOTE_VOLUME_24H } = options;
  if (ticker === undefined) return 'there is no ticker, so its volume is unknown';
  if (ticker.quoteVolume24h >= minQuoteVolume24h) return undefined;
  return `24 h volume is ${toFixed(ticker.quoteVolume24h, 0)} USDT, ${toFixed(minQuoteVolume24h, 0)} are needed`;
}

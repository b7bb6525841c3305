import type { Instrument, Ticker } from '../domain/instrument.ts';
import { grouped, roundToStep, toFixed, usd, type Usd } from '../domain/money/money.ts';
import { DAY, formatUtc, type Timestamp } from '../domain/time.ts';
import { categoryOf } from './categories.ts';
import type { Category } from './category-table.ts';
import { countText } from '../domain/words/words.ts';

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
    const failed = universeChecks(instrument, ticker, options).find(({ met }) => !met);
    if (failed !== undefined) excluded.push({ symbol, reason: failed.reason });
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

/** One filter, with what was seen of a contract and what is asked for. */
export interface UniverseCheck {
  readonly name: string;
  readonly seen: string;
  readonly needed: string;
  readonly met: boolean;
  /** Why it keeps the contract out, as a sentence's end. */
  readonly reason: string;
}

/** Every filter for one contract, in the order in which they are asked. */
export function universeChecks(
  instrument: Instrument,
  ticker: Ticker | undefined,
  options: UniverseOptions,
): readonly UniverseCheck[] {
  const { quote, status, apiTradable, delistTime } = instrument;
  const leaving = delistTime !== undefined && delistTime > 0;
  return [
    {
      name: 'settled in',
      seen: quote,
      needed: 'USDT',
      met: quote === 'USDT',
      reason: `it is settled in ${quote}, not USDT`,
    },
    {
      name: 'status',
      seen: status,
      needed: 'open',
      met: status === 'open',
      reason: `its status is "${status}", not open`,
    },
    {
      name: 'orders through the API',
      seen: apiTradable ? 'accepted' : 'refused',
      needed: 'accepted',
      met: apiTradable,
      reason: 'the exchange refuses its orders through the API',
    },
    {
      name: 'delisting',
      seen: leaving ? `announced for ${formatUtc(delistTime)}` : 'not announced',
      needed: 'not announced',
      met: !leaving,
      reason: 'its delisting is announced',
    },
    ageCheck(instrument, options),
    volumeCheck(ticker, options),
  ];
}

function ageCheck(
  { launchTime }: Instrument,
  { now, minListedDays = MIN_LISTED_DAYS }: UniverseOptions,
): UniverseCheck {
  const check = { name: 'listed', needed: `${minListedDays} days or more, where known` };
  if (launchTime === undefined || launchTime <= 0) {
    return { ...check, seen: 'date not known', met: true, reason: '' };
  }
  const days = (now - launchTime) / DAY;
  if (days < 0) return { ...check, seen: 'not yet', met: false, reason: 'it is not launched yet' };
  return {
    ...check,
    seen: `${countText(Math.floor(days), 'day')} ago`,
    met: days >= minListedDays,
    reason: `listed ${countText(Math.floor(days), 'day')} ago, ${minListedDays} are needed`,
  };
}

function volumeCheck(
  ticker: Ticker | undefined,
  { minQuoteVolume24h = MIN_QUOTE_VOLUME_24H }: UniverseOptions,
): UniverseCheck {
  const least = grouped(toFixed(minQuoteVolume24h, 0));
  const check = { name: '24 h volume', needed: `${least} USDT or more` };
  if (ticker === undefined) {
    const reason = 'there is no ticker, so its volume is unknown';
    return { ...check, seen: 'unknown', met: false, reason };
  }
  // Rounded down: a cent too little must not read as enough.
  const seen = grouped(toFixed(roundToStep(ticker.quoteVolume24h, usd('1'), 'down'), 0));
  return {
    ...check,
    seen: `${seen} USDT`,
    met: ticker.quoteVolume24h >= minQuoteVolume24h,
    reason: `24 h volume is ${seen} USDT, ${least} are needed`,
  };
}

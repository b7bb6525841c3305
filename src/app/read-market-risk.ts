import { equityOf } from '../domain/account.ts';
import type { Candle } from '../domain/candle.ts';
import type { RiskTier } from '../domain/instrument.ts';
import { ZERO_RATIO, type Ratio } from '../domain/money.ts';
import { DAY, HOUR, type Timestamp } from '../domain/time.ts';
import { createAtr } from '../indicators/atr.ts';
import { marginRatioOf } from '../risk/margin-ratio.ts';
import type { MarketReading } from '../risk/triggers.ts';
import type { AccountSnapshot, CandleStore, MarketData, Ports } from './ports.ts';

/** The coin whose restlessness stands for the market's. */
export const MARKET_SYMBOL = 'BTCUSDT';
const MEDIAN_OVER_MS = 30 * DAY;
/** Fewer hours than a week say nothing about what is usual. */
const LEAST_VALUES = 168;
/** A candle that closed longer ago than this is not "now". */
const STALE_MS = 2 * HOUR;
/** Ladders change by announcement, days ahead. */
const TIERS_KEPT_MS = HOUR;

/** How restless the market is and how much margin the exchange needs; what cannot be known is absent. Never rejects. */
export async function readMarketRisk(
  ports: Pick<Ports, 'market' | 'candles' | 'clock'>,
  snapshot: Pick<AccountSnapshot, 'account' | 'positions'>,
): Promise<MarketReading> {
  const [btcAtr, marginRatio] = await Promise.all([
    readVolatility(ports).catch(() => undefined),
    readMarginRatio(ports, snapshot),
  ]);
  return {
    ...(btcAtr === undefined ? {} : { btcAtr }),
    ...(marginRatio === undefined ? {} : { marginRatio }),
  };
}

/** Maintenance margin ÷ equity; 0 without positions, undefined when a risk ladder cannot be read. */
export async function readMarginRatio(
  ports: Pick<Ports, 'market' | 'clock'>,
  { account, positions }: Pick<AccountSnapshot, 'account' | 'positions'>,
): Promise<Ratio | undefined> {
  if (positions.length === 0) return ZERO_RATIO;
  try {
    const symbols = [...new Set(positions.map((each) => each.symbol))];
    const tiers = await Promise.all(
      symbols.map(async (symbol) => [symbol, await tiersOf(ports, symbol)] as const),
    );
    return marginRatioOf(positions, new Map(tiers), equityOf(account));
  } catch {
    return undefined;
  }
}

type Ladders = Map<string, { readonly at: Timestamp; readonly tiers: readonly RiskTier[] }>;

const ladders = new WeakMap<MarketData, Ladders>();

async function tiersOf(
  { market, clock }: Pick<Ports, 'market' | 'clock'>,
  symbol: string,
): Promise<readonly RiskTier[]> {
  const kept: Ladders = ladders.get(market) ?? new Map();
  ladders.set(market, kept);
  const known = kept.get(symbol);
  if (known !== undefined && clock.now() - known.at < TIERS_KEPT_MS) return known.tiers;
  const tiers = await market.riskTiers(symbol);
  kept.set(symbol, { at: clock.now(), tiers });
  return tiers;
}

const measured = new WeakMap<
  CandleStore,
  { readonly newest: Timestamp; readonly value: MarketReading['btcAtr'] }
>();

/** Worked out once for each new candle: the account is read every few seconds. */
async function readVolatility({
  candles,
  clock,
}: Pick<Ports, 'candles' | 'clock'>): Promise<MarketReading['btcAtr']> {
  const newest = (await candles.newest([MARKET_SYMBOL], '1h')).get(MARKET_SYMBOL);
  if (newest === undefined || clock.now() - newest - HOUR > STALE_MS) return undefined;
  const known = measured.get(candles);
  if (known?.newest === newest) return known.value;
  const stored = await candles.since(MARKET_SYMBOL, '1h', clock.now() - MEDIAN_OVER_MS);
  const value = volatilityOf(stored);
  measured.set(candles, { newest, value });
  return value;
}

/**
 * ATR 14 ÷ close of the newest candle and the median over all of them, as fractions. Undefined with fewer than 168 values or
 * with a candle that cannot be used.
 */
export function volatilityOf(candles: readonly Candle[]): MarketReading['btcAtr'] {
  const atr = createAtr();
  const values: number[] = [];
  try {
    for (const candle of candles) {
      atr.update(candle);
      const value = atr.value();
      if (value !== undefined && candle.close > 0) values.push(value / candle.close);
    }
  } catch {
    return undefined;
  }
  const now = values.at(-1);
  if (now === undefined || values.length < LEAST_VALUES) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? now;
  const low = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? high) : high;
  return { now, median: (low + high) / 2 };
}

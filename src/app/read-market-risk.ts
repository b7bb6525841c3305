import { equityOf } from '../domain/account.ts';
import type { Candle } from '../domain/candle.ts';
import type { RiskTier } from '../domain/instrument.ts';
import { ZERO_RATIO, type Ratio } from '../domain/money.ts';
import { HOUR, type Timestamp } from '../domain/time.ts';
import { createAtr } from '../indicators/atr.ts';
import { marginRatioOf } from '../risk/margin-ratio.ts';
import type { BtcAtr, MarketReading } from '../risk/market-reading.ts';
import { LOOK_BACK_MS, MARKET_SYMBOL, readMarketHours } from './market-hours.ts';
import type { AccountSnapshot, MarketData, Ports } from './ports.ts';

const MEDIAN_HOURS = LOOK_BACK_MS / HOUR;
/** Fewer hours than some four days say nothing about what is usual: only a short recording has so few. */
const LEAST_VALUES = 100;
/** A candle that closed longer ago than this is not "now". */
const STALE_MS = 2 * HOUR;
/** Ladders change by announcement, days ahead. */
const TIERS_KEPT_MS = HOUR;

/** How restless the market is and how much margin the exchange needs; what cannot be known is absent. Never rejects. */
export async function readMarketRisk(
  ports: Pick<Ports, 'market' | 'clock'>,
  snapshot: Pick<AccountSnapshot, 'account' | 'positions'>,
): Promise<MarketReading> {
  const [btcAtr, marginRatio] = await Promise.all([
    readVolatility(ports).catch(() => whyUnknown(ports)),
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

/** Without a Bitcoin contract there is nothing to judge; everything else is unknown. */
const whyUnknown = async ({ market }: Pick<Ports, 'market'>): Promise<'not listed' | undefined> => {
  const listed = await market.instruments().catch(() => undefined);
  const none = listed !== undefined && !listed.some(({ symbol }) => symbol === MARKET_SYMBOL);
  return none ? 'not listed' : undefined;
};

const measured = new WeakMap<
  MarketData,
  { readonly newest: Timestamp; readonly value: BtcAtr | undefined }
>();

/** Worked out once for each new candle: the account is read every few seconds. */
async function readVolatility(ports: Pick<Ports, 'market' | 'clock'>): Promise<BtcAtr | undefined> {
  const hours = await readMarketHours(ports);
  const newest = hours.at(-1)?.openTime;
  if (newest === undefined) throw new RangeError('the exchange sent no candles');
  if (ports.clock.now() - newest - HOUR > STALE_MS) return undefined;
  const known = measured.get(ports.market);
  if (known?.newest === newest) return known.value;
  const value = volatilityOf(hours);
  measured.set(ports.market, { newest, value });
  return value;
}

/**
 * ATR 14 ÷ close of the newest candle and the median over the last 30 days, as fractions. Undefined with fewer than 100 values or
 * with a candle that cannot be used.
 */
export function volatilityOf(candles: readonly Candle[]): BtcAtr | undefined {
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
  const last = values.slice(-MEDIAN_HOURS);
  const now = last.at(-1);
  if (now === undefined || last.length < LEAST_VALUES) return undefined;
  const sorted = last.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? now;
  const low = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? high) : high;
  return { now, median: (low + high) / 2, hours: last.length };
}

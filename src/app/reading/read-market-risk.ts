import { equityOf } from '../../domain/account.ts';
import type { RiskTier } from '../../domain/instrument.ts';
import { ZERO_RATIO, type Ratio } from '../../domain/money/money.ts';
import { HOUR, type Timestamp } from '../../domain/time.ts';
import { marginRatioOf, marginUseOf } from '../../risk/terms/margin-ratio.ts';
import type { BtcAtr, MarketReading } from '../../risk/terms/market-reading.ts';
import { isRecent, MARKET_SYMBOL, volatilityOf } from '../../signals/market-volatility.ts';
import { readMarketHours } from './market-hours.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { Ports } from '../ports/ports.ts';

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

/**
 * Maintenance margin ÷ margin of each position in isolated margin by its id, and of all positions in cross margin together; what cannot
 * be known is absent. Never rejects.
 */
export async function readMarginUse(
  ports: Pick<Ports, 'market' | 'clock'>,
  { account, positions }: Pick<AccountSnapshot, 'account' | 'positions'>,
): Promise<ReadonlyMap<string, Ratio>> {
  const symbols = [...new Set(positions.map((each) => each.symbol))];
  const tiers = await Promise.all(
    symbols.map(async (symbol) => [symbol, await tiersOf(ports, symbol).catch(() => [])] as const),
  );
  return marginUseOf(positions, new Map(tiers), equityOf(account));
}

/** By symbol; whoever asks while one is being read waits for the same answer. */
type Ladders = Map<
  string,
  { readonly at: Timestamp; readonly tiers: Promise<readonly RiskTier[]> }
>;

const ladders = new WeakMap<MarketData, Ladders>();

async function tiersOf(
  { market, clock }: Pick<Ports, 'market' | 'clock'>,
  symbol: string,
): Promise<readonly RiskTier[]> {
  const kept: Ladders = ladders.get(market) ?? new Map();
  ladders.set(market, kept);
  const known = kept.get(symbol);
  if (known !== undefined && clock.now() - known.at < TIERS_KEPT_MS) return known.tiers;
  const tiers = market.riskTiers(symbol);
  kept.set(symbol, { at: clock.now(), tiers });
  tiers.catch(() => kept.delete(symbol));
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
async function readVolatility(
  ports: Pick<Ports, 'market' | 'clock'>,
): Promise<BtcAtr | 'not listed' | undefined> {
  const hours = await readMarketHours(ports);
  const newest = hours.at(-1)?.openTime;
  if (newest === undefined) return whyUnknown(ports);
  if (!isRecent(newest, ports.clock.now())) return undefined;
  const known = measured.get(ports.market);
  if (known?.newest === newest) return known.value;
  const value = volatilityOf(hours);
  measured.set(ports.market, { newest, value });
  return value;
}

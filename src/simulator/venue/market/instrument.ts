import { dec, fromTicks, type Dec } from '../decimal.ts';

export type SymbolStatus = 'OPEN' | 'CANCEL_ONLY' | 'STOP' | 'PREVIEW';

/** One bracket of the risk ladder: up to `end` USDT of notional at most `leverage`, with this maintenance margin rate. */
export interface Tier {
  readonly start: Dec;
  readonly end: Dec;
  readonly leverage: number;
  readonly maintenance: Dec;
}

/** A contract as the venue lists it. Prices move in ticks of 10^-quotePrecision, sizes in steps of 10^-basePrecision. */
export interface Instrument {
  readonly symbol: string;
  readonly base: string;
  readonly quotePrecision: number;
  readonly basePrecision: number;
  readonly minQty: Dec;
  readonly maxLimitQty: Dec;
  readonly maxMarketQty: Dec;
  readonly maxLeverage: number;
  readonly defaultLeverage: number;
  /** Farthest a limit price may cross the mark, as a fraction. */
  readonly priceProtect: Dec;
  status: SymbolStatus;
  isApiSupported: boolean;
  readonly fundingHours: 1 | 4 | 8;
  /** Mark over last, minus one: a constant premium of this contract. */
  readonly basis: number;
  readonly tiers: readonly Tier[];
  readonly launchTime: number | null;
  /** When it leaves the venue; absent while nothing is announced. */
  delistTime?: number;
}

/** A contract whose time has come stands still for good. */
export const statusAt = ({ status, delistTime }: Instrument, time: number): SymbolStatus =>
  delistTime !== undefined && delistTime <= time ? 'STOP' : status;

/** What a market knows about a contract before the venue derives the rest. */
export interface InstrumentSeed {
  readonly symbol: string;
  readonly price: number;
  /** Quote volume of an ordinary day, USDT. */
  readonly dayVolume: number;
  readonly quotePrecision: number;
  readonly status?: SymbolStatus;
  readonly isApiSupported?: boolean;
  readonly basis: number;
  readonly fundingHours: 1 | 4 | 8;
}

/** Scaled contracts name the plain token as base: 1000PEPEUSDT is a contract on PEPE. */
export function baseOf(symbol: string): string {
  const coin = symbol.replace(/USDT$/, '');
  return coin.replace(/^(?:1000000|10000|1000|1M)(?=[A-Z])/, '');
}

/** Decimals that give a price about five significant digits. */
export function pricePrecision(price: number): number {
  const digits = 4 - Math.floor(Math.log10(price));
  return Math.max(1, Math.min(10, price >= 1000 ? digits + 1 : digits));
}

/** Decimals that make the smallest order worth roughly one to ten USDT. */
export function quantityPrecision(price: number): number {
  if (price >= 20_000) return 4;
  if (price >= 1_000) return 3;
  if (price >= 100) return 2;
  return price >= 5 ? 1 : 0;
}

function tiersOf(dayVolume: number, maxLeverage: number): readonly Tier[] {
  const scale = dayVolume > 1e10 ? 1 : dayVolume > 1e9 ? 0.5 : dayVolume > 1e8 ? 0.2 : 0.1;
  const first = maxLeverage >= 150 ? '0.004' : maxLeverage >= 100 ? '0.005' : '0.01';
  const ladder: ReadonlyArray<readonly [number, number, string]> = [
    [150_000, 1, first],
    [800_000, 0.75, maxLeverage >= 100 ? '0.0065' : '0.015'],
    [2_500_000, 0.4, '0.02'],
    [10_000_000, 0.2, '0.025'],
    [20_000_000, 0.1, '0.05'],
    [40_000_000, 0.05, '0.1'],
    [60_000_000, 0.02, '0.25'],
    [100_000_000, 0.01, '0.5'],
  ];
  let start = 0;
  return ladder.map(([bound, share, rate]) => {
    const end = Math.round(bound * scale);
    const leverage = Math.max(1, Math.floor(maxLeverage * share));
    const tier = {
      start: dec(String(start)),
      end: dec(String(end)),
      leverage,
      maintenance: dec(rate),
    };
    start = end;
    return tier;
  });
}

function maxLeverageOf(dayVolume: number): number {
  if (dayVolume > 1e10) return 200;
  if (dayVolume > 1e9) return 150;
  if (dayVolume > 1e8) return 100;
  return dayVolume > 2e7 ? 75 : 50;
}

/** The full contract: sizes, leverage and risk ladder follow from the price and the turnover. */
export function buildInstrument(seed: InstrumentSeed): Instrument {
  const basePrecision = quantityPrecision(seed.price);
  const maxLeverage = maxLeverageOf(seed.dayVolume);
  const maxMarket = Math.max(100, Math.floor(Math.min(5e6, seed.dayVolume * 0.01) / seed.price));
  return {
    symbol: seed.symbol,
    base: baseOf(seed.symbol),
    quotePrecision: seed.quotePrecision,
    basePrecision,
    minQty: fromTicks(1, basePrecision),
    maxLimitQty: dec(String(maxMarket * 4)),
    maxMarketQty: dec(String(maxMarket)),
    maxLeverage,
    defaultLeverage: Math.min(20, maxLeverage),
    priceProtect: dec(seed.dayVolume > 2e7 ? '0.05' : '0.1'),
    status: seed.status ?? 'OPEN',
    isApiSupported: seed.isApiSupported ?? true,
    fundingHours: seed.fundingHours,
    basis: seed.basis,
    tiers: tiersOf(seed.dayVolume, maxLeverage),
    launchTime: null,
  };
}

/** Mark price in ticks for a last price in ticks: monotone, so that every trigger on mark has one last price. */
export function markTicks(instrument: Instrument, lastTicks: number): number {
  return Math.max(1, lastTicks + Math.round(lastTicks * instrument.basis));
}

/** The rung of the risk ladder that a notional stands on; the last one when it is beyond the end. */
export function tierFor(instrument: Instrument, notional: Dec): Tier {
  for (const tier of instrument.tiers) if (notional <= tier.end) return tier;
  const last = instrument.tiers.at(-1);
  if (last === undefined) throw new Error(`${instrument.symbol} has no risk tiers`);
  return last;
}

import type { Price, Qty, Ratio, Usd } from './money.ts';
import type { Timestamp } from './time.ts';

export type InstrumentStatus = 'open' | 'cancel-only' | 'stopped' | 'preview' | 'unknown';

/** Whether profit and margin of the contract are in USDT: the exchange also lists contracts in USDC (BTCUSDC) and in coins (BTCUSD). */
export const settlesInUsdt = (symbol: string): boolean => symbol.endsWith('USDT');

/** A perpetual contract and its trading rules. */
export interface Instrument {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Smallest price change. */
  readonly tick: Price;
  /** Smallest quantity change. */
  readonly step: Qty;
  readonly priceDecimals: number;
  readonly qtyDecimals: number;
  readonly minQty: Qty;
  readonly maxMarketQty: Qty;
  readonly maxLimitQty: Qty;
  readonly minLeverage: number;
  readonly maxLeverage: number;
  readonly status: InstrumentStatus;
  /** False: the contract can be seen and held, but orders through the API are refused. */
  readonly apiTradable: boolean;
  /** Half-width of the band around mark in which a limit price is accepted; undefined when unknown. */
  readonly priceProtect?: Ratio;
  readonly launchTime?: Timestamp;
  readonly delistTime?: Timestamp;
}

/** One step of the exchange's risk ladder: notional from `from` to `to` has this maintenance rate and top leverage. */
export interface RiskTier {
  readonly level: number;
  readonly from: Usd;
  readonly to: Usd;
  readonly maxLeverage: number;
  readonly maintenanceRate: Ratio;
}

/** 24 h ticker with the mark price. `at` is when it was received. */
export interface Ticker {
  readonly symbol: string;
  readonly mark: Price;
  readonly last: Price;
  readonly open24h: Price;
  readonly high24h: Price;
  readonly low24h: Price;
  readonly quoteVolume24h: Usd;
  readonly at: Timestamp;
}

/** Funding of one contract. `rate` is a fraction per interval; positive means longs pay shorts. */
export interface FundingRate {
  readonly symbol: string;
  readonly rate: Ratio;
  readonly intervalHours: number;
  readonly nextAt: Timestamp;
}

/** Funding that was settled. `rate` is a fraction; positive: longs paid shorts. */
export interface FundingSettlement {
  readonly rate: Ratio;
  /** Mark price at the settlement, where the exchange tells it. */
  readonly mark?: Price;
  readonly at: Timestamp;
}

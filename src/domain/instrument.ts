import type { Price, Qty, Ratio, Usd } from './money/money.ts';
import { formatUtc, type Timestamp } from './time.ts';

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

/** Whether a contract can be traded, as far as its exchange says. */
export type ContractState =
  | { readonly kind: 'open' }
  /** Trading stops at `at`; until then it goes on. */
  | { readonly kind: 'delisting'; readonly at: Timestamp }
  /** Nothing can be opened: orders can be cancelled at most. `delistAt`: it will leave then. */
  | {
      readonly kind: 'suspended';
      readonly status: Exclude<InstrumentStatus, 'open'>;
      readonly delistAt?: Timestamp;
    }
  | { readonly kind: 'delisted'; readonly at: Timestamp }
  /** The exchange answered with its contracts, and this one is not among them. */
  | { readonly kind: 'unlisted' }
  /** The exchange has not said yet. */
  | { readonly kind: 'unknown' };

/** The state of a contract now. `instrument` undefined: the exchange's list was read and does not hold it. */
export function contractState(
  instrument: Pick<Instrument, 'status' | 'delistTime'> | undefined,
  now: Timestamp,
): ContractState {
  if (instrument === undefined) return { kind: 'unlisted' };
  const { status, delistTime = 0 } = instrument;
  const announced = delistTime > 0;
  if (announced && delistTime <= now) return { kind: 'delisted', at: delistTime };
  if (status !== 'open') {
    return { kind: 'suspended', status, ...(announced ? { delistAt: delistTime } : {}) };
  }
  return announced ? { kind: 'delisting', at: delistTime } : { kind: 'open' };
}

const SUSPENDED: Record<Exclude<InstrumentStatus, 'open'>, string> = {
  'cancel-only': 'suspended: the exchange only lets orders be cancelled',
  stopped: 'suspended: the exchange has stopped trading',
  preview: 'not open for trading yet',
  unknown: 'in a state that the exchange does not explain',
};

/** "suspended: the exchange has stopped trading", to be put after "BTCUSDT is" or "Contract". */
export function contractText(state: ContractState): string {
  switch (state.kind) {
    case 'open':
      return 'open for trading';
    case 'delisting':
      return `open until ${formatUtc(state.at)}, when the exchange delists it`;
    case 'suspended':
      return `${SUSPENDED[state.status]}${state.delistAt === undefined ? '' : `; it will be delisted ${formatUtc(state.delistAt)}`}`;
    case 'delisted':
      return `delisted since ${formatUtc(state.at)}`;
    case 'unlisted':
      return "no longer in the exchange's list of contracts: probably delisted";
    case 'unknown':
      return 'not known to be open: the exchange has not said';
  }
}

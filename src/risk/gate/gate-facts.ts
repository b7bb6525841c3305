import type { Account } from '../../domain/account.ts';
import type { Instrument, RiskTier } from '../../domain/instrument.ts';
import type { Price, Qty, Ratio, Usd } from '../../domain/money/money.ts';
import type { Order } from '../../domain/order.ts';
import type { Position, ProtectiveOrder, Side } from '../../domain/position.ts';
import type { PriceBand } from '../../domain/proposal.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { ModeState } from '../../domain/trading-mode.ts';
import type { RiskState } from '../state/risk-state.ts';
import type { MarketReading } from '../terms/market-reading.ts';

/** An entry that somebody wants: from a signal, a command, a backtest. */
export interface Candidate {
  readonly symbol: string;
  readonly side: Side;
  /** Reference price now; must agree with the mark price. */
  readonly entry: Price;
  readonly stop: Price;
  readonly target: Price;
  /** 0 to 100; absent where no score is counted: an entry that no signal made, or a strategy without one. */
  readonly score?: number;
  /** As the signal measured it. The gate measures it again at `entry`; the lower of both counts. */
  readonly rewardRisk?: number;
  readonly category: string;
  /** 1 h ATR ÷ price, as a fraction. */
  readonly atrFraction: number;
  /** Age of the signal; absent for an entry that no signal made. */
  readonly signalAgeMs?: number;
  /** Age from which its strategy itself says nothing any more; absent: the limit alone counts. */
  readonly lapsesAfterMs?: number;
  /** Prices for which the signal was meant; absent for an entry that no signal made. */
  readonly band?: PriceBand;
  /** Never more than this: the size that the owner was shown and approved. */
  readonly maxQty?: Qty;
  /** What is set at the exchange already: sized at that, and refused where it is more than what fits. */
  readonly leverage?: number;
}

/** An entry that was approved and sent, but that neither the positions nor the open orders show yet. */
export interface InFlightEntry {
  readonly symbol: string;
  readonly side: Side;
  readonly category: string;
  readonly entry: Price;
  readonly qty: Qty;
  readonly risk: Usd;
  readonly margin: Usd;
}

/** What is read for a verdict. What could not be read is undefined and refuses; nothing has a neutral default. */
export interface GateFacts {
  readonly candidate: Candidate;
  readonly account: Account | undefined;
  readonly positions: readonly Position[] | undefined;
  readonly protections: readonly ProtectiveOrder[] | undefined;
  /** Resting orders; reduce-only ones are ignored. */
  readonly openEntryOrders: readonly Order[] | undefined;
  readonly inFlight: readonly InFlightEntry[] | undefined;
  readonly instrument: Instrument | undefined;
  readonly tiers: readonly RiskTier[] | undefined;
  readonly mark: { readonly price: Price; readonly at: Timestamp } | undefined;
  readonly state: RiskState | undefined;
  readonly mode: ModeState | undefined;
  /** The wallet has changed and no trade explains it yet. Absent where there is no wallet to doubt, as in a backtest. */
  readonly moneyInDoubt?: boolean;
  /** Category per symbol; an open position whose symbol is missing counts as being in the candidate's. */
  readonly categories: ReadonlyMap<string, string>;
  /**
   * Open positions of the candidate's side that move together with it. Undefined is unknown: then every open position of that
   * side counts as correlated.
   */
  readonly correlatedSameSide: number | undefined;
  /** The market's restlessness and the margin ratio: what is absent is unknown and refuses. A size that is only asked for judges neither. */
  readonly market: MarketReading | 'not judged';
  readonly now: Timestamp;
}

/** What the open positions and entries on their way can still cost. All amounts are 0 or more. */
export interface AtStake {
  /** Loss at all stops, entries on their way included. */
  readonly heat: Usd;
  /** The same for the candidate's category. */
  readonly categoryHeat: Usd;
  /** The part of the heat that equity does not show yet. */
  readonly notYetLost: Usd;
  /** How far equity falls from now if everything stops out. */
  readonly further: Usd;
  /** How far it falls from now if every price jumps against them, through the stops. */
  readonly jump: Usd;
}

/** What is open and on its way. */
export interface OpenRisk {
  /** Undefined while the loss of one position or entry order is unknown. */
  readonly atStake: AtStake | undefined;
  /** Margin of entries in flight, which the account does not show yet. */
  readonly reservedMargin: Usd;
  /** Open positions and entries on their way. */
  readonly count: number;
  readonly sameSide: number;
  readonly symbols: ReadonlySet<string>;
  /** Symbols of positions whose loss is unknown. */
  readonly unknownPositions: readonly string[];
  /** Entry orders whose loss cannot be known: without a price or a stop. */
  readonly unknownOrders: readonly string[];
}

/** The facts with what several limits need from them, worked out once. Undefined where the input for it is missing. */
export interface EntryFacts extends GateFacts {
  readonly equity: Usd | undefined;
  readonly open: OpenRisk | undefined;
  /** Stop distance ÷ entry; undefined while the stop is on the wrong side or entry is 0. */
  readonly stopFraction: Ratio | undefined;
}

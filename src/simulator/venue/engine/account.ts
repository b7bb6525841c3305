import type { Dec } from '../decimal.ts';

export type PositionMode = 'HEDGE' | 'ONE_WAY';
export type MarginMode = 'ISOLATION' | 'CROSS';
export type PositionSide = 'LONG' | 'SHORT';
export type OrderSide = 'BUY' | 'SELL';
export type StopType = 'MARK_PRICE' | 'LAST_PRICE';
export type OrderType = 'LIMIT' | 'MARKET';
export type Effect = 'GTC' | 'IOC' | 'FOK' | 'POST_ONLY';
export type OrderStatus =
  | 'NEW'
  | 'PART_FILLED'
  | 'FILLED'
  | 'CANCELED'
  | 'PART_FILLED_CANCELED'
  | 'SYSTEM_CANCELED'
  | 'EXPIRED';
export type TpslStatus = 'NEW' | 'FILLED' | 'CANCELED' | 'SYSTEM_CANCELED' | 'FAILED';

/** What a symbol's next order will use. */
export interface SymbolSetting {
  leverage: number;
  marginMode: MarginMode;
}

/** One side of one contract. The cost is kept, not the average, so that no rounding gets lost between fills. */
export interface Position {
  readonly id: string;
  readonly symbol: string;
  readonly index: number;
  readonly side: PositionSide;
  readonly positionMode: PositionMode;
  readonly marginMode: MarginMode;
  leverage: number;
  qty: Dec;
  /** What the open quantity cost. */
  entryValue: Dec;
  /** Locked: the initial margin and, isolated, what was added by hand. */
  margin: Dec;
  /** Fees paid, positive. */
  fee: Dec;
  /** Funding received, negative when paid. */
  funding: Dec;
  /** Price profit of what was closed, before fees and funding. */
  realized: Dec;
  maxQty: Dec;
  openedQty: Dec;
  openedValue: Dec;
  closedQty: Dec;
  closedValue: Dec;
  liqQty: Dec;
  liqPrice: Dec;
  readonly ctime: number;
  mtime: number;
}

/** One leg of a take profit or stop loss. */
export interface ConditionalOrder {
  readonly price: Dec;
  readonly stopType: StopType;
  readonly orderType: OrderType;
  readonly orderPrice: Dec | undefined;
  /** Undefined for a position-wide leg: the whole position at the time. */
  qty: Dec | undefined;
}

export interface Order {
  readonly id: string;
  readonly clientId: string | undefined;
  readonly symbol: string;
  readonly index: number;
  /** As it was sent: closing in hedge mode it names the position's direction. */
  readonly side: OrderSide;
  /** The direction of the trade itself. */
  readonly buys: boolean;
  readonly positionSide: PositionSide;
  readonly intent: 'open' | 'close' | 'net';
  readonly positionId: string | undefined;
  readonly type: OrderType;
  price: Dec | undefined;
  readonly effect: Effect;
  qty: Dec;
  filled: Dec;
  filledValue: Dec;
  fee: Dec;
  realized: Dec;
  /** Margin locked while it rests. */
  frozen: Dec;
  readonly reduceOnly: boolean;
  readonly leverage: number;
  readonly marginMode: MarginMode;
  readonly positionMode: PositionMode;
  status: OrderStatus;
  /** True: the exchange made it to deleverage the position. */
  readonly adl?: true;
  tp: ConditionalOrder | undefined;
  sl: ConditionalOrder | undefined;
  readonly ctime: number;
  mtime: number;
}

export interface Trade {
  readonly id: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly qty: Dec;
  readonly price: Dec;
  /** What was done: a close of a long is a SELL. */
  readonly side: OrderSide;
  /** The side that its order was sent with, where it was the other one. */
  readonly requested?: OrderSide;
  readonly orderType: OrderType;
  readonly reduceOnly: boolean;
  readonly positionMode: PositionMode;
  readonly marginMode: MarginMode;
  readonly leverage: number;
  readonly fee: Dec;
  readonly realized: Dec;
  readonly time: number;
  readonly role: 'TAKER' | 'MAKER';
}

export interface Tpsl {
  readonly id: string;
  readonly positionId: string;
  readonly symbol: string;
  readonly index: number;
  readonly kind: 'TPSL' | 'POSITION_TPSL';
  /** The order that carried it, when it was attached to one. */
  readonly orderId: string | undefined;
  tp: ConditionalOrder | undefined;
  sl: ConditionalOrder | undefined;
  status: TpslStatus;
  readonly ctime: number;
  mtime: number;
  triggerTime: number | undefined;
}

/** Everything the venue knows about one account; saved as it is. */
export interface Account {
  readonly uid: string;
  readonly apiKey: string;
  positionMode: PositionMode;
  readonly feeTaker: Dec;
  readonly feeMaker: Dec;
  /** Money on the account without open profit: deposits, realised profit, fees and funding. */
  wallet: Dec;
  deposits: Dec;
  realizedTotal: Dec;
  feeTotal: Dec;
  fundingTotal: Dec;
  readonly settings: Map<string, SymbolSetting>;
  readonly positions: Map<string, Position>;
  readonly orders: Map<string, Order>;
  readonly tpsl: Map<string, Tpsl>;
  /** Oldest first. */
  readonly orderHistory: Order[];
  readonly positionHistory: Position[];
  readonly tpslHistory: Tpsl[];
  readonly trades: Trade[];
  /** Every client id ever used: ids stay burnt. */
  readonly clientIds: Map<string, string>;
}

/** Events of the private stream, in the order in which they happened. */
export type AccountEvent =
  | { readonly kind: 'order'; readonly event: 'CREATE' | 'UPDATE' | 'CLOSE'; readonly order: Order }
  | {
      readonly kind: 'position';
      readonly event: 'OPEN' | 'UPDATE' | 'CLOSE';
      readonly position: Position;
    }
  | { readonly kind: 'tpsl'; readonly event: 'CREATE' | 'UPDATE' | 'CLOSE'; readonly tpsl: Tpsl }
  | { readonly kind: 'balance' };

/** The lists of an account in which nothing is open and nothing has happened. */
export const emptyLists = () => ({
  positions: new Map<string, Position>(),
  orders: new Map<string, Order>(),
  tpsl: new Map<string, Tpsl>(),
  orderHistory: [] as Order[],
  positionHistory: [] as Position[],
  tpslHistory: [] as Tpsl[],
  trades: [] as Trade[],
});

/** A fresh account holding its first deposit. */
export function newAccount(options: {
  readonly uid: string;
  readonly apiKey: string;
  readonly balance: Dec;
  readonly positionMode: PositionMode;
  readonly feeTaker: Dec;
  readonly feeMaker: Dec;
}): Account {
  return {
    uid: options.uid,
    apiKey: options.apiKey,
    positionMode: options.positionMode,
    feeTaker: options.feeTaker,
    feeMaker: options.feeMaker,
    wallet: options.balance,
    deposits: options.balance,
    realizedTotal: 0n,
    feeTotal: 0n,
    fundingTotal: 0n,
    settings: new Map(),
    ...emptyLists(),
    clientIds: new Map(),
  };
}

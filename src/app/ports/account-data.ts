import type { Account } from '../../domain/account.ts';
import type { Fill, Order } from '../../domain/order.ts';
import type {
  ClosedPosition,
  MarginMode,
  Position,
  ProtectionEnd,
  ProtectiveOrder,
} from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';

/** The owner's account, read only. Rejects with ExchangeFailure. */
export interface AccountData {
  account(): Promise<Account>;
  positions(): Promise<readonly Position[]>;
  protections(): Promise<readonly ProtectiveOrder[]>;
  openOrders(): Promise<readonly Order[]>;
  /** How a stop or target that no longer rests has ended; undefined while the exchange's history does not have it. */
  protectionEnd(of: {
    readonly id: string;
    readonly symbol: string;
  }): Promise<ProtectionEnd | undefined>;
  /** Positions that closed at or after `since`, oldest first, all pages. */
  closedPositions(since: Timestamp): Promise<readonly ClosedPosition[]>;
  /** Oldest first, all pages. */
  fills(query: { orderId?: string; symbol?: string; since?: Timestamp }): Promise<readonly Fill[]>;
  /** The order with that client id wherever it is (pending or history), or undefined when the exchange knows none. */
  orderByClientId(clientId: string): Promise<Order | undefined>;
  leverage(symbol: string): Promise<{ leverage: number; marginMode: MarginMode }>;
}

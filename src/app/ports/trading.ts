import type { PositionMode } from '../../domain/account.ts';
import type { Price, Qty } from '../../domain/money/money.ts';
import type { WriteOutcome } from '../../domain/order.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { ApprovedEntry } from '../../risk/gate/gate.ts';
import type { ApprovedReduce } from '../../risk/gate/reduce.ts';

/**
 * Everything that changes the account. Not built in `watch` mode. No method retries a write; `unknown` is the caller's to look
 * up. Entries and closes are possible only with an order that the risk gate made.
 */
export interface Trading {
  /** Sets leverage and isolated margin for the symbol. */
  setLeverage(symbol: string, leverage: number): Promise<WriteOutcome>;
  /** Market entry with stop loss and take profit attached. One that would leave after `sendBy`, having waited for its turn, is not sent. */
  placeEntry(entry: ApprovedEntry, clientId: string, sendBy?: Timestamp): Promise<WriteOutcome>;
  /** Position stop loss and take profit, covering the whole position. Replaces what the position TP/SL was. */
  placeProtection(request: {
    symbol: string;
    positionId: string;
    stop?: Price;
    target?: Price;
  }): Promise<WriteOutcome>;
  cancelOrders(symbol: string, orderIds: readonly string[]): Promise<WriteOutcome>;
  /** Removes a resting stop or target. */
  cancelProtection(symbol: string, protectionId: string): Promise<WriteOutcome>;
  /** A target that closes a part of the position, beside what covers all of it. */
  placePartial(
    position: { readonly symbol: string; readonly id: string },
    legs: { readonly target: { readonly price: Price; readonly qty: Qty } },
  ): Promise<WriteOutcome>;
  /** Closes the whole position at market; it can never open the other side. Leave to close a part of it is rejected. */
  closePosition(reduce: ApprovedReduce): Promise<WriteOutcome>;
  /** Closes a part of a position at market. `clientId` names the order, so that it can be looked up and is never sent twice. */
  reducePosition(request: {
    readonly reduce: ApprovedReduce;
    readonly mode: PositionMode;
    readonly clientId: string;
  }): Promise<WriteOutcome>;
}

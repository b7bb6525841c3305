import type { Price, Qty, Ratio } from './money/money.ts';
import type { Timestamp } from './time.ts';

/** What the owner can take back before it was done, as the change is called. */
export const REVOCABLE = ['trail', 'scale-out', 'time-stop'] as const;
export type Revocable = (typeof REVOCABLE)[number];

/**
 * Something that Vigil itself asked the exchange for, noted when it was sent. It tells Vigil's own doings from those of other
 * hands; whether it was carried out is seen in the account. And what the owner took back, noted when that was said.
 */
export type OwnAction = { readonly at: Timestamp } &
  /** `card`: the id of the card that it was confirmed on. */
  (
    | { readonly kind: 'close'; readonly positionId: string; readonly card?: string }
    | { readonly kind: 'revoke'; readonly positionId: string; readonly what: Revocable }
    /** Closing a part of it, by an order with this client id. */
    | { readonly kind: 'reduce'; readonly positionId: string; readonly clientId: string }
    | {
        readonly kind: 'protect';
        readonly positionId: string;
        readonly stop?: Price;
        readonly target?: Price;
      }
    | { readonly kind: 'remove-stop'; readonly positionId: string; readonly stop: Price }
    | { readonly kind: 'cancel-order'; readonly orderId: string }
    | { readonly kind: 'leverage'; readonly symbol: string; readonly leverage: number }
  );

/** Whether Vigil asked for that position to be closed. */
export const askedToClose = (actions: readonly OwnAction[], positionId: string): boolean =>
  actions.some((action) => action.kind === 'close' && action.positionId === positionId);

/** Whether Vigil asked for that position to be closed as this card says. */
export const askedByCard = (actions: readonly OwnAction[], card: string): boolean =>
  actions.some((action) => action.kind === 'close' && action.card === card);

/** Whether the owner took a change of this kind back. */
export const isRevoked = (
  actions: readonly OwnAction[],
  positionId: string,
  what: PositionChange['kind'],
): boolean =>
  actions.some(
    (action) =>
      action.kind === 'revoke' && action.positionId === positionId && action.what === what,
  );

/** Whether Vigil asked for that position, or a part of it, to be closed. */
export const askedToReduce = (actions: readonly OwnAction[], positionId: string): boolean =>
  askedToClose(actions, positionId) ||
  actions.some((action) => action.kind === 'reduce' && action.positionId === positionId);

/** Whether Vigil asked for that order to be cancelled. */
export const askedToCancel = (actions: readonly OwnAction[], orderId: string): boolean =>
  actions.some((action) => action.kind === 'cancel-order' && action.orderId === orderId);

/** Whether Vigil removed a stop at that price. */
export const askedToRemove = (
  actions: readonly OwnAction[],
  positionId: string,
  stop: Price,
): boolean =>
  actions.some(
    (action) =>
      action.kind === 'remove-stop' && action.positionId === positionId && action.stop === stop,
  );

/** Whether Vigil asked for that leverage. */
export const askedForLeverage = (
  actions: readonly OwnAction[],
  of: { readonly symbol: string; readonly leverage: number },
): boolean =>
  actions.some(
    (action) =>
      action.kind === 'leverage' && action.symbol === of.symbol && action.leverage === of.leverage,
  );

/** Whether Vigil placed exactly these levels; a level that it left out stayed as it was. */
export const askedToProtect = (
  actions: readonly OwnAction[],
  positionId: string,
  changed: { readonly stop?: Price; readonly target?: Price },
): boolean =>
  actions.some((action) => {
    if (action.kind !== 'protect' || action.positionId !== positionId) return false;
    const stopIsOurs = changed.stop === undefined || changed.stop === action.stop;
    const targetIsOurs = changed.target === undefined || changed.target === action.target;
    return stopIsOurs && targetIsOurs;
  });

/** Where a stop or target is asked for: at a price, or so far from the price of now, as a share of it. */
export type Level = { readonly price: Price } | { readonly away: Ratio };

/** What the owner asks to be done with one open position. `share` is above 0 and at most 1. */
export type ChangeRequest =
  | { readonly kind: 'close'; readonly share: Ratio }
  | { readonly kind: 'stop'; readonly at: Level }
  | { readonly kind: 'target'; readonly at: Level }
  | { readonly kind: 'break-even' }
  /** A stop that follows the price, so far away: as a share of it, or in average ranges of an hour. */
  | {
      readonly kind: 'trail';
      readonly distance: { readonly away: Ratio } | { readonly atr: Ratio };
    }
  /** A part that closes by itself further on; `at` absent: as far from the entry as the stop is (1R). */
  | { readonly kind: 'scale-out'; readonly share: Ratio; readonly at?: Level }
  /** To be asked after so many hours whether to keep it. */
  | { readonly kind: 'time-stop'; readonly hours: Ratio };

/** The same in the exchange's own figures: what a card shows, and what is then done. */
export type PositionChange =
  /** `of`: all that was open when it was asked; absent in what was asked before an update. */
  | { readonly kind: 'close'; readonly qty: Qty; readonly of?: Qty }
  | { readonly kind: 'levels'; readonly stop?: Price; readonly target?: Price }
  /** `stop`: where it begins; absent where the one that rests is nearer already. */
  | { readonly kind: 'trail'; readonly share: Ratio; readonly stop?: Price }
  /** A target of its own for a part; the rest keeps its stop and target. */
  | { readonly kind: 'scale-out'; readonly qty: Qty; readonly target: Price }
  | { readonly kind: 'time-stop'; readonly hours: Ratio };

import type { Price } from './money/money.ts';
import type { Timestamp } from './time.ts';

/**
 * Something that Vigil itself asked the exchange for, noted when it was sent. It tells Vigil's own doings from those of other
 * hands; whether it was carried out is seen in the account.
 */
export type OwnAction = { readonly at: Timestamp } & (
  | { readonly kind: 'close'; readonly positionId: string }
  | {
      readonly kind: 'protect';
      readonly positionId: string;
      readonly stop?: Price;
      readonly target?: Price;
    }
  | { readonly kind: 'cancel-order'; readonly orderId: string }
  | { readonly kind: 'leverage'; readonly symbol: string; readonly leverage: number }
);

/** Whether Vigil asked for that position to be closed. */
export const askedToClose = (actions: readonly OwnAction[], positionId: string): boolean =>
  actions.some((action) => action.kind === 'close' && action.positionId === positionId);

/** Whether Vigil asked for that order to be cancelled. */
export const askedToCancel = (actions: readonly OwnAction[], orderId: string): boolean =>
  actions.some((action) => action.kind === 'cancel-order' && action.orderId === orderId);

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

import type { Price } from './money/money.ts';
import type { Timestamp } from './time.ts';

/**
 * Something that Vigil itself asked the exchange for, noted when it was sent. It tells Vigil's own doings from those of other
 * hands; whether it was carried out is seen in the account.
 */
export type OwnAct = { readonly at: Timestamp } & (
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
export const askedToClose = (acts: readonly OwnAct[], positionId: string): boolean =>
  acts.some((act) => act.kind === 'close' && act.positionId === positionId);

/** Whether Vigil asked for that order to be cancelled. */
export const askedToCancel = (acts: readonly OwnAct[], orderId: string): boolean =>
  acts.some((act) => act.kind === 'cancel-order' && act.orderId === orderId);

/** Whether Vigil asked for that leverage. */
export const askedForLeverage = (
  acts: readonly OwnAct[],
  of: { readonly symbol: string; readonly leverage: number },
): boolean =>
  acts.some(
    (act) => act.kind === 'leverage' && act.symbol === of.symbol && act.leverage === of.leverage,
  );

/** Whether Vigil placed exactly these levels; a level that it left out stayed as it was. */
export const askedToProtect = (
  acts: readonly OwnAct[],
  positionId: string,
  changed: { readonly stop?: Price; readonly target?: Price },
): boolean =>
  acts.some((act) => {
    if (act.kind !== 'protect' || act.positionId !== positionId) return false;
    const stopIsOurs = changed.stop === undefined || changed.stop === act.stop;
    const targetIsOurs = changed.target === undefined || changed.target === act.target;
    return stopIsOurs && targetIsOurs;
  });

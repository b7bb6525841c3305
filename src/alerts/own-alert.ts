import type { Price, Ratio } from '../domain/money/money.ts';
import type { Timestamp } from '../domain/time.ts';

/** What an owner asks to be told of. */
export type OwnCondition =
  /** The mark price reaches it, coming from below (`up`) or from above. */
  | { readonly kind: 'price'; readonly price: Price; readonly towards: 'up' | 'down' }
  /**
   * The mark price moves by `share` (signed, a fraction) from the highest or lowest price of the last `windowMs`. `level`: where that is,
   * as it was worked out last; absent: not yet.
   */
  | {
      readonly kind: 'move';
      readonly share: Ratio;
      readonly windowMs: number;
      readonly level?: Price;
    }
  /** The funding rate reaches `share`: with a sign that one alone, else either. */
  | { readonly kind: 'funding'; readonly share: Ratio; readonly signed: boolean };

/** One alert that the owner has set. */
export interface OwnAlert {
  /** Small numbers, given out again when they are free. */
  readonly id: number;
  readonly symbol: string;
  readonly condition: OwnCondition;
  /** Told each time anew; else it is gone once it was told. */
  readonly repeat: boolean;
  readonly madeAt: Timestamp;
  /** How often it was told. */
  readonly told: number;
  /** It was told and waits until the market has moved back. */
  readonly resting?: true;
}

/** So many may be set. */
export const MOST_OWN_ALERTS = 50;

import type { Timestamp } from '../../domain/time.ts';

/** The store has lost what it had taken. Times are those of the store's machine, Unix ms. */
export interface StoreLoss {
  /** Nothing is left; an older state of it came back; or it is another store than the one that was known. */
  readonly kind: 'emptied' | 'older' | 'another';
  /** When it was noticed. */
  readonly at: Timestamp;
  /** The newest write that is left: what was stored after it is gone. Absent where that is not known. */
  readonly from?: Timestamp;
  /** Numbers of the alerts that were told and are gone. */
  readonly alerts?: { readonly from: number; readonly to: number };
}

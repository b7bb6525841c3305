import type { Signal } from './signal.ts';
import type { Timestamp } from './time.ts';

/** The last scan, as shown by /signals. */
export interface ScanReport {
  readonly at: Timestamp;
  readonly candleClosedAt: Timestamp;
  readonly universe: number;
  readonly evaluated: number;
  readonly notReady: number;
  /** How many signals there were; `found` holds the best of them. */
  readonly signals: number;
  readonly found: readonly ScanEntry[];
}

export interface ScanEntry {
  readonly signal: Signal;
  readonly fate: 'proposed' | 'refused' | 'not best';
  /** The limits that refused it, each with its stable code and one plain sentence. */
  readonly refusals: readonly { readonly code: string; readonly sentence: string }[];
}

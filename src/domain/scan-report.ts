import type { Signal } from './signal.ts';
import type { Timestamp } from './time.ts';

/** The scan of the newest closed candle so far, as shown by /signals. */
export interface ScanReport {
  readonly at: Timestamp;
  readonly candleClosedAt: Timestamp;
  readonly universe: number;
  /** Symbols that were checked on this candle. They are not asked about it again. */
  readonly scored: readonly string[];
  /** Why the others were not, the commonest reason first. */
  readonly unscored: readonly Unscored[];
  /** Strategies that cannot judge all of it for lack of candles in a row; absent in a report of an older version. */
  readonly silent?: readonly Silent[];
  /** Close of the newest candle of which nearly the whole universe could be read. */
  readonly completeTo?: Timestamp;
  /** How many signals there were; `found` holds the best of them, `ids` names all. */
  readonly signals: number;
  readonly ids?: readonly string[];
  readonly found: readonly ScanEntry[];
  /** Those of earlier closes that had no card and have not lapsed, newest first; absent where there is none. */
  readonly earlier?: readonly ScanEntry[];
}

/**
 * Why a symbol was not checked on a candle. `not-asked`: its turn comes with the next sweep; `not-read`: its candles could not be read;
 * `no-candle`: the exchange does not list the candle; `unusable`: the candle says nothing, such as one without volume; `history`: the
 * exchange has too few; `gap`: too few follow on each other since a gap.
 */
export const UNSCORED_CAUSES = [
  'not-asked',
  'not-read',
  'no-candle',
  'unusable',
  'history',
  'gap',
] as const;
export type UnscoredCause = (typeof UNSCORED_CAUSES)[number];

/** Those that may be over at the next sweep of the same candle. */
export const RETRIED_CAUSES: readonly UnscoredCause[] = ['not-asked', 'not-read', 'no-candle'];

/** Symbols that were not checked for the same cause. */
export interface Unscored {
  readonly cause: UnscoredCause;
  readonly symbols: readonly string[];
  /** What was said about the first of them, in plain words. */
  readonly reason?: string | undefined;
}

/** How many symbols a strategy cannot judge yet, for lack of candles in a row. */
export interface Silent {
  readonly strategy: string;
  readonly symbols: number;
  /** Which; absent in a report of an older version. */
  readonly names?: readonly string[];
  /** Those of them that it could judge if candles were not missing, or the price not at another level. */
  readonly afterGap: number;
  /** When it can judge the last of them, if every candle comes. */
  readonly until: Timestamp;
  /** Close of the candle from which on a great part of the universe was silent after a gap; absent where it is not. */
  readonly wideSince?: Timestamp;
}

export interface ScanEntry {
  readonly signal: Signal;
  /** `watched`: its strategy is followed silently. */
  readonly fate: 'proposed' | 'refused' | 'not best' | 'watched';
  /** The limits that refused it, each with its stable code and one plain sentence. */
  readonly refusals: readonly { readonly code: string; readonly sentence: string }[];
}

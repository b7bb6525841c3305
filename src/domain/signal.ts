import type { Price } from './money/money.ts';
import type { Side } from './position.ts';
import type { Timestamp } from './time.ts';

/** One confirmation or filter of the strategy, with what was measured and why it counts or not, in plain words. */
export interface CriterionResult {
  readonly id: string;
  readonly label: string;
  readonly weight: number;
  readonly met: boolean;
  /** What was measured, ready to show ("RSI 56.1"); "not available" when there is no value yet. */
  readonly value: string;
  readonly reason: string;
}

/** The strategy of every signal that was stored before signals named theirs. */
export const FIRST_STRATEGY = 'agreement';

/** "agreement, 85 of 100 checks passed", "breakdown, clean", or the strategy alone. */
export function strategyText({
  strategy,
  score,
  clean,
}: Pick<Signal, 'strategy' | 'score' | 'clean'>): string {
  const checks = score === undefined ? '' : `, ${score} of 100 checks passed`;
  return `${strategy}${checks}${clean === true ? ', clean' : ''}`;
}

/** A signal that was stored, perhaps by a version in which there was one strategy only. */
export const withStrategy = <T extends { readonly strategy?: string }>(stored: T) => ({
  ...stored,
  strategy: stored.strategy ?? FIRST_STRATEGY,
});

/** A trade idea computed on closed candles. Prices are rounded to the instrument's tick. */
export interface Signal {
  /** Same candle, symbol, strategy and side always give the same id: letters, digits and "-" only. */
  readonly id: string;
  /** Name of the strategy that made it. */
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly entry: Price;
  readonly stop: Price;
  readonly target: Price;
  /** Reward divided by risk after taker fees on both legs. */
  readonly rewardRisk: number;
  /** 0 to 100; a count of weighted confirmations, not a probability. Absent where the strategy counts none. */
  readonly score?: number;
  /** Whether its stop stands at its strategy's usual distance and is not cut off by a limit; absent where that says nothing. */
  readonly clean?: boolean;
  readonly criteria: readonly CriterionResult[];
  /** ATR ÷ price at the signal candle, as a fraction. */
  readonly atrFraction: number;
  /** Quote currency traded in the 24 h before. */
  readonly turnover: number;
  readonly category: string;
  /** Close time of the candle it was computed on. */
  readonly candleClosedAt: Timestamp;
}

/** What is done with a strategy's signals: cards are sent, of clean ones alone, it is followed silently, or nobody asks it. */
export const PLACES = ['push', 'clean', 'watch', 'off'] as const;
export type Place = (typeof PLACES)[number];

/** Whether a strategy that stands there sends cards: of its clean signals unless told, or of the others. */
export const isPushed = (place: Place | undefined, clean = true): boolean =>
  place === 'push' || (place === 'clean' && clean);

/** Where somebody put a strategy. `record`: it was withdrawn by what it did. */
export interface PlaceChange {
  readonly place: Place;
  readonly by: 'owner' | 'record';
  readonly at: Timestamp;
}

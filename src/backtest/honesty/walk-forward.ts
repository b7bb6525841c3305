import { DAY, type Timestamp } from '../../domain/time.ts';
import type { MeanInterval } from '../figures/statistics.ts';
import { meanR, type Trade } from '../trade/trade.ts';

/** Trades before and from a moment on: what was looked at, and what was not. A trade belongs to where it was entered. */
export function splitTrades(
  trades: readonly Trade[],
  at: Timestamp,
): { readonly inSample: readonly Trade[]; readonly outOfSample: readonly Trade[] } {
  return {
    inSample: trades.filter((trade) => trade.entryTime < at && trade.exitTime < at),
    outOfSample: trades.filter((trade) => trade.entryTime >= at),
  };
}

export interface Fold {
  readonly from: Timestamp;
  /** End of the in-sample part and start of the out-of-sample part. */
  readonly split: Timestamp;
  readonly to: Timestamp;
}

export interface FoldLengths {
  readonly inMs: number;
  readonly outMs: number;
}

/** Folds that move forward together: each part in-sample is followed by the next `outMs` out-of-sample, without overlap of the latter. */
export function foldsOf(
  span: { readonly from: Timestamp; readonly to: Timestamp },
  lengths: FoldLengths,
): Fold[] {
  if (lengths.inMs <= 0 || lengths.outMs <= 0)
    throw new RangeError('both parts need a length above 0');
  const folds: Fold[] = [];
  let split = span.from + lengths.inMs;
  while (split < span.to) {
    folds.push({ from: split - lengths.inMs, split, to: Math.min(split + lengths.outMs, span.to) });
    split += lengths.outMs;
  }
  return folds;
}

const LONGEST_IN_DAYS = 180;

/**
 * 180 days to choose on and 90 after them; of a shorter window a third and half of that. Undefined for less than 6 days, in which
 * there is nothing to choose on.
 */
export function foldLengths(span: {
  readonly from: Timestamp;
  readonly to: Timestamp;
}): FoldLengths | undefined {
  const days = (span.to - span.from) / DAY;
  if (!(days >= 6)) return undefined;
  const inDays = Math.min(LONGEST_IN_DAYS, Math.floor(days / 3));
  return { inMs: inDays * DAY, outMs: (inDays * DAY) / 2 };
}

export interface Variant {
  readonly name: string;
  /** All its trades over the whole span; a trade counts in the part in which it was entered. */
  readonly trades: readonly Trade[];
}

export interface FoldResult extends Fold {
  /** The variant that was best in-sample. */
  readonly chosen: string;
  readonly inSampleR: MeanInterval;
  readonly outOfSampleR: MeanInterval;
}

export interface WalkForward {
  readonly folds: readonly FoldResult[];
  /** All out-of-sample parts together: what choosing by the past would have earned. */
  readonly chosenR: MeanInterval;
  /** The first variant over the same parts: what not choosing would have. */
  readonly firstR: MeanInterval;
}

/** Picks the best variant by mean R in-sample and reports what it did afterwards, fold by fold. Folds without trades in-sample are left out. */
export function walkForward(variants: readonly Variant[], folds: readonly Fold[]): WalkForward {
  const results: FoldResult[] = [];
  const chosenTrades: Trade[] = [];
  const firstTrades: Trade[] = [];
  for (const fold of folds) {
    let best: { variant: Variant; inSampleR: MeanInterval } | undefined;
    for (const variant of variants) {
      const inSampleR = meanR(within(variant.trades, fold.from, fold.split));
      if (inSampleR.n === 0) continue;
      if (best === undefined || inSampleR.mean > best.inSampleR.mean) best = { variant, inSampleR };
    }
    if (best === undefined) continue;
    const { variant, inSampleR } = best;
    const after = within(variant.trades, fold.split, fold.to);
    chosenTrades.push(...after);
    firstTrades.push(...within(variants[0]?.trades ?? [], fold.split, fold.to));
    results.push({ ...fold, chosen: variant.name, inSampleR, outOfSampleR: meanR(after) });
  }
  return { folds: results, chosenR: meanR(chosenTrades), firstR: meanR(firstTrades) };
}

const within = (trades: readonly Trade[], from: Timestamp, to: Timestamp): readonly Trade[] =>
  trades.filter((trade) => trade.entryTime >= from && trade.exitTime < to);

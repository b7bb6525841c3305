import type { Timestamp } from '../domain/time.ts';
import type { MeanInterval } from './statistics.ts';
import { meanR, type Trade } from './trade.ts';

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

/** Folds that move forward together: each part in-sample is followed by the next `outMs` out-of-sample, without overlap of the latter. */
export function foldsOf(
  span: { readonly from: Timestamp; readonly to: Timestamp },
  lengths: { readonly inMs: number; readonly outMs: number },
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

/** Picks the best variant by mean R in-sample and reports what it did afterwards, fold by fold. Folds without trades in-sample are left out. */
export function walkForward(variants: readonly Variant[], folds: readonly Fold[]): FoldResult[] {
  return folds.flatMap((fold) => {
    let best: { variant: Variant; inSampleR: MeanInterval } | undefined;
    for (const variant of variants) {
      const inSampleR = resultsWithin(variant.trades, fold.from, fold.split);
      if (inSampleR.n === 0) continue;
      if (best === undefined || inSampleR.mean > best.inSampleR.mean) best = { variant, inSampleR };
    }
    if (best === undefined) return [];
    const { variant, inSampleR } = best;
    const outOfSampleR = resultsWithin(variant.trades, fold.split, fold.to);
    return [{ ...fold, chosen: variant.name, inSampleR, outOfSampleR }];
  });
}

function resultsWithin(trades: readonly Trade[], from: Timestamp, to: Timestamp): MeanInterval {
  const within = trades.filter((trade) => trade.entryTime >= from && trade.exitTime < to);
  return meanR(within);
}

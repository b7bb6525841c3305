import { decide } from '../signals/decide.ts';
import type { StrategyParameters } from '../signals/parameters.ts';
import { sliceColumns } from './candle-columns.ts';
import { snapshotColumns, viewAt, type SnapshotColumns } from './snapshot-columns.ts';

/** One signal that came out differently on less history. */
export interface Difference {
  readonly row: number;
  readonly field: string;
  readonly full: number | string;
  readonly truncated: number | string;
}

export interface LookAheadReport {
  readonly checked: number;
  readonly differences: readonly Difference[];
}

/**
 * Recomputes snapshots on the history cut right after their candle. Every field must be identical to the last digit: a
 * difference means that the full run knew something of the future.
 */
export function checkLookAhead(columns: SnapshotColumns, rows: Iterable<number>): LookAheadReport {
  const differences: Difference[] = [];
  let checked = 0;
  for (const row of rows) {
    const full = viewAt(columns, row);
    const cut = snapshotColumns(sliceColumns(columns.candles, 0, row + 1));
    const truncated = viewAt(cut, row);
    checked += 1;
    if (full === undefined || truncated === undefined) {
      if (full === truncated) continue;
      differences.push({
        row,
        field: 'ready',
        full: String(full !== undefined),
        truncated: String(truncated !== undefined),
      });
      continue;
    }
    const other = new Map(Object.entries(truncated));
    for (const [field, value] of Object.entries(full)) {
      const again = Number(other.get(field));
      if (Number(value) !== again)
        differences.push({ row, field, full: Number(value), truncated: again });
    }
  }
  return { checked, differences };
}

export interface WarmUpReport {
  readonly checked: number;
  /** Decisions that differ from those with the whole history. */
  readonly different: number;
}

/**
 * Takes the decisions again with only the newest `history` candles before them, as a program that has just started would. Says
 * how often the decision (side, score, reason) is another one.
 */
export function checkWarmUp(
  {
    columns,
    parameters,
  }: { readonly columns: SnapshotColumns; readonly parameters: StrategyParameters },
  rows: Iterable<number>,
  history = 200,
): WarmUpReport {
  let checked = 0;
  let different = 0;
  for (const row of rows) {
    const full = viewAt(columns, row);
    const from = row + 1 - history;
    if (full === undefined || from < 0) continue;
    const cut = snapshotColumns(sliceColumns(columns.candles, from, row + 1));
    const short = viewAt(cut, history - 1);
    // A gap inside the page leaves a fresh program silent, which is safe and no difference in what it says.
    if (short === undefined) continue;
    checked += 1;
    const one = decide(full, parameters);
    const other = decide(short, parameters);
    const same =
      one.outcome === other.outcome &&
      one.longScore === other.longScore &&
      one.shortScore === other.shortScore;
    if (!same) different += 1;
  }
  return { checked, different };
}

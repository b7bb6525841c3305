import type { StrategyParameters } from '../../signals/parameters.ts';
import type { View } from '../../signals/strategy.ts';
import { sliceColumns } from './candle-columns.ts';
import type { PortfolioMarket } from './market.ts';
import { snapshotColumns, viewAt } from './snapshot-columns.ts';

/** What decisions and values are like when only the newest `history` candles are known. */
export interface WarmUpReport {
  readonly history: number;
  readonly checked: number;
  /** Decisions (side, scores, reason) that differ from those with the whole history. */
  readonly different: number;
  /** Greatest difference of any value, as a fraction of it; of the MACD lines as a fraction of the ATR. */
  readonly greatest: number;
}

/** Lengths that are tried: what a tracker needs, one page of the exchange with and without its forming candle, and more. */
export const HISTORIES = [176, 199, 200, 399, 800] as const;

/**
 * Takes the decisions on the rows asked for again with only the newest candles before them, as a program that has just started
 * would. A row that has fewer candles before it is not checked.
 */
export function checkWarmUp(
  { columns }: PortfolioMarket,
  rows: readonly number[],
  parameters: StrategyParameters,
): readonly WarmUpReport[] {
  const { strategy } = columns;
  return HISTORIES.map((history) => {
    let checked = 0;
    let different = 0;
    let greatest = 0;
    for (const row of rows) {
      const full = viewAt(columns, row);
      const from = row + 1 - history;
      if (full === undefined || from < 0 || history < strategy.minHistory) continue;
      const cut = sliceColumns(columns.candles, from, row + 1);
      const short = viewAt(snapshotColumns(cut, strategy), history - 1);
      // A gap inside the page leaves a fresh program silent, which is safe and no difference in what it says.
      if (short === undefined) continue;
      checked += 1;
      greatest = Math.max(greatest, differenceOf(full, short));
      const decided = (view: View): string =>
        JSON.stringify(strategy.decide(view, parameters) ?? strategy.whyNot(view, parameters));
      if (decided(full) !== decided(short)) different += 1;
    }
    return { history, checked, different, greatest };
  });
}

function differenceOf(full: View, short: View): number {
  const other = new Map(Object.entries(short));
  let greatest = 0;
  for (const [field, value] of Object.entries(full)) {
    const base = field.startsWith('macd') ? full.atr : Number(value);
    if (base === 0) continue;
    greatest = Math.max(greatest, Math.abs((Number(value) - Number(other.get(field))) / base));
  }
  return greatest;
}

/** Several markets as one report a length. */
export const joinWarmUp = (
  reports: readonly (readonly WarmUpReport[])[],
): readonly WarmUpReport[] =>
  HISTORIES.map((history, index) => {
    const own = reports.flatMap((each) => each[index] ?? []);
    return {
      history,
      checked: own.reduce((sum, each) => sum + each.checked, 0),
      different: own.reduce((sum, each) => sum + each.different, 0),
      greatest: Math.max(0, ...own.map((each) => each.greatest)),
    };
  });

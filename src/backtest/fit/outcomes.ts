import { intervalMs } from '../../domain/candle.ts';
import { HOUR, type Timestamp } from '../../domain/time.ts';

/** From close to close of the strategies whose outcomes are recorded. */
export const MARK_MS = intervalMs('4h');

/** One signal of a strategy that was followed as the account would have held it, stop and target at the price of its entry. */
export interface Outcome {
  /** Number of its contract, the same for all of its signals. */
  readonly symbol: number;
  /** Number of its contract's category. */
  readonly category: number;
  /** Leverage that is suggested for it, before any limit. */
  readonly leverage: number;
  /** What its stop costs with fees and slippage, as a fraction of what is bought or sold. */
  readonly unit: number;
  readonly entryTime: Timestamp;
  /** End of the candle it ended in: its place is free from there on. */
  readonly exitTime: Timestamp;
  /** After all costs, in parts of what the stop would have cost. */
  readonly r: number;
  /** What it stood at, in the same parts before costs, at each close before the candle that it ended in. */
  readonly marks: readonly number[];
  readonly clean: boolean;
}

/**
 * One word an outcome, in the order in which the gate is asked: symbol, category, leverage, loss at the stop in hundredths of a percent,
 * hours since the entry before, hours held, result in hundredths of the risk, what it stood at in tenths, "c" for clean.
 */
export function outcomesText(outcomes: readonly Outcome[]): string {
  let before = 0;
  return outcomes
    .map(({ symbol, category, leverage, unit, entryTime, exitTime, r, marks, clean }) => {
      const since = entryTime / HOUR - before;
      before = entryTime / HOUR;
      const held = (exitTime - entryTime) / HOUR;
      const parts = [symbol, category, leverage, Math.round(unit * 1e4)];
      return (
        [
          ...parts,
          since,
          held,
          Math.round(r * 100),
          ...marks.map((mark) => Math.round(mark * 10)),
        ].join(',') + (clean ? 'c' : '')
      );
    })
    .join(' ');
}

/** The outcomes of `outcomesText`; none of an empty text. */
export function readOutcomes(text: string): readonly Outcome[] {
  let hours = 0;
  const lines = text.trim() === '' ? [] : text.trim().split(/\s+/);
  return lines.map((line) => {
    const [symbol = NaN, category = NaN, leverage = NaN, unit = NaN, ...rest] = line
      .replace('c', '')
      .split(',')
      .map(Number);
    const [since = NaN, held = NaN, r = NaN, ...marks] = rest;
    hours += since;
    return {
      symbol,
      category,
      leverage,
      unit: unit / 1e4,
      entryTime: hours * HOUR,
      exitTime: (hours + held) * HOUR,
      r: r / 100,
      marks: marks.map((mark) => mark / 10),
      clean: line.endsWith('c'),
    };
  });
}

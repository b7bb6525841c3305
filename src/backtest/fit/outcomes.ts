import { HOUR, type Timestamp } from '../../domain/time.ts';

/** One signal of a strategy that was followed as the account would have held it, stop and target at the price of its entry. */
export interface Outcome {
  /** Number of its contract, the same for all of its signals. */
  readonly symbol: number;
  readonly entryTime: Timestamp;
  readonly exitTime: Timestamp;
  /** After all costs, in parts of what the stop would have cost. */
  readonly r: number;
  /** What it stood at, in the same parts before costs, at each start of a day (UTC) on the way. */
  readonly marks: readonly number[];
  readonly clean: boolean;
}

/**
 * One word an outcome, in the order in which the gate is asked: symbol, hours since the entry before, hours held, result in hundredths
 * of the risk, what it stood at in tenths, "c" for clean.
 */
export function outcomesText(outcomes: readonly Outcome[]): string {
  let before = 0;
  return outcomes
    .map(({ symbol, entryTime, exitTime, r, marks, clean }) => {
      const since = entryTime / HOUR - before;
      before = entryTime / HOUR;
      const parts = [symbol, since, (exitTime - entryTime) / HOUR, Math.round(r * 100)];
      return (
        [...parts, ...marks.map((mark) => Math.round(mark * 10))].join(',') + (clean ? 'c' : '')
      );
    })
    .join(' ');
}

/** The outcomes of `outcomesText`; none of an empty text. */
export function readOutcomes(text: string): readonly Outcome[] {
  let hours = 0;
  const lines = text.trim() === '' ? [] : text.trim().split(/\s+/);
  return lines.map((line) => {
    const [symbol = NaN, since = NaN, held = NaN, r = NaN, ...marks] = line
      .replace('c', '')
      .split(',')
      .map(Number);
    hours += since;
    return {
      symbol,
      entryTime: hours * HOUR,
      exitTime: (hours + held) * HOUR,
      r: r / 100,
      marks: marks.map((mark) => mark / 10),
      clean: line.endsWith('c'),
    };
  });
}

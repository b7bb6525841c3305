import { CONFIRMATIONS, FILTERS } from '../../signals/agreement/criteria/list.ts';
import type { WeightedCriterion } from '../../signals/agreement/criterion.ts';
import { outcomeOf } from '../../signals/agreement/decide.ts';
import type { Snapshot } from '../../signals/agreement/snapshot.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import { agreement } from '../../signals/strategies/agreement.ts';
import { viewAt, type SnapshotColumns } from './snapshot-columns.ts';

/** Whether the columns are those of the strategy that counts criteria. */
export const areCounted = (columns: SnapshotColumns): columns is SnapshotColumns<Snapshot> =>
  columns.strategy.name === agreement.name;

/** What one variant of the strategy that counts criteria decides on every row. */
export interface SignalColumns {
  /** From each row on the first one with a signal; the number of rows where there is none. */
  readonly next: Int32Array;
  /** As `decide` scores them, 0 where there is no snapshot. */
  readonly longScore: Uint8Array;
  readonly shortScore: Uint8Array;
}

/** `make`, once for all variants that are alike in the parameters named. */
export function oncePer<T>(
  names: readonly (keyof StrategyParameters)[],
  make: (parameters: StrategyParameters) => T,
): (parameters: StrategyParameters) => T {
  const known = new Map<string, T>();
  return (parameters) => {
    const key = names.map((name) => parameters[name]).join();
    const made = known.get(key) ?? make(parameters);
    known.set(key, made);
    return made;
  };
}

const CRITERIA = [...FILTERS, ...CONFIRMATIONS];
const THRESHOLDS = CRITERIA.flatMap(({ thresholds }) => thresholds);
const DECIDING = [...agreement.decidesBy, 'minDayTurnover'] as const;

/**
 * The decisions of each variant. A criterion is asked once for all that are alike in its own thresholds; those alike in all
 * thresholds share their scores, and only what a score has to reach is looked at for each.
 */
export function signalColumns(
  columns: SnapshotColumns<Snapshot>,
  variants: readonly StrategyParameters[],
): readonly SignalColumns[] {
  const { length } = columns.candles;
  const all: CriterionColumns[] = [];
  const criteriaOf = CRITERIA.map((criterion) =>
    oncePer(criterion.thresholds, (parameters) => {
      const long = new Uint8Array(length);
      const short = FILTERS.includes(criterion) ? long : new Uint8Array(length);
      const answers = { criterion, parameters, long, short };
      all.push(answers);
      return answers;
    }),
  );
  for (const parameters of variants) for (const of of criteriaOf) of(parameters);
  answer(columns, all);
  const scoresOf = oncePer(THRESHOLDS, (parameters) =>
    sum(
      criteriaOf.map((of) => of(parameters)),
      length,
    ),
  );
  const signalsOf = oncePer(DECIDING, (parameters) => {
    const scores = scoresOf(parameters);
    return { ...scores, next: nextSignals(scores, parameters, columns) };
  });
  return variants.map(signalsOf);
}

/** On which rows a criterion is met. A filter has one column for both sides. */
interface CriterionColumns {
  readonly criterion: WeightedCriterion;
  readonly parameters: StrategyParameters;
  readonly long: Uint8Array;
  readonly short: Uint8Array;
}

/** Asks all criteria of every snapshot, which is made once for all of them. */
function answer(columns: SnapshotColumns<Snapshot>, all: readonly CriterionColumns[]): void {
  for (let row = 0; row < columns.candles.length; row += 1) {
    const view = viewAt(columns, row);
    if (view === undefined) continue;
    for (const { criterion, parameters, long, short } of all) {
      long[row] = criterion.met(view, parameters, 'long') ? 1 : 0;
      if (short !== long) short[row] = criterion.met(view, parameters, 'short') ? 1 : 0;
    }
  }
}

interface ScoreColumns {
  readonly filtersMet: Uint8Array;
  readonly longScore: Uint8Array;
  readonly shortScore: Uint8Array;
}

function sum(answers: readonly CriterionColumns[], length: number): ScoreColumns {
  const filtersMet = new Uint8Array(length);
  const longScore = new Uint8Array(length);
  const shortScore = new Uint8Array(length);
  for (const { criterion, long, short } of answers) {
    if (FILTERS.includes(criterion)) add(filtersMet, long, 1);
    add(longScore, long, criterion.weight);
    add(shortScore, short, criterion.weight);
  }
  return { filtersMet, longScore, shortScore };
}

function add(total: Uint8Array, met: Uint8Array, weight: number): void {
  for (let row = 0; row < total.length; row += 1) {
    total[row] = (total[row] ?? 0) + (met[row] ?? 0) * weight;
  }
}

function nextSignals(
  { filtersMet, longScore, shortScore }: ScoreColumns,
  parameters: StrategyParameters,
  { ready, before, strategy, fields: { dayTurnover } }: SnapshotColumns<Snapshot>,
): Int32Array {
  const { minScore, minDayTurnover } = parameters;
  const chain = { ready, before, most: strategy.quietFor };
  const quiet = {
    long: quietBefore(longScore, minScore, chain),
    short: quietBefore(shortScore, minScore, chain),
  };
  const next = new Int32Array(ready.length);
  let found = ready.length;
  const isSignal = (row: number): boolean => {
    const scores = {
      filtersMet: filtersMet[row] ?? NaN,
      longScore: longScore[row] ?? NaN,
      shortScore: shortScore[row] ?? NaN,
    };
    const outcome = outcomeOf(scores, parameters);
    return (
      (outcome === 'long' || outcome === 'short') &&
      (quiet[outcome][row] ?? 0) >= strategy.quietFor &&
      !((dayTurnover[row] ?? NaN) < minDayTurnover)
    );
  };
  for (let row = ready.length - 1; row >= 0; row -= 1) {
    // Nearly every row has no score that high, or had one the row before.
    const isHigh = (longScore[row] ?? NaN) >= minScore || (shortScore[row] ?? NaN) >= minScore;
    if (isHigh && ready[row] === 1 && isSignal(row)) found = row;
    next[row] = found;
  }
  return next;
}

interface Chain extends Pick<SnapshotColumns, 'ready' | 'before'> {
  /** Candles beyond which nobody counts. */
  readonly most: number;
}

/** Of each row, how many used candles right before it are known to have scored less. */
function quietBefore(
  score: Uint8Array,
  minScore: number,
  { ready, before, most }: Chain,
): Uint8Array {
  const quiet = new Uint8Array(ready.length);
  if (most === 0) return quiet;
  for (let row = 0; row < quiet.length; row += 1) {
    const last = before[row] ?? -1;
    if (last < 0 || ready[last] !== 1 || (score[last] ?? NaN) >= minScore) continue;
    quiet[row] = Math.min(most, (quiet[last] ?? 0) + 1);
  }
  return quiet;
}

import type { StrategyParameters } from '../../signals/parameters.ts';
import type { View, EntryRequest } from '../../signals/strategy.ts';
import { createTracker } from '../../signals/tracker.ts';
import {
  candleSlot,
  readCandle,
  sliceColumns,
  type CandleColumns,
} from '../candles/candle-columns.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { snapshotColumns, viewAt, type SnapshotColumns } from '../candles/snapshot-columns.ts';
import type { Trade } from '../trade/trade.ts';

/** Something that came out differently on less history. */
export interface Difference {
  readonly symbol: string;
  readonly row: number;
  readonly field: string;
  readonly full: number | string;
  readonly truncated: number | string;
}

export interface LookAheadReport {
  /** Rows whose figures were worked out again with only what lay before. */
  readonly rows: number;
  /** Trades whose signal was: side, score and moment. */
  readonly signals: number;
  /** Rows at which the columns were computed anew on a cut recording. */
  readonly cuts: number;
  readonly different: number;
  /** The first 20. */
  readonly differences: readonly Difference[];
}

const KEPT = 20;

export interface LookAheadInput {
  readonly market: PortfolioMarket;
  readonly parameters: StrategyParameters;
  /** Of this market, each from a signal. */
  readonly trades: readonly Trade[];
  /** Rows at which the recording is cut. */
  readonly cuts: readonly number[];
  /** What computed the columns: it is asked again for each cut. */
  readonly compute?: (candles: CandleColumns) => SnapshotColumns;
}

/**
 * Nothing that a run used may depend on a later candle. Every row is worked out again by a tracker that is handed one candle after
 * the other, so that it cannot know a later one; every trade must have been a signal there, on the candle that closed when it
 * was entered; and at the rows asked for, the columns are computed anew on a recording that ends there. Every figure must be the
 * same to the last digit.
 */
export function checkLookAhead(input: LookAheadInput): LookAheadReport {
  const { market, parameters, trades, cuts } = input;
  const { columns, instrument } = market;
  const { strategy } = columns;
  const { compute = (candles: CandleColumns) => snapshotColumns(candles, strategy) } = input;
  const { symbol } = instrument;
  const differences: Difference[] = [];
  let different = 0;
  const differ = (row: number, field: string, [full, truncated]: Pair): void => {
    different += 1;
    if (differences.length < KEPT) differences.push({ symbol, row, field, full, truncated });
  };
  const comparing = (): ((row: number, again: View | undefined) => void) => {
    /** The columns in the order in which these views have their fields. */
    let ordered: readonly (Float64Array | undefined)[] | undefined;
    return (row, again) => {
      if ((columns.ready[row] === 1) !== (again !== undefined)) {
        differ(row, 'ready', [columns.ready[row] === 1 ? 'yes' : 'no', again ? 'yes' : 'no']);
        return;
      }
      if (again === undefined) return;
      ordered ??= inOrderOf(again, columns);
      let place = 0;
      // The one way to go through fields by their names that costs no look-up for each, at every row of every market.
      for (const field in again) {
        const value = ordered[place]?.[row] ?? NaN;
        const other = again[field as keyof View];
        if (!Object.is(value, other)) differ(row, field, [value, other]);
        place += 1;
      }
    };
  };
  const signals = new Map<number, string>();
  const entries = Float64Array.from(trades, ({ entryTime }) => entryTime).sort();
  let next = 0;
  const slot = candleSlot();
  const tracker = createTracker(symbol, strategy);
  const compare = comparing();
  for (let row = 0; row < columns.candles.length; row += 1) {
    const { kind } = tracker.feed(readCandle(columns.candles, row, slot));
    const again = kind === 'refused' || kind === 'ignored' ? undefined : tracker.snapshot();
    compare(row, again);
    if (again === undefined) continue;
    while ((entries[next] ?? Infinity) < again.closedAt) next += 1;
    if (entries[next] !== again.closedAt) continue;
    const request = tracker.request(parameters);
    if (request !== undefined) signals.set(again.closedAt, signalText(request));
  }
  for (const trade of trades) {
    const { entryTime } = trade;
    const full = signalText(trade);
    const truncated = signals.get(entryTime) ?? 'none';
    if (full !== truncated)
      differ(columns.candles.time.indexOf(entryTime), 'signal', [full, truncated]);
  }
  const compareCut = comparing();
  for (const row of cuts) {
    compareCut(row, viewAt(compute(sliceColumns(columns.candles, 0, row + 1)), row));
  }
  const { length: rows } = columns.candles;
  return { rows, signals: trades.length, cuts: cuts.length, different, differences };
}

/** The columns in the order of a view's fields. Throws RangeError where one of the two has fewer: what is not there cannot be compared. */
function inOrderOf(view: View, { fields }: SnapshotColumns): readonly (Float64Array | undefined)[] {
  const names = Object.keys(view) as readonly (keyof View)[];
  const missing = names.find((name) => fields[name] === undefined);
  if (missing !== undefined || names.length !== Object.keys(fields).length) {
    throw new RangeError(`views and columns hold other fields: ${names.join()}`);
  }
  return names.map((name) => fields[name]);
}

/** With all of history, and with what lay before. */
type Pair = readonly [full: number | string, truncated: number | string];

const signalText = ({ side, score }: EntryRequest): string =>
  score === undefined ? side : `${side}, score ${score}`;

/** Several markets as one report. */
export function joinLookAhead(reports: readonly LookAheadReport[]): LookAheadReport {
  const sum = (figure: (report: LookAheadReport) => number): number =>
    reports.reduce((total, each) => total + figure(each), 0);
  return {
    rows: sum((each) => each.rows),
    signals: sum((each) => each.signals),
    cuts: sum((each) => each.cuts),
    different: sum((each) => each.different),
    differences: reports.flatMap((each) => each.differences).slice(0, KEPT),
  };
}

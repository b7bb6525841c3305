import { emptyColumn } from '../../indicators/column.ts';
import { createContinuity, type FeedCounts } from '../../signals/continuity.ts';
import { isNew, wanted } from '../../signals/event.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import type { EntryRequest, Strategy, View, ViewColumns } from '../../signals/strategy.ts';
import {
  areNeighbours,
  candleSlot,
  pickRows,
  readCandle,
  type CandleColumns,
} from './candle-columns.ts';

/** What a strategy's tracker would know after each row, to the last bit. Computed once; any number of variants read it. */
export interface SnapshotColumns<V extends View = View> {
  readonly strategy: Strategy<V>;
  readonly candles: CandleColumns;
  readonly fields: ViewColumns<V>;
  /** 1 where there is a snapshot. */
  readonly ready: Uint8Array;
  /** The used row before each used row in one unbroken stretch; -1 where there is none. */
  readonly before: Int32Array;
  readonly counts: FeedCounts;
}

/**
 * Rows are used, refused and bridged as the tracker of the live scan does; the indicators come as columns instead of candle by
 * candle. Of a row that is repeated with other figures only the last version has a snapshot.
 */
export function snapshotColumns<V extends View>(
  candles: CandleColumns,
  strategy: Strategy<V>,
): SnapshotColumns<V> {
  const { length } = candles;
  const continuity = createContinuity(strategy);
  const stretches: number[][] = [];
  let stretch: number[] = [];
  const ready = new Uint8Array(length);
  const before = new Int32Array(length).fill(-1);
  const slot = candleSlot();
  for (let row = 0; row < length; row += 1) {
    const { kind } = continuity.take(readCandle(candles, row, slot));
    if (kind === 'refused' || kind === 'ignored') continue;
    if (kind === 'restarted') stretch = [];
    if (kind === 'revised') ready[stretch.pop() ?? row] = 0;
    if (stretch.length === 0) stretches.push(stretch);
    before[row] = stretch.at(-1) ?? -1;
    stretch.push(row);
    if (continuity.isReady()) ready[row] = 1;
  }
  const fields = fieldsOf(candles, stretches, strategy);
  for (const column of columnsIn(fields)) {
    for (let row = 0; row < length; row += 1) if (Number.isNaN(column[row])) ready[row] = 0;
  }
  return { strategy, candles, fields, ready, before, counts: continuity.counts() };
}

/** The strategy's columns over each stretch, written back to the rows that they came from. */
function fieldsOf<V extends View>(
  candles: CandleColumns,
  stretches: readonly (readonly number[])[],
  strategy: Strategy<V>,
): ViewColumns<V> {
  const [whole] = stretches;
  if (whole?.length === candles.length) return strategy.columnsOf(candles);
  const known = stretches.map((rows) => strategy.columnsOf(pickRows(candles, rows)));
  const [first = strategy.columnsOf(pickRows(candles, []))] = known;
  const names = Object.keys(first) as (keyof V)[];
  const fields = Object.fromEntries(names.map((name) => [name, emptyColumn(candles.length)]));
  for (const [index, rows] of stretches.entries()) {
    for (const name of names) place(known[index]?.[name], rows, fields[name as string]);
  }
  return fields as ViewColumns<V>;
}

const columnsIn = (fields: Readonly<Record<string, Float64Array>>): readonly Float64Array[] =>
  Object.values(fields);

/** Writes a column of picked rows back to where they came from. */
function place(
  column: Float64Array | undefined,
  rows: readonly number[],
  into: Float64Array | undefined,
): void {
  if (column === undefined || into === undefined) return;
  if (areNeighbours(rows)) into.set(column, rows[0]);
  else for (const [index, row] of rows.entries()) into[row] = column[index] ?? NaN;
}

/** The snapshot after row `row`; undefined where the tracker had none. */
export const viewAt = <V extends View>(
  { strategy, fields, ready }: SnapshotColumns<V>,
  row: number,
): V | undefined => (ready[row] === 1 ? strategy.viewAt(fields, row) : undefined);

/** What the strategy wants on the candle in row `row`: `eventOf` over columns. */
export function eventAt<V extends View>(
  columns: SnapshotColumns<V>,
  row: number,
  parameters: StrategyParameters,
): EntryRequest | undefined {
  const view = viewAt(columns, row);
  const request = view && wanted(columns.strategy, view, parameters);
  if (request === undefined) return undefined;
  const { side } = request;
  // The function is handed over as it stands: a name for it would cost more than the question, at every row of every market.
  return isNew(columns.strategy, { parameters, side }, (candles) =>
    viewBefore(columns, row, candles),
  )
    ? request
    : undefined;
}

/** What is wanted on a row, by the row. */
export interface RequestAt extends EntryRequest {
  /** The one whose candle just closed. */
  readonly row: number;
  /** What was known after it, where that is at hand. */
  readonly view?: View | undefined;
}

/** What is wanted on each row on which something is, in their order. */
export function eventsIn(
  columns: SnapshotColumns,
  parameters: StrategyParameters,
): readonly RequestAt[] {
  const { ready, fields, strategy } = columns;
  const { minDayTurnover } = parameters;
  const events: RequestAt[] = [];
  for (let row = 0; row < ready.length; row += 1) {
    // Of most rows no view need be made.
    if (ready[row] !== 1 || (fields.dayTurnover[row] ?? NaN) < minDayTurnover) continue;
    if (strategy.mayStand?.(fields, row) === false) continue;
    const request = eventAt(columns, row, parameters);
    if (request !== undefined) events.push({ ...request, row });
  }
  return events;
}

const KNOWN = new WeakMap<SnapshotColumns, Map<string, readonly RequestAt[]>>();

/** `eventsIn`, found once for columns that account, study and figures of a run all look through. */
export function eventsOf(
  columns: SnapshotColumns,
  parameters: StrategyParameters,
): readonly RequestAt[] {
  const known = KNOWN.get(columns) ?? new Map<string, readonly RequestAt[]>();
  KNOWN.set(columns, known);
  const { minDayTurnover } = parameters;
  const key = [
    minDayTurnover,
    ...columns.strategy.decidesBy.map((name) => parameters[name]),
  ].join();
  const found = known.get(key) ?? eventsIn(columns, parameters);
  known.set(key, found);
  return found;
}

function viewBefore<V extends View>(
  columns: SnapshotColumns<V>,
  row: number,
  candles: number,
): V | undefined {
  let at = row;
  for (let back = 0; back < candles && at >= 0; back += 1) at = columns.before[at] ?? -1;
  return at < 0 ? undefined : viewAt(columns, at);
}

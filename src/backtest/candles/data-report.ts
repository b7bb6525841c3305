import { formatDuration, type Timestamp } from '../../domain/time.ts';
import type { ParsedCandles } from '../files/csv.ts';
import { ROW_FAULTS, type RowFault, type RowFaultKind } from '../files/row-fault.ts';
import { countText } from '../../domain/words/words.ts';

/** What the candles of one symbol are like, and what of its file was not used. */
export interface DataReport {
  readonly symbol: string;
  /** Candles that the run uses. */
  readonly candles: number;
  readonly from: Timestamp;
  /** End of the newest candle. */
  readonly to: Timestamp;
  readonly leftOut: Readonly<Partial<Record<RowFaultKind, number>>>;
  /** The first row that was left out. */
  readonly firstFault: RowFault | undefined;
  /** Rows with a bad tick that the run uses all the same. */
  readonly usedTicks: number;
  readonly firstUsedTick: RowFault | undefined;
  readonly gaps: number;
  /** Candles that are missing in them. */
  readonly missing: number;
  readonly longestGapMs: number;
  readonly withoutVolume: number;
}

export function describeData(
  symbol: string,
  { columns, faults, usedTicks }: Pick<ParsedCandles, 'columns' | 'faults' | 'usedTicks'>,
  lengthMs: number,
): DataReport {
  const { time, volume, length } = columns;
  let gaps = 0;
  let missing = 0;
  let longest = 0;
  let withoutVolume = 0;
  for (let row = 0; row < length; row += 1) {
    if (volume[row] === 0) withoutVolume += 1;
    const silent = row === 0 ? 0 : (time[row] ?? NaN) - (time[row - 1] ?? NaN) - lengthMs;
    if (silent <= 0) continue;
    gaps += 1;
    missing += Math.round(silent / lengthMs);
    longest = Math.max(longest, silent);
  }
  const leftOut: Partial<Record<RowFaultKind, number>> = {};
  for (const { kind } of faults) leftOut[kind] = (leftOut[kind] ?? 0) + 1;
  return {
    symbol,
    candles: length,
    from: time[0] ?? NaN,
    to: (time[length - 1] ?? NaN) + lengthMs,
    leftOut,
    firstFault: faults[0],
    usedTicks: usedTicks.length,
    firstUsedTick: usedTicks[0],
    gaps,
    missing,
    longestGapMs: longest,
    withoutVolume,
  };
}

const LISTED = 12;

/** What is to be known about the data of a run, in plain words: all of it together, then each symbol with rows left out. */
export function dataLines(reports: readonly DataReport[]): string[] {
  const sum = (figure: (report: DataReport) => number): number =>
    reports.reduce((total, each) => total + figure(each), 0);
  const gaps = sum((each) => each.gaps);
  const withoutVolume = sum((each) => each.withoutVolume);
  const longest = Math.max(0, ...reports.map((each) => each.longestGapMs));
  return [
    `data: ${countText(
      sum((each) => each.candles),
      'candle',
    )}; ${countText(gaps, 'gap')}${
      gaps === 0
        ? ''
        : ` (${countText(
            sum((each) => each.missing),
            'candle',
          )} missing, longest ${formatDuration(longest)})`
    }; ${countText(withoutVolume, 'candle')} without volume`,
    ...listed(reports.filter(({ firstFault }) => firstFault !== undefined).map(faultLine)),
    ...listed(reports.filter(({ usedTicks }) => usedTicks > 0).map(usedTickLine)),
  ];
}

const listed = (lines: readonly string[]): readonly string[] =>
  lines.length > LISTED
    ? [
        ...lines.slice(0, LISTED),
        `and rows of ${countText(lines.length - LISTED, 'more symbol')}; --json has all`,
      ]
    : lines;

const placeOf = (fault: RowFault | undefined): string =>
  `${fault?.file === undefined ? '' : `${fault.file} `}line ${fault?.line}`;

const usedTickLine = ({ symbol, usedTicks, firstUsedTick }: DataReport): string =>
  `prices that jump, used because the rule uses every row: ${symbol}: ${countText(usedTicks, 'row')}; first in ${placeOf(firstUsedTick)}: ${firstUsedTick?.reason}`;

function faultLine({ symbol, leftOut, firstFault }: DataReport): string {
  const counts = ROW_FAULTS.flatMap((kind) => {
    const count = leftOut[kind];
    return count === undefined ? [] : [`${count} ${kind}`];
  });
  return `rows left out: ${symbol}: ${counts.join(', ')}; first in ${placeOf(firstFault)}: ${firstFault?.reason}`;
}

/** How the files were understood: contracts whose files are written alike share a line. */
export function understoodLines(
  read: readonly { readonly symbol: string; readonly understood: string }[],
): readonly string[] {
  const ways = new Map<string, string[]>();
  for (const { symbol, understood } of read) {
    ways.set(understood, [...(ways.get(understood) ?? []), symbol]);
  }
  const lines = [...ways].map(([understood, symbols]) => {
    const names =
      symbols.length > LISTED ? countText(symbols.length, 'symbol') : symbols.join(', ');
    return `read as: ${names}: ${understood}`;
  });
  return listed(lines);
}

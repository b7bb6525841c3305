import { INTERVALS, intervalMs } from '../../domain/candle.ts';
import { formatUtc, formatUtcExactly, MINUTE, SECOND, type Timestamp } from '../../domain/time.ts';
import { commonest, lengthText } from '../candles/candle-length.ts';

/** Times that end a candle with its last millisecond or second, as …:59:59.999 and …:59:59. */
const BEFORE_THE_END = [1, SECOND];
/** Rows beside the grid that are slips; more of them are a mixture. */
const SLIPS = 10;
const SLIP_SHARE = 0.01;
/** So many equal steps of another length in a row are candles of that length, not gaps. */
const OTHER_LENGTH_AFTER = 24;

/** What the times of a file say about its candles. */
export interface Grid {
  /** Length of the candles; undefined below two rows. */
  readonly stepMs: number | undefined;
  /** What leads from a time to the candle's open. */
  readonly shiftMs: number;
  /** Whether an open, shifted, lies where candles of this length begin. */
  fits(openTime: Timestamp): boolean;
  readonly said: readonly string[];
}

/**
 * The grid on which candles with these times lie. Ends of candles are recognised by their last millisecond or second, or because the file
 * says so. Throws RangeError for times off the grid, for two lengths in one file, and for another length than the file's name says.
 */
export function gridOf(
  times: readonly Timestamp[],
  file: { readonly isCloseTime: boolean; readonly namedMs: number | undefined },
): Grid {
  const sorted = isAscending(times)
    ? times
    : [...new Set(times)].toSorted((one, other) => one - other);
  const steps = sorted.slice(1).map((time, index) => time - (sorted[index] ?? NaN));
  const stepMs = commonest(steps) ?? file.namedMs;
  if (stepMs === undefined) return gridless(file.isCloseTime);
  if (file.namedMs !== undefined && sorted.length > 2 && stepMs !== file.namedMs) {
    throw new RangeError(
      `its name says candles of ${lengthText(file.namedMs)}, but its rows lie ${lengthText(stepMs)} apart`,
    );
  }
  checkLonger(sorted, steps, stepMs);
  const known = INTERVALS.some((each) => intervalMs(each) === stepMs) || stepMs < MINUTE;
  const beside = known ? (commonest(sorted.map((time) => time % stepMs)) ?? 0) : 0;
  const early = BEFORE_THE_END.find((each) => beside === stepMs - each);
  const shiftMs = early !== undefined ? early - stepMs : file.isCloseTime ? -stepMs : 0;
  if (beside !== 0 && early === undefined) {
    const first = sorted.find((time) => time % stepMs === beside) ?? NaN;
    throw new RangeError(
      `its candles of ${lengthText(stepMs)} do not open on a whole ${lengthText(stepMs)}: the first is of ${formatUtcExactly(first)}`,
    );
  }
  const fits = (openTime: Timestamp): boolean => !known || openTime % stepMs === 0;
  const off = sorted.filter((time) => !fits(time + shiftMs));
  if (off.length > Math.max(SLIPS, sorted.length * SLIP_SHARE)) {
    throw new RangeError(
      `it mixes lengths: most rows lie ${lengthText(stepMs)} apart, but ${off.length} begin within such a candle, the first at ${formatUtcExactly(off[0] ?? NaN)}`,
    );
  }
  return { stepMs, shiftMs, fits, said: shiftMs === 0 ? [] : [CLOSE] };
}

const isAscending = (times: readonly Timestamp[]): boolean =>
  times.every((time, row) => row === 0 || time > (times[row - 1] ?? NaN));

const CLOSE = 'its times are the ends of the candles, the opens were worked out';

function gridless(isCloseTime: boolean): Grid {
  if (isCloseTime) {
    throw new RangeError('it names the ends of candles, and one row does not tell their length');
  }
  return { stepMs: undefined, shiftMs: 0, fits: () => true, said: [] };
}

function checkLonger(sorted: readonly Timestamp[], steps: readonly number[], stepMs: number): void {
  let run = 0;
  for (const [index, step] of steps.entries()) {
    run = step !== stepMs && step === steps[index - 1] ? run + 1 : 1;
    if (run < OTHER_LENGTH_AFTER || step === stepMs) continue;
    const from = sorted[index - run + 1] ?? NaN;
    throw new RangeError(
      `it mixes lengths: from ${formatUtc(from)} on its rows lie ${lengthText(step)} apart, most others ${lengthText(stepMs)}`,
    );
  }
}

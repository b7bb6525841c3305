import {
  badTick,
  createTickWatch,
  LEVEL_LASTS,
  levelAfter,
  NEW_LEVEL_AFTER,
  type TickVerdict,
} from '../../indicators/bad-tick.ts';
import { placeOf, type CandleRow } from './candle-rows.ts';

/** What becomes of rows whose prices jump as no market's do: left out, or used and named. */
export type BadTicks = 'left-out' | 'used';

export interface FoundTick {
  readonly row: CandleRow;
  /** In plain words. */
  readonly reason: string;
}

export interface JudgedRows {
  readonly used: readonly CandleRow[];
  /** Left out, or used all the same, in no certain order. */
  readonly ticks: readonly FoundTick[];
}

/**
 * Which rows, in the order of time, are bad ticks: those that the live side refuses, however long is missing before them, and, as a
 * file knows what follows, one or two at its beginning that stand away from it. Throws RangeError for prices that jump to another
 * level and stay there, unless bad ticks are used or more is missing before them than a level lasts.
 */
export const judgeTicks = (rows: readonly CandleRow[], badTicks: BadTicks): JudgedRows =>
  badTicks === 'used' ? allUsed(rows) : leftOut(rows);

/** Where nothing is left out, another level is a jump and then the price. */
function allUsed(rows: readonly CandleRow[]): JudgedRows {
  const ticks = rows.flatMap((row, index): FoundTick[] => {
    const tick = badTick(row.candle, rows[index - 1]?.candle.close);
    return tick === undefined ? [] : [{ row, reason: tick.reason }];
  });
  return { used: rows, ticks };
}

function leftOut(rows: readonly CandleRow[]): JudgedRows {
  const used: CandleRow[] = [];
  const ticks: FoundTick[] = [];
  const tickOf = createTickWatch();
  let level: number | undefined;
  const take = (row: CandleRow): void => {
    const verdict: TickVerdict = tickOf(row.candle, level);
    if (verdict === 'sound') {
      used.push(row);
      level = row.candle.close;
      return;
    }
    if (verdict !== 'new-level') {
      ticks.push({ row, reason: verdict.reason });
      return;
    }
    const strays = ticks.splice(1 - NEW_LEVEL_AFTER).map((each) => each.row);
    startOver(strays[0] ?? row, row.candle.close);
    for (const each of [...strays, row]) take(each);
  };

  /** Another level than before begins with that row. */
  function startOver(row: CandleRow, close: number): void {
    const last = used.at(-1);
    if (used.length < NEW_LEVEL_AFTER) {
      for (const each of used.splice(0)) {
        ticks.push({ row: each, reason: levelAfter(each.candle, close) });
      }
    } else if (last !== undefined && row.candle.openTime - last.candle.openTime <= LEVEL_LASTS) {
      throw newLevel(placeOf(row), last.candle.close);
    }
    level = undefined;
  }

  for (const row of rows) take(row);
  return { used, ticks };
}

const newLevel = (place: string, before: number): RangeError =>
  new RangeError(
    `the prices jump away from ${before} before ${place} and stay there: another scale or another contract. Cut the file there`,
  );

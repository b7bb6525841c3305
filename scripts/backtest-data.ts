import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Recording, Window } from '../src/backtest/analyse.ts';
import { sliceColumns } from '../src/backtest/candle-columns.ts';
import { parseCandleCsv } from '../src/backtest/csv.ts';
import { presetStart } from '../src/backtest/presets.ts';
import { formatUtc, HOUR } from '../src/domain/time.ts';
import { categoryOf } from '../src/signals/categories.ts';
import { WARM_UP_CANDLES } from '../src/signals/continuity.ts';
import { UsageError, type Options } from './backtest-options.ts';

const ENDING = '.csv.gz';

/** Candles before a signal is possible at all. The reference rule uses every row; its bands need 20. */
const LEAST_ROWS: Record<Options['strategy'], number> = {
  conservative: WARM_UP_CANDLES,
  'band-reversion': 21,
};

export interface Loaded {
  readonly recordings: readonly (Recording & { readonly priceDecimals: number })[];
  readonly problems: readonly string[];
}

/** Reads the recordings that were asked for. What cannot be used is named; nothing usable at all is a UsageError. */
export function load({ data, symbols, strategy }: Options): Loaded {
  const kind = statSync(data, { throwIfNoEntry: false });
  if (kind === undefined) throw new UsageError(`the folder "${data}" does not exist`);
  if (!kind.isDirectory()) throw new UsageError(`"${data}" is no folder; give the one it is in`);
  const there = readdirSync(data)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .toSorted();
  if (there.length === 0) throw new UsageError(`the folder "${data}" holds no *${ENDING} file`);
  const wanted = symbols ?? there;
  const problems = wanted.filter((each) => !there.includes(each)).map((each) => `${each}: no data`);
  const usable = wanted.filter((each) => there.includes(each));
  const recordings = usable.flatMap((symbol, index) => {
    showProgress('reading', index + 1, usable.length);
    const parsed = parse(join(data, `${symbol}${ENDING}`));
    if (typeof parsed === 'string') {
      problems.push(`${symbol}: ${parsed}`);
      return [];
    }
    const { columns, faults, priceDecimals } = parsed;
    const first = faults[0];
    if (first !== undefined) {
      problems.push(
        `${symbol}: ${faults.length} rows left out, first line ${first.line}: ${first.reason}`,
      );
    }
    // The newest row may have been forming when it was recorded; the reference rule uses every row all the same.
    const rows = strategy === 'conservative' ? columns.length - 1 : columns.length;
    const least = LEAST_ROWS[strategy];
    if (rows < least) {
      problems.push(`${symbol}: ${rows} closed candles, ${least} are needed before any signal`);
      return [];
    }
    return [
      {
        symbol,
        category: categoryOf(symbol),
        candles: sliceColumns(columns, 0, rows),
        priceDecimals,
      },
    ];
  });
  if (recordings.length === 0) throw new UsageError(`nothing to run: ${problems.join('; ')}`);
  return { recordings, problems };
}

function parse(file: string): ReturnType<typeof parseCandleCsv> | string {
  try {
    return parseCandleCsv(gunzipSync(readFileSync(file)).toString());
  } catch (error) {
    return `the file cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The time that is traded: what was asked for, within what the data cover. */
export function windowOf(options: Options, recordings: readonly Recording[]): Window {
  const starts = recordings.map(({ candles }) => candles.time[0] ?? NaN);
  const ends = recordings.map(({ candles }) => (candles.time.at(-1) ?? NaN) + HOUR);
  const to = Math.min(options.to ?? Infinity, Math.max(...ends));
  const earliest = options.preset === undefined ? -Infinity : presetStart(options.preset, to);
  const from = Math.max(options.from ?? earliest, Math.min(...starts));
  if (from < to) return { from, to };
  throw new UsageError(
    `no candle lies between --from and --to; the data reach from ${formatUtc(Math.min(...starts))} to ${formatUtc(Math.max(...ends))}`,
  );
}

/** A bar on a terminal, nothing elsewhere. */
export function showProgress(what: string, done: number, total: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.round((done / total) * 30);
  const bar = '#'.repeat(filled).padEnd(30, '.');
  process.stderr.write(
    `\r${what.padEnd(12)} [${bar}] ${done}/${total}${done === total ? '\n' : ''}`,
  );
}

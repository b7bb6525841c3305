/** What a run leaves behind: files that are there whole or not at all. */
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Analysis } from '../src/backtest/figures/analyse.ts';
import { dailyEquity } from '../src/backtest/figures/equity.ts';
import { metricsOf, type Metrics } from '../src/backtest/figures/metrics.ts';
import type { PortfolioResult } from '../src/backtest/account/portfolio.ts';
import { UsageError } from './backtest-options.ts';

const beside = (file: string): string =>
  join(dirname(resolve(file)), `.${basename(file)}.${process.pid}.part`);

/** Throws UsageError where a file could not be written: before a long run, not after it. */
export function checkTargets(files: readonly (string | undefined)[]): void {
  const targets = files.filter((file) => file !== undefined);
  if (new Set(targets.map((file) => resolve(file))).size < targets.length) {
    throw new UsageError('--json and --png name the same file');
  }
  for (const file of targets) checkTarget(file);
}

function checkTarget(file: string): void {
  const cannot = (why: string): UsageError => new UsageError(`"${file}" cannot be written: ${why}`);
  const folder = dirname(resolve(file));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw cannot(`the folder ${folder} does not exist`);
  }
  const there = statSync(file, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) throw cannot('it is a folder');
  try {
    if (there !== undefined) accessSync(file, constants.W_OK);
    if (there === undefined || there.isFile()) {
      closeSync(openSync(beside(file), 'w'));
      unlinkSync(beside(file));
    }
  } catch (error) {
    throw cannot(error instanceof Error ? error.message : String(error));
  }
}

/** Writes beside it and renames, so that nobody ever reads half of it. What is no plain file, such as a pipe, is written at once. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) return writeFileSync(file, content);
  try {
    writeFileSync(beside(file), content);
    renameSync(beside(file), file);
  } catch (error) {
    const part = statSync(beside(file), { throwIfNoEntry: false });
    if (part !== undefined) unlinkSync(beside(file));
    throw new UsageError(
      `"${file}" was not written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const GROUP_NAMES: Readonly<Record<string, string>> = {
  symbol: 'bySymbol',
  category: 'byCategory',
  side: 'bySide',
  'hour of entry, UTC': 'byHour',
  'exit reason': 'byExitReason',
  'score band': 'byScoreBand',
};

/** An analysis as JSON: the trades, and every figure under `metrics`. */
export function analysisJson(
  { trades, equity, metrics, groups, ...rest }: Analysis,
  account?: Pick<PortfolioResult, 'requests' | 'refusals' | 'halts'>,
): Readonly<Record<string, unknown>> {
  const grouped = Object.entries(groups).map(([name, list]) => [GROUP_NAMES[name] ?? name, list]);
  const refused =
    account === undefined
      ? {}
      : {
          requests: account.requests,
          refusals: Object.fromEntries(account.refusals),
          halts: account.halts,
        };
  return {
    trades,
    metrics: { ...metrics, ...Object.fromEntries(grouped), ...refused },
    ...rest,
    dailyEquity: dailyEquity(equity),
  };
}

/** The figures of a run that could not take place. */
export const noMetrics = (equity: number): Metrics => ({
  ...metricsOf({ trades: [], equity: [], candleMs: () => NaN }),
  startEquity: equity,
  endEquity: equity,
  totalReturn: 0,
});

/** JSON in which every figure without a meaning is null, as `undefinedBecause` explains. */
export const toJson = (value: unknown): string =>
  `${JSON.stringify(value, (_, each: unknown) => (each === undefined ? null : each), 1)}\n`;

import { dataLines } from '../src/backtest/candles/data-report.ts';
import { formatUtc } from '../src/domain/time.ts';
import { WrongOption } from '../src/process/options.ts';
import { load, NothingToRun, windowOf, type Loaded } from './backtest-data.ts';
import { BACKTEST_COMMAND, readOptions, UsageError, type Options } from './backtest-options.ts';
import { checkTargets, noMetrics, toJson, writeWhole } from './backtest-output.ts';
import { runStarts } from './backtest-starts.ts';
import { runVariants } from './backtest-variants.ts';
import { hashOf, runStrategy, runReversion } from './backtest-run.ts';
import { countText } from '../src/domain/words/words.ts';

/** A run whose figures knew something of the future is no result. */
const LOOKED_AHEAD = 1;

/** Where the command's words go. */
export interface Console {
  print(text: string): void;
  complain(text: string): void;
}

/**
 * The command with its arguments; answers with the exit code: 0, 1 when the look-ahead check found something, 2 for what is wrong
 * with arguments, data or targets, told in one plain sentence.
 */
export async function backtest(args: readonly string[], io: Console): Promise<number> {
  try {
    return await runCommand(args, io);
  } catch (error) {
    if (!(error instanceof WrongOption || error instanceof UsageError)) throw error;
    io.complain(`backtest: ${error instanceof WrongOption ? error.problem : error.message}`);
    return 2;
  }
}

/** `load`; where no symbol can be run, --json says so too: nobody takes an older file for the answer. */
function loadOrTell(options: Options): Loaded {
  try {
    return load(options);
  } catch (error) {
    if (error instanceof NothingToRun && options.json !== undefined) {
      const { strategy, equity, owner, seed } = options;
      const head = { claim: error.message, strategy: strategy.name, interval: null, symbols: [] };
      const rest = { from: null, to: null, equity, owner, seed, hash: hashOf([]) };
      const found = {
        signals: [],
        trades: [],
        metrics: noMetrics(equity),
        data: [],
        leftOut: error.leftOut,
      };
      writeWhole(options.json, toJson({ ...head, ...rest, ...found, notes: [] }));
    }
    throw error;
  }
}

/** What is asked for instead of a run. */
function modeOf({ fit, vary }: Options): typeof runStarts | undefined {
  if (vary !== undefined) return runVariants;
  return fit === undefined ? undefined : runStarts;
}

async function runCommand(args: readonly string[], io: Console): Promise<number> {
  if (args.includes('--help')) {
    io.print(BACKTEST_COMMAND.usage);
    return 0;
  }
  const options = readOptions(args);
  const { strategy, seed, equity, owner, json, png } = options;
  checkTargets([json, png]);
  const mode = modeOf(options);
  if (mode !== undefined) {
    const found = await mode(options, args);
    io.print(found.lines.join('\n'));
    if (json !== undefined) writeWhole(json, toJson({ strategy: strategy.name, ...found.json }));
    return 0;
  }
  const loaded = loadOrTell(options);
  const { recordings, interval, reports, leftOut, notes } = loaded;
  const window = windowOf(options, loaded);
  const { name } = strategy;
  const run = strategy.isReference === true ? runReversion : runStrategy;
  const outcome = run(options, loaded, window);
  const { claim, trades } = outcome.main;
  const hash = hashOf(trades);
  const count = countText(recordings.length, 'symbol');
  const lines = [
    `${name}, ${count}, candles of ${interval}, ${formatUtc(window.from)} to ${formatUtc(window.to)}`,
    claim,
    ...leftOut.map(({ symbol, reason }) => `left out: ${symbol}: ${reason}`),
    ...dataLines(reports),
    ...notes,
    '',
    ...outcome.lines,
    `trades sha256 ${hash}`,
  ];
  io.print(lines.join('\n'));
  const symbols = recordings.map(({ symbol }) => symbol);
  const head = { claim, strategy: name, interval, symbols, ...window, equity, owner, seed, hash };
  if (json !== undefined) {
    writeWhole(json, toJson({ ...head, ...outcome.json, data: reports, leftOut, notes }));
  }
  if (png !== undefined) {
    const { drawBacktest } = await import('./backtest-picture.ts');
    writeWhole(png, await drawBacktest(outcome, loaded, name));
  }
  return outcome.lookAhead.different === 0 ? 0 : LOOKED_AHEAD;
}

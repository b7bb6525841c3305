/**
 * Runs a strategy over recorded candles:
 * `npm run backtest -- --data DIR [--symbols A,B | --preset P] [--strategy conservative|band-reversion] [--from --to]
 * [--json OUT] [--png OUT] [--equity USDT] [--owner POLICY] [--seed N]`
 */
import { createHash } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  analyse,
  analyseReversion,
  analyseSignals,
  checkHonesty,
  rowAt,
  walkForwardScores,
  withinWindow,
  type Analysis,
  type Window,
} from '../src/backtest/analyse.ts';
import {
  groupLines,
  analysisLines,
  honestyLines,
  refusalLines,
  walkForwardLines,
} from '../src/backtest/report.ts';
import { DEFAULT_COSTS } from '../src/backtest/costs.ts';
import { RECORDED_TIERS, recordedInstrument } from '../src/backtest/instrument.ts';
import type { PortfolioMarket } from '../src/backtest/market.ts';
import { runPortfolio, type PortfolioResult } from '../src/backtest/portfolio.ts';
import { snapshotColumns } from '../src/backtest/snapshot-columns.ts';
import { tradesText, type Trade } from '../src/backtest/trade.ts';
import { ratioFromNumber, usdFromNumber } from '../src/domain/money.ts';
import { formatUtc } from '../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../src/risk/limits.ts';
import { DEFAULT_STRATEGY } from '../src/signals/parameters.ts';
import { load, showProgress, windowOf, type Loaded } from './backtest-data.ts';
import { drawBacktest } from './backtest-picture.ts';
import { readOptions, USAGE, UsageError, type Options } from './backtest-options.ts';

/** mulberry32: small, and the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const hashOf = (trades: readonly Trade[]): string =>
  createHash('sha256').update(tradesText(trades)).digest('hex');

interface Outcome {
  readonly main: Analysis;
  readonly lines: readonly string[];
  readonly extra: Readonly<Record<string, unknown>>;
  readonly halts: PortfolioResult['halts'];
}

function runReversion(options: Options, { recordings }: Loaded, window: Window): Outcome {
  let done = 0;
  const main = analyseReversion({
    recordings,
    window,
    equity: options.equity,
    random: seeded(options.seed),
    onSymbol: () => showProgress('running', (done += 1), recordings.length),
  });
  return { main, lines: [...analysisLines(main), ...allGroups(main)], extra: {}, halts: [] };
}

function marketsOf({ recordings }: Loaded, window: Window): PortfolioMarket[] {
  return recordings.map(({ symbol, category, candles, priceDecimals }, index) => {
    showProgress('indicators', index + 1, recordings.length);
    const price = candles.close[rowAt(candles, window.from)] ?? candles.close[0] ?? NaN;
    const instrument = recordedInstrument({ symbol, priceDecimals, price });
    return {
      instrument,
      category,
      tiers: RECORDED_TIERS,
      columns: snapshotColumns(candles),
    };
  });
}

function runConservative(options: Options, loaded: Loaded, window: Window): Outcome {
  const random = seeded(options.seed);
  const markets = marketsOf(loaded, window);
  const parameters = DEFAULT_STRATEGY;
  const costs = DEFAULT_COSTS;
  const { equity, owner } = options;
  const limits = { ...DEFAULT_LIMITS, takerFee: ratioFromNumber(costs.takerFee) };
  const start = usdFromNumber(equity);
  const account = { markets, equity: start, parameters, limits, costs, owner, ...window };
  const portfolio = runPortfolio(account);
  const main = analyse({
    trades: portfolio.trades,
    equity: portfolio.equity,
    randomTrades: undefined,
    held: loaded.recordings.map(({ candles }) => withinWindow(candles, window)),
    window,
    takerFee: costs.takerFee,
    random,
  });
  const study = { markets, window, parameters, costs };
  const signals = analyseSignals({ ...study, equity, random });
  const folds = walkForwardScores(study);
  const honesty = checkHonesty(markets, parameters, { random, perMarket: 20 });
  const { trades: followed, equity: _equity, ...figures } = signals;
  const followedHash = hashOf(followed);
  const { wishes, halts } = portfolio;
  const refusals = Object.fromEntries(portfolio.refusals);
  const extra = {
    wishes,
    refusals,
    halts,
    signals: { ...figures, hash: followedHash },
    walkForward: folds,
    honesty,
  };
  const lines = [
    `ACCOUNT, with every limit and the emergency stop (owner ${owner})`,
    ...analysisLines(main),
    ...refusalLines(portfolio),
    ...allGroups(main),
    ...signalLines(signals),
    `their trades sha256 ${followedHash}`,
    '',
    ...walkForwardLines(folds),
    '',
    ...honestyLines(honesty),
  ];
  return { main, lines, extra, halts };
}

const allGroups = (analysis: Analysis): readonly string[] =>
  Object.entries(analysis.groups).flatMap(([name, list]) => ['', ...groupLines(name, list)]);

const signalLines = (signals: Analysis): readonly string[] => [
  '',
  'SIGNALS, each followed on its own without an account',
  ...analysisLines(signals),
  ...['score band', 'side'].flatMap((name) => [
    '',
    ...groupLines(name, signals.groups[name] ?? []),
  ]),
  '',
];

/** Before a long run, not after it. */
function checkPlace(file: string): void {
  const folder = dirname(resolve(file));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new UsageError(`"${file}" cannot be written: the folder ${folder} does not exist`);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === 'help') return console.log(USAGE);
  for (const file of [options.json, options.png]) if (file !== undefined) checkPlace(file);
  const loaded = load(options);
  const window = windowOf(options, loaded.recordings);
  const run = options.strategy === 'conservative' ? runConservative : runReversion;
  const outcome = run(options, loaded, window);
  const { trades, metrics, equity: _curve, ...rest } = outcome.main;
  const hash = hashOf(trades);
  const about = `${options.strategy}, ${loaded.recordings.length} symbols, ${formatUtc(window.from)} to ${formatUtc(window.to)}`;
  for (const problem of loaded.problems) console.log(`left out: ${problem}`);
  console.log(`${about}\n${outcome.lines.join('\n')}\ntrades sha256 ${hash}`);
  if (options.json !== undefined) {
    const { strategy, seed } = options;
    const symbols = loaded.recordings.map(({ symbol }) => symbol);
    const head = { strategy, symbols, ...window, seed, hash, problems: loaded.problems };
    writeFileSync(
      options.json,
      JSON.stringify({ ...head, trades, metrics, ...rest, ...outcome.extra }, null, 1),
    );
  }
  if (options.png !== undefined)
    writeFileSync(
      options.png,
      await drawBacktest(outcome, loaded, `Backtest, ${options.strategy}`),
    );
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`backtest: ${error.message}`);
  process.exitCode = 2;
}

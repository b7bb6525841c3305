/** The strategies of the command line: from loaded candles to what is printed, drawn and stored. */
import { createHash } from 'node:crypto';
import {
  analyse,
  analyseReversion,
  knownRows,
  withinWindow,
  type Analysis,
  type Window,
} from '../src/backtest/figures/analyse.ts';
import { rowAt } from '../src/backtest/candles/candle-columns.ts';
import { DEFAULT_COSTS } from '../src/backtest/trade/costs.ts';
import { discriminationOf } from '../src/backtest/study/discrimination.ts';
import { checkHonesty, walkForwardScores } from '../src/backtest/honesty/honesty.ts';
import {
  discriminationLines,
  honestyLines,
  lookAheadText,
  walkForwardLines,
} from '../src/backtest/honesty/honesty-report.ts';
import { RECORDED_TIERS, recordedInstrument } from '../src/backtest/trade/instrument.ts';
import { joinLookAhead, type LookAheadReport } from '../src/backtest/honesty/look-ahead.ts';
import type { PortfolioMarket } from '../src/backtest/candles/market.ts';
import { runPortfolio, type PortfolioResult } from '../src/backtest/account/portfolio.ts';
import { analysisLines, groupLines, refusalLines } from '../src/backtest/figures/report.ts';
import { checkReversionLookAhead } from '../src/backtest/reference/reversion-look-ahead.ts';
import { recordOfResults, resultsOf, reversionResults } from '../src/backtest/study/record.ts';
import { reversionRows, signalRows } from '../src/backtest/study/signal-rows.ts';
import { analyseSignals } from '../src/backtest/study/signal-study.ts';
import { snapshotColumns } from '../src/backtest/candles/snapshot-columns.ts';
import { countThin, universeLine } from '../src/backtest/account/thin-signals.ts';
import { tradesText, type Trade } from '../src/backtest/trade/trade.ts';
import { ratioFromNumber, usdFromNumber } from '../src/domain/money/money.ts';
import { DEFAULT_LIMITS } from '../src/risk/terms/limits.ts';
import { intervalMs } from '../src/domain/candle.ts';
import type { Strategy } from '../src/signals/strategy.ts';
import type { Loaded } from './backtest-data.ts';
import type { Options } from './backtest-options.ts';
import { analysisJson } from './backtest-output.ts';
import { fitOfRun } from './backtest-fit.ts';
import { showProgress } from './backtest-progress.ts';

/** What a mode that is no run says. */
export interface ModeOutcome {
  readonly lines: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Outcome {
  readonly main: Analysis;
  readonly lines: readonly string[];
  /** Everything, for --json. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly halts: PortfolioResult['halts'];
  readonly lookAhead: LookAheadReport;
}

/** Of the trades' text: symbol, side, entryTime, entryPrice, exitTime, exitPrice, quantity, fees, funding, pnl, reason. */
export const hashOf = (trades: readonly Trade[]): string =>
  createHash('sha256').update(tradesText(trades)).digest('hex');

/** mulberry32: small, and the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function runReversion(options: Options, loaded: Loaded, window: Window): Outcome {
  const { recordings } = loaded;
  let done = 0;
  const main = analyseReversion({
    recordings,
    window,
    equity: options.equity,
    tried: options.tried,
    random: seeded(options.seed),
    onSymbol: () => showProgress('running', (done += 1), recordings.length),
  });
  const lookAhead = joinLookAhead(
    recordings.map(({ symbol, candles }, index) => {
      showProgress('checking', index + 1, recordings.length);
      const own = main.trades.filter((trade) => trade.symbol === symbol);
      return checkReversionLookAhead(symbol, knownRows(candles, window), own);
    }),
  );
  return {
    main,
    lines: [
      ...analysisLines(main),
      ...allGroups(main),
      '',
      `look-ahead check: ${lookAheadText(lookAhead)}`,
    ],
    json: {
      ...analysisJson(main),
      signals: reversionRows(main.trades),
      record: recordOfResults(reversionResults(main.trades)),
      honesty: { lookAhead },
    },
    halts: [],
    lookAhead,
  };
}

export function marketsOf(
  { recordings }: Loaded,
  window: Window,
  strategy: Strategy,
): PortfolioMarket[] {
  return recordings.map(({ symbol, category, candles, priceDecimals }, index) => {
    showProgress('indicators', index + 1, recordings.length);
    const price = candles.close[rowAt(candles, window.from)] ?? candles.close[0] ?? NaN;
    const instrument = recordedInstrument({ symbol, priceDecimals, price });
    return {
      instrument,
      category,
      tiers: RECORDED_TIERS,
      columns: snapshotColumns(candles, strategy),
    };
  });
}

function runAccount(
  { equity, owner, strategy }: Options,
  markets: readonly PortfolioMarket[],
  window: Window,
): PortfolioResult {
  const costs = DEFAULT_COSTS;
  const limits = { ...DEFAULT_LIMITS, takerFee: ratioFromNumber(costs.takerFee) };
  const start = usdFromNumber(equity);
  const { parameters } = strategy;
  return runPortfolio({ markets, equity: start, parameters, limits, costs, owner, ...window });
}

export function runStrategy(options: Options, loaded: Loaded, window: Window): Outcome {
  // Each part draws from the start: how often the account traded changes nothing in the random entries.
  const random = (): (() => number) => seeded(options.seed);
  const { strategy } = options;
  const markets = marketsOf(loaded, window, strategy);
  const { parameters } = strategy;
  const costs = DEFAULT_COSTS;
  const { equity } = options;
  const step = (done: number): void => showProgress('account', done, 5);
  step(0);
  const account = runAccount(options, markets, window);
  const main = analyse({
    trades: account.trades,
    equity: account.equity,
    randomTrades: undefined,
    held: loaded.recordings.map(({ candles }) => withinWindow(candles, window)),
    window,
    takerFee: costs.takerFee,
    tried: options.tried,
    candleMs: () => intervalMs(strategy.interval),
    random: random(),
  });
  step(1);
  const study = { markets, window, parameters, costs };
  const { tried } = options;
  const signals = analyseSignals(study, { equity, tried, random: random() });
  step(2);
  const walkForward = walkForwardScores(study);
  step(3);
  const trades = [...main.trades, ...signals.trades];
  const honesty = checkHonesty(markets, { trades, parameters, random: random() });
  step(4);
  const discrimination = discriminationOf(markets, signals.trades, parameters);
  const thinSignals = countThin(markets, signals.trades);
  step(5);
  const record = recordOfResults(resultsOf(markets, signals.trades, parameters));
  const fit = fitOfRun(study, strategy, random());
  const followedHash = hashOf(signals.trades);
  const { trades: _followed, ...figures } = analysisJson(signals);
  return {
    main,
    halts: account.halts,
    lookAhead: honesty.lookAhead,
    json: {
      ...analysisJson(main, account),
      signals: signalRows(markets, signals.trades, parameters),
      study: { hash: followedHash, thinSignals, record, ...figures },
      ...fit.json,
      walkForward,
      honesty,
      discrimination,
    },
    lines: [
      `ACCOUNT, with every limit and the emergency stop (owner ${options.owner})`,
      ...analysisLines(main),
      ...refusalLines(account),
      ...allGroups(main),
      ...fit.lines,
      ...signalLines(signals),
      universeLine(thinSignals, signals.trades.length),
      `their trades sha256 ${followedHash}`,
      '',
      ...discriminationLines(discrimination),
      '',
      ...(strategy.criteria === undefined ? [] : [...walkForwardLines(walkForward), '']),
      ...honestyLines(honesty),
    ],
  };
}

const allGroups = (analysis: Analysis): readonly string[] =>
  Object.entries(analysis.groups).flatMap(([name, list]) => ['', ...groupLines(name, list)]);

const signalLines = (signals: Analysis): readonly string[] => [
  '',
  'SIGNALS, each tracked on its own without an account',
  signals.claim,
  ...analysisLines(signals),
  ...['score band', 'side'].flatMap((name) => [
    '',
    ...groupLines(name, signals.groups[name] ?? []),
  ]),
  '',
];

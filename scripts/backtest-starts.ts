/** `--fit`: what the fit predicts, beside accounts that really start in the data and pass the real gate. */
import { timelineOf } from '../src/backtest/account/timeline.ts';
import { percent, table } from '../src/backtest/figures/report.ts';
import { mornings, seenWithin, startAt, type GateStart } from '../src/backtest/fit/gate-starts.ts';
import { accountOutcomes } from '../src/backtest/fit/account-outcomes.ts';
import { spreadOf, type Spread } from '../src/backtest/fit/fit-spread.ts';
import { FIT_RISKS, fitOf, type Fit } from '../src/backtest/fit/limit-fit.ts';
import { DEFAULT_COSTS } from '../src/backtest/trade/costs.ts';
import { ratioFromNumber, usdFromNumber } from '../src/domain/money/money.ts';
import { DEFAULT_LIMITS } from '../src/risk/terms/limits.ts';
import { load, windowOf } from './backtest-data.ts';
import { UsageError, type Options } from './backtest-options.ts';
import { marketsOf, seeded, type ModeOutcome } from './backtest-run.ts';
import { inWorkers, type Share } from './backtest-workers.ts';

/** Of the prediction. */
const DRAWN = 1_000;

interface RiskStarts {
  readonly risk: number;
  readonly starts: readonly GateStart[];
}

/** What one thread found: its share of the starts at each risk. */
export interface Starts {
  readonly seen: readonly RiskStarts[];
  /** Of the first share alone, as is the next. */
  readonly predicted: readonly Fit[];
  /** How far by chance alone what is seen may lie from it, at each risk. */
  readonly spread: readonly (readonly Spread[])[];
}

/** A share of the starts through the gate, and in the first share what is predicted. */
export function startsOf(options: Options, { part, of }: Share): Starts {
  const { strategy, equity, owner, seed, fit = 0 } = options;
  const loaded = load(options);
  const window = windowOf(options, loaded);
  const markets = marketsOf(loaded, window, strategy);
  const { parameters } = strategy;
  const costs = DEFAULT_COSTS;
  const limits = { ...DEFAULT_LIMITS, takerFee: ratioFromNumber(costs.takerFee) };
  const account = { markets, equity: usdFromNumber(equity), parameters, limits, costs, owner };
  const timeline = timelineOf(account);
  const own = mornings(timeline, fit).filter((_, index) => index % of === part);
  const outcomes =
    part === 0 ? accountOutcomes({ markets, window, parameters, costs }, limits) : [];
  return {
    seen: FIT_RISKS.map((risk) => ({
      risk,
      starts: own.map((from) => startAt(account, timeline, { from, risk })),
    })),
    predicted:
      part > 0
        ? []
        : FIT_RISKS.map((risk) =>
            fitOf({ outcomes, limits, risk, starts: DRAWN, random: seeded(seed) }),
          ),
    spread:
      part > 0
        ? []
        : FIT_RISKS.map((risk) => spreadOf({ outcomes, limits, risk, random: seeded(seed) })),
  };
}

/** The starts, shared out. Throws UsageError for a strategy without a fit and for data too short for one start. */
export async function runStarts(options: Options, args: readonly string[]): Promise<ModeOutcome> {
  const { strategy } = options;
  if (strategy.anchorsToMark !== true) {
    throw new UsageError(`--fit is told of breakdown and breakout, not of ${strategy.name}`);
  }
  const parts = await inWorkers(startsOf, options, args);
  const { predicted = [], spread = [] } = parts[0] ?? {};
  const seen = FIT_RISKS.map((risk, place) => ({
    risk,
    starts: parts
      .flatMap(({ seen: own }) => own[place]?.starts ?? [])
      .toSorted((one, other) => one.from - other.from),
  }));
  const starts = seen[0]?.starts.length ?? 0;
  if (starts === 0) throw new UsageError('the data are too short: no start has 30 days before it');
  const rows = seen.flatMap(({ risk, starts: own }, place) =>
    seenWithin(own).map((found, index) => [
      `${percent(risk, 1)} a trade, ${found.days} days`,
      `predicted ${sharesText(predicted[place]?.met[index])}`,
      found.starts === 0
        ? 'seen from no start: the data are too short'
        : `seen ${sharesText(found)} from ${found.starts} starts${spreadText(spread[place]?.[index])}`,
    ]),
  );
  return {
    json: { predicted, seen, spread },
    lines: [
      `DOES THIS FIT? How many meet daily loss, drawdown and losses in a row: predicted from ${DRAWN} starts of weeks drawn anew, and`,
      `seen from ${starts} mornings in the data, each of them an account that passes the real gate`,
      ...table(rows),
      ...(spread.some((each) => each.length > 0) ? [SPREAD] : []),
    ],
  };
}

const SPREAD =
  '±: by how many points what is seen differs from one history as long to another, weeks drawn anew (one standard deviation)';

const spreadText = (spread: Spread | undefined): string =>
  spread === undefined
    ? ''
    : `, ± ${[spread.daily, spread.drawdown, spread.streak].map((each) => Math.round(each * 100)).join(', ')}`;

const sharesText = (met: Fit['met'][number] | undefined): string =>
  [met?.daily, met?.drawdown, met?.streak].map((share) => percent(share, 0)).join(', ');

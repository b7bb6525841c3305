/** `--vary`: every combination of the figures given, each signal followed on its own, beside what luck alone would show. */
import { reversionVariants } from '../src/backtest/figures/analyse.ts';
import { luckyT } from '../src/backtest/figures/luck.ts';
import { figure, percent, table } from '../src/backtest/figures/report.ts';
import { meanInterval, Z } from '../src/backtest/figures/statistics.ts';
import { BAND_REVERSION } from '../src/backtest/reference/band-reversion.ts';
import { followAllVariants } from '../src/backtest/study/signal-study.ts';
import { LEVELS } from '../src/backtest/study/variants.ts';
import { DEFAULT_COSTS } from '../src/backtest/trade/costs.ts';
import type { Trade } from '../src/backtest/trade/trade.ts';
import { weekStart } from '../src/domain/time.ts';
import { REVERSION } from '../src/signals/strategies/band-reversion.ts';
import type { Strategy } from '../src/signals/strategy.ts';
import { load, NothingToRun, windowOf, type LeftOut, type Loaded } from './backtest-data.ts';
import { UsageError, type Options } from './backtest-options.ts';
import { marketsOf, type ModeOutcome } from './backtest-run.ts';
import { inWorkers, type Share } from './backtest-workers.ts';
import { countText } from '../src/domain/words/words.ts';

const MOST = 1_000;
const LISTED = 20;

type Varied = Readonly<Record<string, number>>;

/** What the strategy can be varied in: what it decides by, and where its stop and target lie. */
const namesOf = ({ decidesBy, isReference }: Strategy): readonly string[] =>
  isReference === true
    ? Object.keys(REVERSION)
    : [...new Set([...decidesBy, ...LEVELS, 'minDayTurnover'])];

/** "stopAtrs=1,2;maxStop=0.03,0.05" as every combination. Throws UsageError that says what is allowed. */
export function variantsOf(text: string, strategy: Strategy): readonly Varied[] {
  const allowed = namesOf(strategy);
  let found: readonly Varied[] = [{}];
  for (const part of text.split(';')) {
    const [name = '', list = ''] = part.split('=').map((each) => each.trim());
    const known = allowed.find((each) => each === name);
    if (known === undefined) {
      throw new UsageError(`--vary: "${name}" is not one of ${allowed.join(', ')}`);
    }
    const values = list.split(',').map((each) => (each.trim() === '' ? NaN : Number(each)));
    if (!values.every((each) => each >= 0 && each < Infinity)) {
      throw new UsageError(`--vary: "${part}" is not ${name}=1,2,3 with numbers from 0 on`);
    }
    found = found.flatMap((each) => values.map((value) => ({ ...each, [known]: value })));
    if (found.length > MOST) throw new UsageError(`--vary: more than ${MOST} combinations`);
  }
  return found;
}

/** A followed signal, as little of it as the figures need. */
type Followed = readonly [entryTime: number, symbol: string, r: number, isTarget: boolean];

/** Of each variant the signals of a share of the symbols. */
export interface VariantsShare {
  readonly symbols: number;
  readonly leftOut: readonly LeftOut[];
  readonly followed: readonly (readonly Followed[])[];
}

/** The signals of a share of the symbols. Where none of them can be run there is none. */
export function variantsShare(options: Options, share: Share): VariantsShare {
  const { strategy, vary = '' } = options;
  const variants = variantsOf(vary, strategy);
  const loaded = load(options, share);
  const { leftOut } = loaded;
  const symbols = loaded.recordings.length;
  if (symbols === 0) return { symbols, leftOut, followed: variants.map(() => []) };
  const trades = tradesOf(options, loaded, variants);
  return {
    symbols,
    leftOut,
    followed: trades.map((own) =>
      own.flatMap(({ entryTime, symbol, pnl, risk, reason }) =>
        reason === 'end' ? [] : [[entryTime, symbol, pnl / risk, reason === 'target'] as const],
      ),
    ),
  };
}

/** The trades of each variant. */
function tradesOf(
  options: Options,
  loaded: Loaded,
  variants: readonly Varied[],
): readonly (readonly Trade[])[] {
  const { strategy } = options;
  const { parameters } = strategy;
  const window = windowOf(options, loaded);
  if (strategy.isReference === true) {
    const rules = variants.map((each) => ({ ...BAND_REVERSION, ...each }));
    const found = loaded.recordings.map((each) => reversionVariants(each, window, rules));
    return rules.map((_, place) => found.flatMap((own) => own[place] ?? []));
  }
  const markets = marketsOf(loaded, window, strategy);
  return followAllVariants(
    { markets, window, parameters, costs: DEFAULT_COSTS },
    variants.map((each) => ({ ...parameters, ...each })),
  );
}

/** Every variant, shared out by symbols. Throws UsageError. */
export async function runVariants(options: Options, args: readonly string[]): Promise<ModeOutcome> {
  const { strategy, vary = '' } = options;
  const variants = variantsOf(vary, strategy);
  const parts = await inWorkers(variantsShare, options, args);
  const symbols = parts.reduce((sum, each) => sum + each.symbols, 0);
  const leftOut = parts
    .flatMap((each) => each.leftOut)
    .toSorted((one, other) => (one.symbol < other.symbol ? -1 : 1));
  if (symbols === 0) throw new NothingToRun(leftOut);
  const found = variants.map((changed, place) =>
    figuresOf(
      changed,
      parts.flatMap(({ followed }) => followed[place] ?? []),
    ),
  );
  const ranked = found.toSorted((one, other) => (other.t || -Infinity) - (one.t || -Infinity));
  const lucky = figure(luckyT(variants.length), 1);
  return {
    json: { variants: found, luckyT: luckyT(variants.length), symbols, leftOut },
    lines: [
      `${countText(variants.length, 'variant')} of ${strategy.name} over ${countText(symbols, 'symbol')}, each signal followed on its own, by t (clustered by week)`,
      ...leftOut.map(({ symbol, reason }) => `left out: ${symbol}: ${reason}`),
      `by luck alone the best of these ${variants.length} would show t = ${lucky}`,
      ...table(ranked.slice(0, LISTED).map(rowOf)),
      ...(ranked.length > LISTED ? [`and ${ranked.length - LISTED} more; --json has all`] : []),
    ],
  };
}

interface VariantFigures {
  readonly changed: Varied;
  readonly n: number;
  readonly hits: number;
  readonly meanR: number;
  readonly low: number;
  readonly high: number;
  readonly t: number;
}

/** In the order of entry and symbol, so that the sums are the same however the symbols were shared out. */
function figuresOf(changed: Varied, followed: readonly Followed[]): VariantFigures {
  const ordered = followed.toSorted(
    ([one, oneSymbol], [other, otherSymbol]) => one - other || (oneSymbol < otherSymbol ? -1 : 1),
  );
  const { n, mean, low, high } = meanInterval(
    ordered.map(([entryTime, , r]) => ({ value: r, cluster: weekStart(entryTime) })),
  );
  const hits = ordered.filter(([, , , isTarget]) => isTarget).length;
  return { changed, n, hits, meanR: mean, low, high, t: (mean * 2 * Z) / (high - low) };
}

const rowOf = ({ changed, n, hits, meanR, low, high, t }: VariantFigures): readonly string[] => [
  Object.entries(changed)
    .map(([name, value]) => `${name} ${value}`)
    .join(', '),
  `n = ${n}`,
  n === 0 ? 'no signal' : `target ${percent(hits / n, 0)}`,
  `${figure(meanR, 3)} R (${figure(low, 3)} to ${figure(high, 3)})`,
  `t = ${figure(t)}`,
];

import type { StrategyParameters } from '../../signals/parameters.ts';
import type { Random } from '../study/baselines.ts';
import { checkLookAhead, joinLookAhead, type LookAheadReport } from './look-ahead.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { followAllVariants, type StudyInput } from '../study/signal-study.ts';
import { bySymbol, type Trade } from '../trade/trade.ts';
import { foldLengths, foldsOf, walkForward, type WalkForward } from './walk-forward.ts';
import { checkWarmUp, joinWarmUp, type WarmUpReport } from '../candles/warm-up.ts';

/** The default first: choosing has to beat it. */
const TRIED_SCORES = [75, 80, 85, 90, 95] as const;

/**
 * Would choosing the least score by what was best lately have helped afterwards? The only thing chosen is the score; no result of
 * this goes back into the defaults. Undefined for windows that are too short and for strategies without a score.
 */
export function walkForwardScores(input: StudyInput): WalkForward | undefined {
  const lengths = foldLengths(input.window);
  const counts = input.markets[0]?.columns.strategy.criteria !== undefined;
  if (lengths === undefined || !counts) return undefined;
  const parameters = TRIED_SCORES.map((minScore) => ({ ...input.parameters, minScore }));
  const trades = followAllVariants(input, parameters);
  const variants = parameters.map(({ minScore }, index) => ({
    name: `score from ${minScore}`,
    trades: trades[index] ?? [],
  }));
  return walkForward(variants, foldsOf(input.window, lengths));
}

export interface Honesty {
  readonly lookAhead: LookAheadReport;
  readonly warmUp: readonly WarmUpReport[];
}

/** Rows that are looked at again, over all markets and at least one in each. */
const CUTS = 24;
const WARM_UPS = 120;

/** Look-ahead of every row and of these trades, and warm-up of a sample of rows of every market. */
export function checkHonesty(
  markets: readonly PortfolioMarket[],
  { trades, parameters, random }: Checked,
): Honesty {
  const lookAhead: LookAheadReport[] = [];
  const warmUp: (readonly WarmUpReport[])[] = [];
  const known = bySymbol(trades);
  const some = (length: number, total: number): number[] =>
    Array.from({ length: Math.max(1, Math.ceil(total / markets.length)) }, () =>
      Math.floor(random() * length),
    );
  for (const market of markets) {
    const { length } = market.columns.candles;
    const own = known.get(market.instrument.symbol) ?? [];
    const cuts = some(length, CUTS);
    lookAhead.push(checkLookAhead({ market, parameters, trades: own, cuts }));
    warmUp.push(checkWarmUp(market, some(length, WARM_UPS), parameters));
  }
  return { lookAhead: joinLookAhead(lookAhead), warmUp: joinWarmUp(warmUp) };
}

export interface Checked {
  /** Their signals are looked for again. */
  readonly trades: readonly Trade[];
  readonly parameters: StrategyParameters;
  readonly random: Random;
}

/** "Does this fit?" of a run: how often its own signals would have met the loss limits. */
import { accountOutcomes } from '../src/backtest/fit/account-outcomes.ts';
import { FIT_RISKS, fitOf, type Fit } from '../src/backtest/fit/limit-fit.ts';
import { outcomesText } from '../src/backtest/fit/outcomes.ts';
import { percent, table } from '../src/backtest/figures/report.ts';
import type { StudyInput } from '../src/backtest/study/signal-study.ts';
import { DEFAULT_LIMITS } from '../src/risk/terms/limits.ts';
import type { Strategy } from '../src/signals/strategy.ts';

/** From so many starts each; more would take longer than the run. */
const STARTS = 200;

/** Nothing where the strategy's stop stays where its signal put it, or where it had no signal. */
export function fitOfRun(
  study: StudyInput,
  strategy: Strategy,
  random: () => number,
): { readonly json: Readonly<Record<string, unknown>>; readonly lines: readonly string[] } {
  if (strategy.anchorsToMark !== true) return { json: {}, lines: [] };
  const outcomes = accountOutcomes(study, DEFAULT_LIMITS);
  if (outcomes.length === 0) return { json: {}, lines: [] };
  const fits = FIT_RISKS.map((risk) =>
    fitOf({ outcomes, limits: DEFAULT_LIMITS, risk, starts: STARTS, random }),
  );
  return { json: { outcomes: outcomesText(outcomes), fits }, lines: fitLines(fits) };
}

const fitLines = (fits: readonly Fit[]): readonly string[] => [
  '',
  `DOES THIS FIT? How often these signals, weeks drawn anew, would have met the loss limits, from ${STARTS} starts`,
  ...table(
    fits.flatMap(({ risk, met }) =>
      met.map(({ days, daily, drawdown, streak }) => [
        `${percent(risk, 1)} a trade, within ${days} days`,
        `daily loss ${percent(daily, 0)}, drawdown ${percent(drawdown, 0)}, losses in a row ${percent(streak, 0)}`,
      ]),
    ),
  ),
];

import { FIT_RISKS, type Fit } from '../../backtest/fit/limit-fit.ts';
import { hasOutcomes } from '../../backtest/fit/recorded-outcomes.ts';
import { toNumber } from '../../domain/money/money.ts';
import { isPushed } from '../../domain/signal.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import type { CountFits } from '../ports/fits.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf } from '../reading/reading.ts';
import { readPlaces } from '../scan/places.ts';

/** Whether what is pushed and the limits fit each other. */
export interface FitView {
  /** Names of what is counted. */
  readonly counted: readonly string[];
  /** What is pushed and of which nothing is recorded. */
  readonly unknown: readonly string[];
  /** The risk that is set first. */
  readonly fits: readonly Fit[];
}

/** The answer for these limits; a text says why there is none. Never rejects. */
export async function readFit(
  ports: Pick<Ports, 'places' | 'venueMode'>,
  count: CountFits,
  limits: RiskLimits,
): Promise<FitView | string> {
  try {
    const pushed = [...(await readPlaces(ports))].flatMap(([name, place]) =>
      isPushed(place) ? [{ name, cleanOnly: place === 'clean' }] : [],
    );
    const strategies = pushed.filter(({ name }) => hasOutcomes(name));
    const unknown = pushed.filter(({ name }) => !hasOutcomes(name)).map(({ name }) => name);
    if (strategies.length === 0) {
      return pushed.length === 0
        ? 'no strategy is pushed'
        : `nothing is recorded of ${unknown.join(', ')}`;
    }
    const set = toNumber(limits.riskPerTrade);
    const risks = [set, ...FIT_RISKS.filter((risk) => risk !== set)];
    const fits = await count({ strategies, limits, risks });
    return { counted: strategies.map(({ name }) => name), unknown, fits };
  } catch (error) {
    return reasonOf(error);
  }
}

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
  /** Whether it is asked of limits that are not in force yet. */
  readonly asked: boolean;
  /** The risk that is asked for first. */
  readonly fits: readonly (Fit & {
    /** What that risk is to the owner; absent where it stands for comparison. */
    readonly as?: 'set' | 'asked';
  })[];
}

/** Risks that are counted at most. */
const MOST = 4;

/** The answer for the limits in force, or with the change that is asked for; a text says why there is none. Never rejects. */
export async function readFit(
  ports: Pick<Ports, 'places' | 'venueMode' | 'limits'>,
  count: CountFits,
  change?: Partial<RiskLimits>,
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
    const inForce = ports.limits();
    const limits = { ...inForce, ...change };
    const asked = toNumber(limits.riskPerTrade);
    const set = toNumber(inForce.riskPerTrade);
    const risks = [...new Set([asked, set, ...FIT_RISKS])].slice(0, MOST);
    const fits = await count({ strategies, limits, risks });
    return {
      counted: strategies.map(({ name }) => name),
      unknown,
      asked: change !== undefined,
      fits: fits.map((fit) => {
        if (fit.risk === set) return { ...fit, as: 'set' };
        return fit.risk === asked ? { ...fit, as: 'asked' } : fit;
      }),
    };
  } catch (error) {
    return reasonOf(error);
  }
}

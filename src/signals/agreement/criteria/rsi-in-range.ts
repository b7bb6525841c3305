import type { Side } from '../../../domain/position.ts';
import type { Criterion } from '../criterion.ts';
import type { StrategyParameters } from '../../parameters.ts';

/** Confirmation: momentum is with the trade and not yet exhausted. */
export const rsiInRange: Criterion = {
  id: 'rsi-in-range',
  label: 'RSI is in range',
  thresholds: ['rsiLow', 'rsiHigh'],
  met: (view, parameters, side) =>
    view.rsi >= lowest(parameters, side) && view.rsi <= highest(parameters, side),
  explain: (view, parameters, side) => ({
    value: `RSI ${view.rsi.toFixed(1)}`,
    reason: rsiInRange.met(view, parameters, side)
      ? `Momentum suits a ${side} and is not exhausted.`
      : `A ${side} needs an RSI from ${lowest(parameters, side)} to ${highest(parameters, side)}.`,
  }),
};

const lowest = ({ rsiLow, rsiHigh }: StrategyParameters, side: Side): number =>
  side === 'long' ? rsiLow : 100 - rsiHigh;
const highest = ({ rsiLow, rsiHigh }: StrategyParameters, side: Side): number =>
  side === 'long' ? rsiHigh : 100 - rsiLow;

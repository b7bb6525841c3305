import { SIGNAL_STANDARD } from '../../domain/signal-standard.ts';
import { share } from './limit.ts';

/** What a market fill is taken to cost: every size and every loss counts it. */
export const COSTS = {
  takerFee: share({
    label: 'taker fee',
    standard: SIGNAL_STANDARD.takerFee,
    tighter: 'higher',
    shown: (value) => `${value} of position value`,
    meaning: 'assumed on entry and on exit',
  }),
  /** Assumed worsening of every market fill, the stop's included. */
  slippage: share({
    label: 'assumed slippage',
    standard: '0.05',
    tighter: 'higher',
    shown: (value) => `${value} of price`,
    meaning: 'assumed on every market fill, the stop included',
  }),
} as const;

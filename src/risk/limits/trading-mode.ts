import { formatUtc } from '../../domain/time.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** The code of the refusal in each mode that refuses entries. */
export const MODE_CODES = { reduceOnly: 'mode-reduce-only', halted: 'mode-halted' } as const;

/** Entries only in normal mode. */
export const tradingMode: LimitRule = ({ mode }) => {
  if (mode === undefined || mode.mode === 'normal') return undefined;
  const reason = mode.reasons[0];
  const because = reason === undefined ? '' : `: ${reason.evidence}`;
  const what = mode.mode === 'halted' ? 'Trading is halted' : 'New trades are paused';
  const found = { limit: 'mode normal', observed: `mode ${mode.mode}` };
  return refuse(MODE_CODES[mode.mode], found, `${what} since ${formatUtc(mode.since)}${because}`);
};

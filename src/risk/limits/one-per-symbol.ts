import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** One position a symbol: a second entry would add to a stake that was sized as a whole, or turn it around. */
export const onePerSymbol: LimitRule = ({ open, candidate }) => {
  if (open === undefined || !open.symbols.has(candidate.symbol)) return undefined;
  const found = { limit: 'none in the symbol', observed: 'one open or on the way' };
  const sentence = `${candidate.symbol} already has a position or an entry on the way.`;
  return refuse('symbol-occupied', found, sentence);
};

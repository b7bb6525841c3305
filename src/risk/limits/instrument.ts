import { contractState, contractText } from '../../domain/instrument.ts';
import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** The contract must be open, tradable through the API, not leaving the exchange, and settled in the account's coin. */
export const instrumentTradable: LimitRule = ({ instrument, candidate, account, now }) => {
  if (instrument === undefined) return undefined;
  const { symbol } = candidate;
  const say = (observed: string, sentence: string) =>
    refuse('symbol-not-tradable', { limit: 'open for trading', observed }, sentence);
  if (instrument.symbol !== symbol) {
    return say(
      `rules of ${instrument.symbol}`,
      `The trading rules at hand are not those of ${symbol}.`,
    );
  }
  if (instrument.tick <= 0n || instrument.step <= 0n) {
    return say('a step of 0', `The trading rules of ${symbol} give no price or quantity step.`);
  }
  const state = contractState(instrument, now);
  if (state.kind !== 'open' && state.kind !== 'delisting') {
    return say(state.kind, `${symbol} is ${contractText(state)}.`);
  }
  if (!instrument.apiTradable) {
    return say('not through the API', `The exchange takes no API orders for ${symbol}.`);
  }
  if (account !== undefined && account.marginCoin !== instrument.quote) {
    return say(
      `settles in ${instrument.quote}`,
      `${symbol} settles in ${instrument.quote}, the account holds ${account.marginCoin}.`,
    );
  }
  return undefined;
};

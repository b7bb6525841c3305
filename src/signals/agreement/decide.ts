import type { Side } from '../../domain/position.ts';
import { CONFIRMATIONS, FILTERS } from './criteria/list.ts';
import type { StrategyParameters } from '../parameters.ts';
import type { Snapshot } from './snapshot.ts';

/** Why there is no trade. `contradiction`: both sides reach the score, with different scores; `tie`: with the same. */
export type NoTrade = 'filters' | 'score' | 'tie' | 'contradiction';

export interface Scores {
  readonly filtersMet: number;
  /** 0 to 100, filters included. */
  readonly longScore: number;
  readonly shortScore: number;
}

export interface SignalDecision extends Scores {
  readonly outcome: Side | NoTrade;
}

/** The strategy's decision on one closed candle, as numbers only. Live scan and backtest both come through here. */
export function decide(view: Snapshot, parameters: StrategyParameters): SignalDecision {
  let filtersMet = 0;
  let longScore = 0;
  let shortScore = 0;
  for (const filter of FILTERS) {
    if (!filter.met(view, parameters, 'long')) continue;
    filtersMet += 1;
    longScore += filter.weight;
    shortScore += filter.weight;
  }
  for (const confirmation of CONFIRMATIONS) {
    if (confirmation.met(view, parameters, 'long')) longScore += confirmation.weight;
    if (confirmation.met(view, parameters, 'short')) shortScore += confirmation.weight;
  }
  const outcome = outcomeOf({ filtersMet, longScore, shortScore }, parameters);
  return { filtersMet, longScore, shortScore, outcome };
}

/** What follows from the scores: the side that alone reaches `minScore`, where enough filters are met. */
export function outcomeOf(
  { filtersMet, longScore, shortScore }: Scores,
  { filtersNeeded, minScore }: Pick<StrategyParameters, 'filtersNeeded' | 'minScore'>,
): Side | NoTrade {
  if (filtersMet < filtersNeeded) return 'filters';
  const long = longScore >= minScore;
  const short = shortScore >= minScore;
  if (long && short) return longScore === shortScore ? 'tie' : 'contradiction';
  if (!long && !short) return 'score';
  return long ? 'long' : 'short';
}

import { HOUR } from '../../domain/time.ts';
import { snapshotAt, snapshotFields } from '../agreement/columns.ts';
import { CONFIRMATIONS, FILTERS } from '../agreement/criteria/list.ts';
import { judge } from '../agreement/criterion.ts';
import { decide, type NoTrade, type SignalDecision } from '../agreement/decide.ts';
import { createHistory } from '../agreement/history.ts';
import type { Snapshot } from '../agreement/snapshot.ts';
import { levelsBy, tradePrices } from '../levels.ts';
import { TRADABLE_STRATEGY, type StrategyParameters } from '../parameters.ts';
import type { Strategy } from '../strategy.ts';

const CRITERIA = [...FILTERS, ...CONFIRMATIONS];

/** Nine criteria on 1 h candles that agree on one side, for the first time after a day on which they did not. */
export const agreement: Strategy<Snapshot> = {
  name: 'agreement',
  about:
    'Most of nine criteria on 1 h candles, all about the trend, agree on one side for the first time in 24 h.',
  interval: '1h',
  // The seeds of Wilder and exponential averages have faded to below a ten-thousandth; with the quiet day it is judged by, 200.
  minHistory: 176,
  // Its averages speak of hours in a row: over a longer gap they would make one trend of two markets.
  bridgedGap: 3,
  // Its windows of 20 hold only candles in a row again.
  afterGap: 20,
  quietFor: 24,
  lapsesAfterMs: HOUR,
  leavesAfter: 14 * 24,
  place: 'watch',
  isScanned: true,
  parameters: TRADABLE_STRATEGY,
  rewardRisk: TRADABLE_STRATEGY.minRewardRisk + TRADABLE_STRATEGY.rewardRiskRoom,
  criteria: CRITERIA,
  createHistory,
  columnsOf: snapshotFields,
  viewAt: snapshotAt,
  decidesBy: [...CRITERIA.flatMap(({ thresholds }) => thresholds), 'filtersNeeded', 'minScore'],
  decide(view, parameters) {
    const { outcome, longScore, shortScore } = decide(view, parameters);
    if (outcome === 'long') return { side: outcome, score: longScore };
    return outcome === 'short' ? { side: outcome, score: shortScore } : undefined;
  },
  stood(view, parameters, side) {
    const { longScore, shortScore } = decide(view, parameters);
    return (side === 'long' ? longScore : shortScore) >= parameters.minScore;
  },
  whyNot(view, parameters) {
    const decision = decide(view, parameters);
    const { outcome } = decision;
    if (outcome === 'long' || outcome === 'short') throw new RangeError('there is a signal');
    return { why: outcome, reason: reasonOf(outcome, decision, parameters) };
  },
  pricesOf: ({ view: { close, atr }, side, parameters }, instrument) =>
    tradePrices({ side, entry: close, atr, instrument, parameters }),
  levelsBy: ({ view: { close, atr }, side, parameters }, instrument) =>
    levelsBy({ side, entry: close, atr, instrument, parameters }),
  explain: (question) => CRITERIA.map((criterion) => judge(criterion, question)),
};

function reasonOf(why: NoTrade, decision: SignalDecision, parameters: StrategyParameters): string {
  const { filtersMet, longScore, shortScore } = decision;
  const { filtersNeeded, minScore } = parameters;
  const scores = `long ${longScore}, short ${shortScore}`;
  switch (why) {
    case 'filters':
      return `Only ${filtersMet} of ${FILTERS.length} market filters are met, ${filtersNeeded} are needed.`;
    case 'score':
      return `Neither side reaches ${minScore} of 100: ${scores}.`;
    case 'tie':
      return `Both sides score the same: ${scores}.`;
    case 'contradiction':
      return `Both sides reach ${minScore}, which contradict each other: ${scores}.`;
  }
}

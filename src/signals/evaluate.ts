import type { Instrument } from '../domain/instrument.ts';
import type { Side } from '../domain/position.ts';
import type { CriterionResult, Signal } from '../domain/signal.ts';
import type { Timestamp } from '../domain/time.ts';
import { categoryOf } from './categories.ts';
import { CONFIRMATIONS, FILTERS } from './criteria/list.ts';
import { judge } from './criterion.ts';
import { decide, type NoTrade, type Verdict } from './decide.ts';
import { tradeLevels } from './levels.ts';
import type { StrategyParameters } from './parameters.ts';
import { turnoverOf, type Snapshot } from './snapshot.ts';

export interface SideScore {
  readonly score: number;
  readonly confirmations: readonly CriterionResult[];
}

/** What the strategy says of one symbol on its newest closed candle. */
export type Evaluation =
  | { readonly kind: 'signal'; readonly signal: Signal }
  | {
      readonly kind: 'none';
      readonly symbol: string;
      readonly why: NoTrade | 'levels';
      readonly reason: string;
      readonly candleClosedAt: Timestamp;
      readonly filters: readonly CriterionResult[];
      readonly long: SideScore;
      readonly short: SideScore;
    }
  | {
      readonly kind: 'not-ready';
      readonly symbol: string;
      readonly reason: string;
      /** Candles in a row that there are and that there must be. */
      readonly have: number;
      readonly need: number;
    };

/** Evaluates one snapshot: the decision, and the words and prices that go with it. Throws RangeError when the instrument's tick is not above 0. */
export function evaluateSnapshot(
  view: Snapshot,
  instrument: Instrument,
  parameters: StrategyParameters,
): Exclude<Evaluation, { kind: 'not-ready' }> {
  const verdict = decide(view, parameters);
  const { outcome } = verdict;
  if (outcome !== 'long' && outcome !== 'short') {
    const reason = reasonOf(outcome, verdict, parameters);
    return none({ view, instrument, parameters, verdict, why: outcome, reason });
  }
  const levels = tradeLevels({
    side: outcome,
    entry: view.close,
    atr: view.atr,
    instrument,
    parameters,
  });
  if (typeof levels === 'string') {
    const reason = `A ${outcome} has no sound prices: ${levels}.`;
    return none({ view, instrument, parameters, verdict, why: 'levels', reason });
  }
  const signal: Signal = {
    id: signalId(instrument.symbol, outcome, view.closedAt),
    symbol: instrument.symbol,
    side: outcome,
    ...levels,
    score: outcome === 'long' ? verdict.longScore : verdict.shortScore,
    criteria: [...FILTERS, ...CONFIRMATIONS].map((criterion) =>
      judge(criterion, { view, parameters, side: outcome }),
    ),
    atrFraction: view.atr / view.close,
    turnover: turnoverOf(view),
    category: categoryOf(instrument.base),
    candleClosedAt: view.closedAt,
  };
  return { kind: 'signal', signal };
}

/** "BTCUSDT-long-1760122800000". Anything but letters and digits in the symbol becomes "-". */
export const signalId = (symbol: string, side: Side, closedAt: Timestamp): string =>
  `${symbol.replaceAll(/[^A-Za-z0-9]/g, '-')}-${side}-${closedAt}`;

interface NoSignal {
  readonly view: Snapshot;
  readonly instrument: Instrument;
  readonly parameters: StrategyParameters;
  readonly verdict: Verdict;
  readonly why: NoTrade | 'levels';
  readonly reason: string;
}

function none({ view, instrument, parameters, verdict, why, reason }: NoSignal) {
  const confirmations = (side: Side): readonly CriterionResult[] =>
    CONFIRMATIONS.map((criterion) => judge(criterion, { view, parameters, side }));
  return {
    kind: 'none',
    symbol: instrument.symbol,
    why,
    reason,
    candleClosedAt: view.closedAt,
    filters: FILTERS.map((criterion) => judge(criterion, { view, parameters, side: 'long' })),
    long: { score: verdict.longScore, confirmations: confirmations('long') },
    short: { score: verdict.shortScore, confirmations: confirmations('short') },
  } as const;
}

function reasonOf(why: NoTrade, verdict: Verdict, parameters: StrategyParameters): string {
  const { filtersMet, longScore, shortScore } = verdict;
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

import { ratioFromNumber } from '../domain/money/money.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { CriterionResult, Signal } from '../domain/signal.ts';
import type { Timestamp } from '../domain/time.ts';
import { categoryOf } from './categories.ts';
import { rewardRiskAfterFees } from './levels.ts';
import type { StrategyParameters } from './parameters.ts';
import { eventOf, type Earlier } from './event.ts';
import type { Strategy, View, EntryRequest } from './strategy.ts';

/** What a strategy says of one symbol on its newest closed candle. */
export type Evaluation =
  | { readonly kind: 'signal'; readonly signal: Signal }
  | {
      readonly kind: 'none';
      readonly symbol: string;
      /** A code of the strategy's own, or `levels`: no sound prices; `not-new`: it stood before; `thin`: too little is traded. */
      readonly why: string;
      readonly reason: string;
      readonly candleClosedAt: Timestamp;
    }
  | {
      readonly kind: 'not-ready';
      readonly symbol: string;
      readonly reason: string;
      /** Candles in a row that there are and that there must be. */
      readonly have: number;
      readonly need: number;
    };

export interface Evaluated<V extends View = View> {
  readonly strategy: Strategy<V>;
  readonly view: V;
  readonly instrument: Instrument;
  readonly parameters: StrategyParameters;
}

/** The decision on one view, and the words and prices that go with it. Throws RangeError when the instrument's tick is not above 0. */
export function evaluate<V extends View>(
  evaluated: Evaluated<V>,
  earlier: Earlier<V>,
): Exclude<Evaluation, { kind: 'not-ready' }> {
  const { strategy, view, instrument, parameters } = evaluated;
  const { symbol } = instrument;
  const none = { kind: 'none', symbol, candleClosedAt: view.closedAt } as const;
  const request = eventOf(strategy, { view, earlier }, parameters);
  if (request === undefined) return { ...none, ...whyNone(evaluated) };
  const category = categoryOf(instrument.base);
  const signal = signalOf(evaluated, request, { category });
  if (typeof signal === 'string') {
    const reason = `A ${request.side} has no sound prices: ${signal}.`;
    return { ...none, why: 'levels', reason };
  }
  const { side } = request;
  const criteria = strategy.explain({ view, parameters, side });
  return { kind: 'signal', signal: { ...signal, criteria } };
}

function whyNone<V extends View>({
  strategy,
  view,
  parameters,
}: Evaluated<V>): {
  readonly why: string;
  readonly reason: string;
} {
  if (strategy.decide(view, parameters) === undefined) return strategy.whyNot(view, parameters);
  if (view.dayTurnover < parameters.minDayTurnover) {
    return { why: 'thin', reason: 'Too little was traded in the 24 h before.' };
  }
  return { why: 'not-new', reason: 'It stands, but it is not new.' };
}

/** The signal that a request makes, without its words; a text says why no sound prices exist. */
export function signalOf<V extends View>(
  { strategy, view, instrument, parameters }: Evaluated<V>,
  { side, score }: EntryRequest,
  { category }: { readonly category: string },
): Signal | string {
  const prices = strategy.pricesOf({ view, parameters, side }, instrument);
  if (typeof prices === 'string') return prices;
  const { name } = strategy;
  const takerFee = ratioFromNumber(parameters.takerFee);
  const criteria: readonly CriterionResult[] = [];
  return {
    id: signalId({ symbol: instrument.symbol, strategy: name, side, closedAt: view.closedAt }),
    strategy: name,
    symbol: instrument.symbol,
    side,
    ...prices,
    rewardRisk: rewardRiskAfterFees({ side, ...prices }, takerFee),
    ...(score === undefined ? {} : { score }),
    ...(strategy.isClean === undefined
      ? {}
      : { clean: strategy.isClean({ view, parameters, side }) }),
    criteria,
    atrFraction: view.atr / view.close,
    turnover: view.dayTurnover,
    category,
    candleClosedAt: view.closedAt,
  };
}

/** "BTCUSDT-agreement-long-1760122800000". Anything but letters and digits in the symbol becomes "-". */
export const signalId = ({
  symbol,
  strategy,
  side,
  closedAt,
}: Pick<Signal, 'symbol' | 'strategy' | 'side'> & { readonly closedAt: Timestamp }): string =>
  `${symbol.replaceAll(/[^A-Za-z0-9]/g, '-')}-${strategy}-${side}-${closedAt}`;

import type { StrategyParameters } from '../../signals/parameters.ts';
import {
  areCounted,
  oncePer,
  signalColumns,
  type SignalColumns,
} from '../candles/signal-columns.ts';
import { eventsIn, eventsOf, type RequestAt } from '../candles/snapshot-columns.ts';
import {
  followRequest,
  spanOf,
  type Ended,
  type StudyMarket,
  type StudyOptions,
  type StudySpan,
} from './study.ts';
import type { Trade } from '../trade/trade.ts';

/** All that decides where stop and target lie. */
export const LEVELS = [
  'stopAtrs',
  'minStop',
  'maxStop',
  'targetStops',
  'minRewardRisk',
  'rewardRiskRoom',
  'takerFee',
] as const satisfies readonly (keyof StrategyParameters)[];

/**
 * `trackSignals` with the strategy as chooser, for each of its variants. A signal is tracked once for all variants that place
 * the same stop and target, whatever else lets them in.
 */
export function followVariants(
  market: StudyMarket,
  variants: readonly StrategyParameters[],
  options: Omit<StudyOptions, 'parameters'>,
): Trade[][] {
  const { columns } = market;
  const followOf = oncePer(LEVELS, (parameters) => {
    const span = spanOf(market, { ...options, parameters });
    return { span, follow: createFollow(market, span) };
  });
  if (!areCounted(columns)) {
    const eventsOf = oncePer([...columns.strategy.decidesBy, 'minDayTurnover'], (parameters) =>
      eventsIn(columns, parameters),
    );
    return variants.map((parameters) => tradesAt(eventsOf(parameters), followOf(parameters)));
  }
  const signals = signalColumns(columns, variants);
  return variants.flatMap((parameters, index) => {
    const own = signals[index];
    return own === undefined ? [] : [tradesOf(own, followOf(parameters))];
  });
}

/** `trackSignals` with the strategy as chooser. */
export function followStrategy(market: StudyMarket, options: StudyOptions): Trade[] {
  const span = spanOf(market, options);
  const follow: Follow = (request) => followRequest(market, request, span);
  return tradesAt(eventsOf(market.columns, options.parameters), { span, follow });
}

type Follow = (request: RequestAt) => Ended | undefined;

interface Following {
  readonly span: StudySpan;
  readonly follow: Follow;
}

function tradesAt(
  events: readonly RequestAt[],
  { span: { from, to }, follow }: Following,
): Trade[] {
  const trades: Trade[] = [];
  let free = from;
  for (const event of events) {
    if (event.row < free || event.row >= to) continue;
    const ended = follow(event);
    if (ended !== undefined) trades.push(ended.trade);
    free = ended?.row ?? event.row + 1;
  }
  return trades;
}

/** `followRequest`, once for each row and side: what becomes of a trade does not hang on its score. */
function createFollow(market: StudyMarket, span: StudySpan): Follow {
  const known = new Map<number, Ended | undefined>();
  return (request) => {
    const key = 2 * request.row + (request.side === 'long' ? 0 : 1);
    let ended = known.get(key);
    if (ended === undefined && !known.has(key)) {
      ended = followRequest(market, request, span);
      known.set(key, ended);
    }
    const { score } = request;
    if (ended === undefined || score === undefined || ended.trade.score === score) return ended;
    return { ...ended, trade: { ...ended.trade, score } };
  };
}

function tradesOf(
  { next, longScore, shortScore }: SignalColumns,
  { span: { from, to }, follow }: Following,
): Trade[] {
  const trades: Trade[] = [];
  let row = next[from] ?? to;
  while (row < to) {
    const long = longScore[row] ?? NaN;
    const short = shortScore[row] ?? NaN;
    const side = long > short ? 'long' : 'short';
    const ended = follow({ row, side, score: Math.max(long, short) });
    if (ended !== undefined) trades.push(ended.trade);
    row = next[ended?.row ?? row + 1] ?? to;
  }
  return trades;
}

import type { StrategyParameters } from '../../signals/parameters.ts';
import {
  areCounted,
  oncePer,
  signalColumns,
  type SignalColumns,
} from '../candles/signal-columns.ts';
import { eventsIn, eventsOf, viewAt, type RequestAt } from '../candles/snapshot-columns.ts';
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
  const shared = createShared(market);
  const followOf = oncePer(LEVELS, (parameters) => {
    const span = spanOf(market, { ...options, parameters });
    return { span, follow: createFollow(shared, span) };
  });
  if (!areCounted(columns)) {
    // Not kept with the columns: a hundred variants of each market would stay for good.
    const eventsFor = oncePer([...columns.strategy.decidesBy, 'minDayTurnover'], (parameters) =>
      eventsIn(columns, parameters),
    );
    return variants.map((parameters) => tradesAt(eventsFor(parameters), followOf(parameters)));
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

type Outcome = Ended | undefined;
type Follow = (request: RequestAt) => Outcome;

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

const keyOf = ({ row, side }: RequestAt): number => 2 * row + (side === 'long' ? 0 : 1);

/** `followRequest`, once for each row and side and for all variants that come to the same levels there. */
function createShared(market: StudyMarket): (request: RequestAt, span: StudySpan) => Outcome {
  const { columns, instrument } = market;
  const { strategy } = columns;
  const known = new Map<number, Map<string, Outcome>>();
  return (request, span) => {
    const { parameters } = span;
    const { row, side } = request;
    const view = viewAt(columns, row);
    const levels = view && strategy.levelsBy?.({ view, parameters, side }, instrument);
    const asked = { ...request, view };
    if (levels === undefined) return followRequest(market, asked, span);
    const own = known.get(keyOf(request)) ?? new Map<string, Outcome>();
    known.set(keyOf(request), own);
    if (!own.has(levels)) own.set(levels, followRequest(market, asked, span));
    return own.get(levels);
  };
}

/** What becomes of a request, once for each row and side: it does not hang on its score. */
function createFollow(shared: ReturnType<typeof createShared>, span: StudySpan): Follow {
  const known = new Map<number, Outcome>();
  return (request) => {
    const key = keyOf(request);
    let ended = known.get(key);
    if (ended === undefined && !known.has(key)) {
      ended = shared(request, span);
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

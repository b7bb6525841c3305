import type { StrategyParameters } from '../../signals/parameters.ts';
import {
  areCounted,
  oncePer,
  signalColumns,
  type SignalColumns,
} from '../candles/signal-columns.ts';
import {
  trackSignals,
  followRequest,
  strategyChooser,
  spanOf,
  type Ended,
  type StudyMarket,
  type StudyOptions,
  type StudySpan,
  type RequestAt,
} from './study.ts';
import type { Trade } from '../trade/trade.ts';

/** All that decides where stop and target lie. */
const LEVELS = [
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
  if (!areCounted(columns)) {
    return variants.map((parameters) =>
      trackSignals(market, strategyChooser(parameters), {
        ...options,
        parameters,
      }),
    );
  }
  const signals = signalColumns(columns, variants);
  const followOf = oncePer(LEVELS, (parameters) => {
    const span = spanOf(market, { ...options, parameters });
    return { span, follow: createFollow(market, span) };
  });
  return variants.flatMap((parameters, index) => {
    const own = signals[index];
    return own === undefined ? [] : [tradesOf(own, followOf(parameters))];
  });
}

type Follow = (request: RequestAt & { readonly score: number }) => Ended | undefined;

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
    if (ended === undefined || ended.trade.score === score) return ended;
    return { ...ended, trade: { ...ended.trade, score } };
  };
}

function tradesOf(
  { next, longScore, shortScore }: SignalColumns,
  { span: { from, to }, follow }: { readonly span: StudySpan; readonly follow: Follow },
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

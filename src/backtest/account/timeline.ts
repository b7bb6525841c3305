import { intervalMs } from '../../domain/candle.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import type { BtcAtr } from '../../risk/terms/market-reading.ts';
import { MARKET_SYMBOL } from '../../signals/market-volatility.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import { within } from '../../signals/parameters.ts';
import type { CandleColumns } from '../candles/candle-columns.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { createUsualVolatility } from '../candles/usual-volatility.ts';
import { requestsIn, type MarketRequest } from './requests.ts';

/** What the markets themselves bring, whatever an account makes of it: worked out once for any number of runs. */
export interface Timeline {
  readonly candleMs: number;
  /** Every open time of any market, ascending. */
  readonly times: readonly Timestamp[];
  /** What the strategy wants at an open, of the candles that close there, in the order of the markets. */
  readonly requests: ReadonlyMap<Timestamp, readonly MarketRequest[]>;
  /** Bitcoin's volatility as it is known at each of the times; absent where Bitcoin is not among the markets. */
  readonly volatility: ReadonlyMap<Timestamp, BtcAtr | undefined> | undefined;
}

interface TimelineInput {
  readonly markets: readonly PortfolioMarket[];
  readonly parameters: StrategyParameters;
  readonly limits: RiskLimits;
}

export function timelineOf({ markets, parameters, limits }: TimelineInput): Timeline {
  const candleMs = intervalMs(markets[0]?.columns.strategy.interval ?? '1h');
  const times = timesOf(markets);
  const bitcoin = markets.find(({ instrument }) => instrument.symbol === MARKET_SYMBOL);
  const usual =
    bitcoin && createUsualVolatility(bitcoin.columns.candles, limits.volatilityMultiple, candleMs);
  return {
    candleMs,
    times,
    requests: requestsOf(markets, within(parameters, limits), candleMs),
    volatility: usual && new Map(times.map((time) => [time, usual(time)])),
  };
}

function timesOf(markets: readonly PortfolioMarket[]): readonly Timestamp[] {
  let all: readonly Timestamp[] = [];
  for (const { columns } of markets) all = joined(all, columns.candles);
  return all;
}

/** Ascending times with those of the candles: the list itself where it has them all, as nearly always. */
function joined(all: readonly Timestamp[], candles: CandleColumns): readonly Timestamp[] {
  const { time, length } = candles;
  const more: Timestamp[] = [];
  let place = 0;
  for (let row = 0; row < length; row += 1) {
    const own = time[row] ?? NaN;
    while ((all[place] ?? Infinity) < own) place += 1;
    if (all[place] !== own) more.push(own);
  }
  if (more.length === 0) return all;
  return [...new Set([...all, ...more])].toSorted((one, other) => one - other);
}

function requestsOf(
  markets: readonly PortfolioMarket[],
  parameters: StrategyParameters,
  candleMs: number,
): Timeline['requests'] {
  const found = new Map<Timestamp, MarketRequest[]>();
  for (const market of markets) {
    const { candles } = market.columns;
    for (const request of requestsIn(market, parameters)) {
      const at = (candles.time[request.row] ?? NaN) + candleMs;
      const own = found.get(at);
      if (own === undefined) found.set(at, [request]);
      else own.push(request);
    }
  }
  return found;
}

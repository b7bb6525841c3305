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
  const all = new Set<Timestamp>();
  for (const { columns } of markets) addTimes(all, columns.candles);
  return [...all].toSorted((one, other) => one - other);
}

function addTimes(all: Set<Timestamp>, { time, length }: CandleColumns): void {
  for (let row = 0; row < length; row += 1) all.add(time[row] ?? NaN);
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

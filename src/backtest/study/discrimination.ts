import type { StrategyParameters } from '../../signals/parameters.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import { eventsOf, viewAt } from '../candles/snapshot-columns.ts';
import type { MeanInterval } from '../figures/statistics.ts';
import { bySymbol, meanR, type Trade } from '../trade/trade.ts';

/** How much a criterion selects, and whether what it selects did better. */
export interface CriterionRecord {
  readonly id: string;
  readonly label: string;
  /** Share of all ready candles, both sides counted, on which it is met. */
  readonly metShare: number;
  /** Tracked signals on which it was met, and those on which it was not. */
  readonly met: MeanInterval;
  readonly notMet: MeanInterval;
}

export interface Discrimination {
  /** Closed candles on which the strategy had all it needs. */
  readonly ready: number;
  /** Share of them on which it had a signal. */
  readonly signalShare: number;
  readonly criteria: readonly CriterionRecord[];
}

interface Tally {
  met: number;
  readonly with: Trade[];
  readonly without: Trade[];
}

/** `trades`: signals tracked on these markets. */
export function discriminationOf(
  markets: readonly PortfolioMarket[],
  trades: readonly Trade[],
  parameters: StrategyParameters,
): Discrimination {
  const criteria = markets[0]?.columns.strategy.criteria ?? [];
  const tallies = criteria.map((): Tally => ({ met: 0, with: [], without: [] }));
  let ready = 0;
  let signals = 0;
  const known = bySymbol(trades);
  for (const { instrument, columns } of markets) {
    signals += eventsOf(columns, parameters).length;
    for (let row = 0; row < columns.ready.length; row += 1) ready += columns.ready[row] ?? 0;
    if (criteria.length === 0) continue;
    const own = new Map(
      known.get(instrument.symbol)?.map((trade) => [trade.entryTime, trade] as const),
    );
    for (let row = 0; row < columns.candles.length; row += 1) {
      const view = viewAt(columns, row);
      if (view === undefined) continue;
      const trade = own.get(view.closedAt);
      for (let index = 0; index < criteria.length; index += 1) {
        const criterion = criteria[index];
        const tally = tallies[index];
        if (criterion === undefined || tally === undefined) continue;
        if (criterion.met(view, parameters, 'long')) tally.met += 1;
        if (criterion.met(view, parameters, 'short')) tally.met += 1;
        if (trade === undefined) continue;
        const list = criterion.met(view, parameters, trade.side) ? tally.with : tally.without;
        list.push(trade);
      }
    }
  }
  return {
    ready,
    signalShare: ready === 0 ? NaN : signals / ready,
    criteria: criteria.map(({ id, label }, index) => {
      const tally = tallies[index];
      return {
        id,
        label,
        metShare: ready === 0 ? NaN : (tally?.met ?? 0) / (2 * ready),
        met: meanR(tally?.with ?? []),
        notMet: meanR(tally?.without ?? []),
      };
    }),
  };
}

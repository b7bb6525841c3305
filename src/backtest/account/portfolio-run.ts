import type { Usd } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import type { StrategyParameters } from '../../signals/parameters.ts';
import type { Book } from '../trade/book.ts';
import type { TradingCosts } from '../trade/costs.ts';
import type { MarketContext } from './market-context.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import type { OwnerPolicy, RiskSupervisor } from './risk-supervisor.ts';
import type { Timeline } from './timeline.ts';
import type { Trade } from '../trade/trade.ts';

export interface PortfolioInput {
  readonly markets: readonly PortfolioMarket[];
  readonly equity: Usd;
  readonly parameters: StrategyParameters;
  readonly limits: RiskLimits;
  readonly costs: TradingCosts;
  /** What the person does whom the emergency stop waits for. */
  readonly owner: OwnerPolicy;
  /** Entries from here on; indicators know what came before. */
  readonly from?: Timestamp;
  /** Ends before this moment; what is open closes at its last close. */
  readonly to?: Timestamp;
  /** The trigger of a halt with which all is known that is asked for: the run ends there. */
  readonly endsWith?: string;
  /** Asks the gate wherever the live scan would, also while nobody may enter: slower, same trades, every refusal counted. */
  readonly askAlways?: boolean;
}

/** A run under way. */
export interface Run {
  readonly input: PortfolioInput;
  readonly timeline: Timeline;
  /** Place of each market in the input, by its symbol. */
  readonly places: ReadonlyMap<string, number>;
  readonly book: Book;
  readonly supervisor: RiskSupervisor;
  readonly context: MarketContext;
  readonly trades: Trade[];
  /** Signals by the code of what kept them out. */
  readonly refusals: Map<string, number>;
  requests: number;
}

export function countRefusals(run: Run, codes: readonly string[], by: number): void {
  if (by === 0) return;
  for (const code of codes) run.refusals.set(code, (run.refusals.get(code) ?? 0) + by);
}

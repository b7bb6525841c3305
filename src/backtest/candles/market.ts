import type { Instrument, RiskTier } from '../../domain/instrument.ts';
import type { FundingHistory } from '../trade/costs.ts';
import type { SnapshotColumns } from './snapshot-columns.ts';

/** One contract of a run: its rules, its kind and what the tracker knew of it. */
export interface PortfolioMarket {
  readonly instrument: Instrument;
  readonly category: string;
  readonly tiers: readonly RiskTier[];
  readonly columns: SnapshotColumns;
  /** Absent: the assumed rate (see costs). */
  readonly funding?: FundingHistory;
}

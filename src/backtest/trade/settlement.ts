import { neg, ZERO_USD, type Ratio, type Usd } from '../../domain/money/money.ts';
import type { Side } from '../../domain/position.ts';
import type { FundingSettlement } from '../../domain/instrument.ts';
import { HOUR, type Timestamp } from '../../domain/time.ts';
import { isFundingTime, type FundingHistory } from './costs.ts';
import { bookShare } from './exchange-money.ts';

/** The rate of one funding settlement: positive is paid by longs. `recorded`: from the history, else assumed. */
export interface Settlement {
  readonly rate: Ratio;
  readonly recorded: boolean;
}

/** More rows than this the exchange does not send at once: then what is older is unknown. */
const PAGE = 200;

/** The history that rows of the exchange make, asked for since `from`, in any order; undefined without rows. */
export function fundingHistoryOf(
  rows: readonly FundingSettlement[],
  from: Timestamp,
): FundingHistory | undefined {
  if (rows.length === 0) return undefined;
  const rates = new Map(rows.map(({ at, rate }) => [Math.round(at / HOUR) * HOUR, rate]));
  return { from: rows.length < PAGE ? from : Math.min(...rates.keys()), rates };
}

/** What is settled at the full hour `at`; undefined for nothing. Before the history begins the assumed rate holds. */
export function settlementAt(
  at: Timestamp,
  history: FundingHistory | undefined,
  assumed: Ratio,
): Settlement | undefined {
  if (history === undefined || at < history.from) {
    return isFundingTime(at) ? { rate: assumed, recorded: false } : undefined;
  }
  const rate = history.rates.get(at);
  return rate === undefined ? undefined : { rate, recorded: true };
}

/** What a position of that value receives, negative when it pays. Income that nobody recorded is not counted. */
export function fundingReceived(side: Side, value: Usd, { rate, recorded }: Settlement): Usd {
  if (side === 'short' && !recorded) return ZERO_USD;
  const paidByLongs = bookShare(value, rate);
  return side === 'long' ? neg(paidByLongs) : paidByLongs;
}

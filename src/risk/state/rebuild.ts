import { equityOf, walletOf } from '../../domain/account.ts';
import { max, min, sub, sumUsd, ZERO_USD, type Usd } from '../../domain/money/money.ts';
import { sureNet, type Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { RiskLimits } from '../terms/limits.ts';
import { dayOf, realisedOf, resultSoFar, type AccountHistory } from './history-day.ts';
import { NOTHING_COUNTED, riskDayStart, type RiskState } from './risk-state.ts';
import { countNewTrades, countResults, type TradeCount } from './trade-count.ts';
import { markTimes, WEEK_MS, type EquityMark } from './week.ts';

export interface Rebuilt {
  readonly state: RiskState;
  /** Symbols held over the day's start. */
  readonly held: readonly string[];
  /**
   * Symbols whose fills do not add up to their positions, or that the exchange does not say all costs of: their result of today is not
   * known. What they lost in all counts as lost today, and what they gained is left out.
   */
  readonly unproven: readonly string[];
  /** Those whose funding could not be split: all that they ever paid counts as paid today. */
  readonly unsplit: readonly string[];
  /** Those held over the start whose price at the start is not known: their loss of today is then a guess on the careful side. */
  readonly unpriced: readonly string[];
}

/**
 * What Vigil would remember, worked out from the exchange's history: equity at the day's start, today's entries and results, the
 * losing streak with its pause, paused symbols, a high-water mark that is at least so high and
 * equity of the last 7 days. Deposits and withdrawals are not
 * in that history: they count as having been there always. Pure; throws nothing.
 */
export function rebuildRiskState(history: AccountHistory, limits: RiskLimits): Rebuilt {
  const { account, now } = history;
  const start = riskDayStart(now, limits);
  const day = dayOf(history, start);
  const equity = equityOf(account);
  const first = max(sub(equity, day.change), ZERO_USD);
  const dayStartEquity = first > 0n ? first : equity;
  const state: RiskState = {
    ...countsOf(history, { start, limits }),
    dayStartEquity,
    dayFirstEquity: dayStartEquity,
    dayCashFlow: ZERO_USD,
    dayBook: { at: start, equity: dayStartEquity, rows: day.book },
    peakEquity: max(highestOf(history), dayStartEquity, equity),
    lastEquity: equity,
    week: weekOfHistory(history),
    steps: [],
    // What moved before is not in the exchange's history.
    flows: { since: account.at, list: [] },
    accountAt: account.at,
    failedReads: 0,
  };
  const { held, unproven, unsplit, unpriced } = day;
  return { state, held, unproven, unsplit, unpriced };
}

function countsOf(
  { positions, closed, now }: AccountHistory,
  day: { readonly start: Timestamp; readonly limits: RiskLimits },
): TradeCount {
  const reading = { positions, closed, now };
  const fresh: TradeCount = { ...NOTHING_COUNTED, dayStart: day.start };
  return countResults(countNewTrades(fresh, reading, []), { reading, limits: day.limits }, []);
}

/** The highest wallet that the closes show, walked back from the present one. */
function highestOf({ account, positions, closed }: AccountHistory): Usd {
  let wallet = sub(walletOf(account), sumUsd(positions.map(realisedOf)));
  let highest = wallet;
  for (const each of closed.toSorted((a, b) => b.closedAt - a.closedAt)) {
    wallet = sub(wallet, each.net);
    highest = max(highest, wallet);
  }
  return highest;
}

/** While its costs are unknown an open position has gained nothing for sure. */
const sureResult = (each: Position): Usd =>
  each.costsUnknown === true ? min(resultSoFar(each), ZERO_USD) : resultSoFar(each);

/**
 * Equity of the last 7 days, hour by hour, as trading alone has changed it since. Positions that were open at such a moment may have lost
 * before or after it: all of their loss counts as after it, and none of their gain, so equity was at most that.
 */
function weekOfHistory(history: AccountHistory): readonly EquityMark[] {
  const { account, positions, now } = history;
  const equity = equityOf(account);
  const results = [
    ...positions.map((each) => ({ openedAt: each.openedAt, until: now, net: sureResult(each) })),
    ...history.closed
      .filter((each) => each.closedAt > now - WEEK_MS)
      .map((each) => ({ openedAt: each.openedAt, until: each.closedAt, net: sureNet(each) })),
  ];
  return markTimes(now).map((at) => {
    const since = results
      .filter(({ until }) => until > at)
      .map(({ openedAt, net }) => (openedAt >= at ? net : min(net, ZERO_USD)));
    return { at, equity: max(sub(equity, sumUsd(since)), ZERO_USD) };
  });
}

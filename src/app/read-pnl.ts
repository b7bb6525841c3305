import { abs, sumUsd, type Usd } from '../domain/money.ts';
import type { ClosedPosition } from '../domain/position.ts';
import { DAY, type Timestamp } from '../domain/time.ts';
import { riskDayStart } from '../risk/risk-state.ts';
import type { EquityPoint, Ports } from './ports.ts';
import { reasonOf, type Reading } from './reading.ts';

/** Sums over the positions that closed in a period. Fees are a cost (0 or more); funding is negative when paid. */
export interface PnlTotals {
  readonly closed: number;
  readonly won: number;
  /** Of those, the ones whose figure could be read in two ways. */
  readonly assumed: number;
  readonly gross: Usd;
  readonly fees: Usd;
  readonly funding: Usd;
  readonly net: Usd;
}

export interface PnlView {
  /** When today began: the day of the daily loss limit. */
  readonly todayFrom: Timestamp;
  readonly today: PnlTotals;
  readonly week: PnlTotals;
  readonly month: PnlTotals;
  readonly recent: readonly ClosedPosition[];
  readonly equity: readonly EquityPoint[];
}

/** Realised P&L of today (the day of the daily loss limit), 7 and 30 days from the exchange's own history, and the equity that Vigil recorded. */
export async function readPnl(ports: Ports): Promise<Reading<PnlView>> {
  const now = ports.clock.now();
  try {
    const [closed, equity] = await Promise.all([
      ports.account.closedPositions(now - 30 * DAY),
      ports.accounts.equity(now - 30 * DAY),
    ]);
    return {
      kind: 'live',
      value: summarise(closed, equity, { now, today: riskDayStart(now, ports.limits) }),
      at: now,
    };
  } catch (error) {
    return { kind: 'unavailable', reason: reasonOf(error) };
  }
}

function summarise(
  closed: readonly ClosedPosition[],
  equity: readonly EquityPoint[],
  at: { readonly now: Timestamp; readonly today: Timestamp },
): PnlView {
  const { now, today } = at;
  const since = (at: Timestamp): PnlTotals => totals(closed.filter((each) => each.closedAt >= at));
  return {
    todayFrom: today,
    today: since(today),
    week: since(now - 7 * DAY),
    month: since(now - 30 * DAY),
    recent: closed.slice(-5).toReversed(),
    equity,
  };
}

/** Sums of a list of closed positions. */
export function totals(closed: readonly ClosedPosition[]): PnlTotals {
  return {
    closed: closed.length,
    won: closed.filter((each) => each.net > 0n).length,
    assumed: closed.filter((each) => each.basisAssumed === true).length,
    gross: sumUsd(closed.map((each) => each.gross)),
    fees: abs(sumUsd(closed.map((each) => each.fees))),
    funding: sumUsd(closed.map((each) => each.funding)),
    net: sumUsd(closed.map((each) => each.net)),
  };
}

import { equityOf } from '../../domain/account.ts';
import { stakesOf, type Alert } from '../../domain/alert.ts';
import { sumUsd, toNumber, type Usd } from '../../domain/money/money.ts';
import { DAY, type Timestamp } from '../../domain/time.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import type { FinishedSignal } from '../../backtest/trade/ledger.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf } from '../reading/reading.ts';
import { wallTime } from '../telling/zone.ts';
import { readTotals, type PnlTotals } from '../views/read-pnl.ts';
import { readStatus, type StatusView } from '../views/read-status.ts';

/** What a report is about, in days. */
export const SPANS = { daily: 1, weekly: 7, monthly: 30 } as const;
export type Span = keyof typeof SPANS;

/** A daily report shows the days around its own too. */
const LEAST_BARS = 7;
/** Among so many alerts and signals is looked. */
const LATEST_ALERTS = 500;
const LATEST_PROPOSALS = 200;

/** What one day of the owner's zone has realised by positions that closed in it. */
export interface DayResult {
  /** "2025-11-28" */
  readonly date: string;
  readonly net: Usd;
  readonly closed: number;
}

/** Everything that a report tells; a text: why that part cannot be read. */
export interface Report {
  readonly span: Span;
  readonly zone: string;
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly status: StatusView;
  /** Equity at the begin, as it was recorded; undefined where none was. Deposits and withdrawals are in the difference. */
  readonly equityBefore: number | undefined;
  readonly result: { readonly totals: PnlTotals; readonly days: readonly DayResult[] } | string;
  readonly alerts: readonly Alert[] | string;
  readonly proposals: readonly Proposal[] | string;
  readonly followed: readonly FinishedSignal[] | string;
}

/** The report of the time until now. Never rejects. */
export async function readReport(ports: Ports, span: Span): Promise<Report> {
  const to = ports.clock.now();
  const from = to - SPANS[span] * DAY;
  const zone = (await ports.telling.settings()).zone;
  const [status, equity, result, alerts, proposals, followed] = await Promise.all([
    readStatus(ports),
    ports.accounts.equity(from - DAY).catch(() => []),
    readResult(ports, { span, from, to, zone }).catch(reasonOf),
    ports.telling.recent(LATEST_ALERTS).catch(reasonOf),
    ports.proposals.recent(LATEST_PROPOSALS).catch(reasonOf),
    (ports.ledger?.finished() ?? Promise.resolve([])).catch(reasonOf),
  ]);
  return {
    span,
    zone,
    from,
    to,
    status,
    equityBefore: equity.findLast(({ at }) => at <= from)?.equity,
    result,
    alerts: typeof alerts === 'string' ? alerts : alerts.filter(({ at }) => at >= from),
    proposals:
      typeof proposals === 'string'
        ? proposals
        : proposals.filter(({ createdAt }) => createdAt >= from),
    followed:
      typeof followed === 'string' ? followed : followed.filter(({ endedAt }) => endedAt >= from),
  };
}

async function readResult(
  ports: Pick<Ports, 'account'>,
  about: Pick<Report, 'span' | 'from' | 'to' | 'zone'>,
): Promise<Exclude<Report['result'], string>> {
  const { span, from, to, zone } = about;
  const bars = Math.max(LEAST_BARS, SPANS[span]);
  // One more, because the first day of the bars begins before its hour.
  const [{ totals }, { closed }] = await Promise.all([
    readTotals(ports, from),
    readTotals(ports, to - (bars + 1) * DAY),
  ]);
  return { totals, days: daysOf(closed, { to, zone, bars }) };
}

/** The last days until now, oldest first, also those on which nothing was closed. */
export function daysOf(
  closed: readonly ClosedPosition[],
  { to, zone, bars }: { readonly to: Timestamp; readonly zone: string; readonly bars: number },
): readonly DayResult[] {
  const dates = new Set<string>();
  // In half days, so that a day of 23 or 25 hours is neither left out nor counted twice.
  for (let half = 2 * bars; half >= 0; half -= 1)
    dates.add(wallTime(to - (half * DAY) / 2, zone).date);
  return [...dates].slice(-bars).map((date) => {
    const ended = closed.filter(({ closedAt }) => wallTime(closedAt, zone).date === date);
    return { date, net: sumUsd(ended.map(({ net }) => net)), closed: ended.length };
  });
}

/** Equity of now, as a number; undefined while the account cannot be read. */
export const equityNow = ({ status }: Report): number | undefined =>
  status.account.kind === 'unavailable'
    ? undefined
    : toNumber(equityOf(status.account.value.account));

/** Those that cost or endangered money. */
export const graveOf = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.filter((each) => ['danger', 'cost'].includes(stakesOf(each)));

import { isReminder } from '../../alerts/remind.ts';
import { equityOf } from '../../domain/account.ts';
import { stakesOf, type Alert } from '../../domain/alert.ts';
import { sumUsd, toNumber, type Usd } from '../../domain/money/money.ts';
import { DAY, type Timestamp } from '../../domain/time.ts';
import type { FinishedSignal } from '../../backtest/trade/ledger.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf } from '../reading/reading.ts';
import { wallTime } from '../telling/zone.ts';
import type { FlowRecord } from '../../risk/state/cash-flow.ts';
import { readResults, readTotals, type PnlTotals, type ResultAt } from '../views/read-pnl.ts';
import { readStatus, type StatusView } from '../views/read-status.ts';

/** What a report is about, in days. */
export const SPANS = { daily: 1, weekly: 7, monthly: 30 } as const;
export type Span = keyof typeof SPANS;

/** What the picture of each shows: bars of days, or of weeks that begin on Monday. */
const BARS = {
  daily: { step: 'day', count: 7 },
  weekly: { step: 'week', count: 8 },
  monthly: { step: 'day', count: 30 },
} as const satisfies Readonly<
  Record<Span, { readonly step: Bars['step']; readonly count: number }>
>;
const STEP_DAYS = { day: 1, week: 7 } as const;
/** Among so many alerts and signals is looked. */
const LATEST_ALERTS = 500;
const LATEST_PROPOSALS = 200;

/** What was realised day by day, or week by week, of the owner's zone; oldest first. */
export interface Bars {
  readonly step: 'day' | 'week';
  readonly bars: readonly {
    /** "2025-11-28": the day, or the first one of the week. */
    readonly date: string;
    readonly net: Usd;
    /** Positions that closed. */
    readonly closed: number;
    /** Parts that were closed of positions which are open still. */
    readonly parts: number;
  }[];
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
  /** What came in less what went out since then; undefined where that is not known for all of the time. */
  readonly moved: number | undefined;
  readonly result: { readonly totals: PnlTotals; readonly shown: Bars } | string;
  readonly alerts: readonly Alert[] | string;
  readonly proposals: readonly Proposal[] | string;
  readonly followed: readonly FinishedSignal[] | string;
}

/** The report of the time until now. Never rejects. */
export async function readReport(ports: Ports, span: Span): Promise<Report> {
  const to = ports.clock.now();
  const from = to - SPANS[span] * DAY;
  const zone = (await ports.telling.settings()).zone;
  const [status, equity, risk, result, alerts, proposals, followed] = await Promise.all([
    readStatus(ports),
    ports.accounts.equity(from - DAY).catch(() => []),
    ports.accounts.riskState().catch(() => undefined),
    readResult(ports, { span, from, to, zone }).catch(reasonOf),
    ports.telling.recent(LATEST_ALERTS).catch(reasonOf),
    ports.proposals.recent(LATEST_PROPOSALS).catch(reasonOf),
    (ports.ledger?.finished() ?? Promise.resolve([])).catch(reasonOf),
  ]);
  const before = equity.findLast(({ at }) => at <= from);
  return {
    span,
    zone,
    from,
    to,
    status,
    equityBefore: before?.equity,
    moved: before === undefined ? undefined : movedSince(before.at, risk?.flows),
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

/** Undefined where the record of what came and went begins later. */
function movedSince(since: Timestamp, flows: FlowRecord | undefined): number | undefined {
  if (flows === undefined || flows.since > since) return undefined;
  return toNumber(sumUsd(flows.list.filter(({ at }) => at > since).map(({ amount }) => amount)));
}

async function readResult(
  ports: Pick<Ports, 'account'>,
  about: Pick<Report, 'span' | 'from' | 'to' | 'zone'>,
): Promise<Exclude<Report['result'], string>> {
  const { span, from, to, zone } = about;
  const { step, count } = BARS[span];
  // One more, because the first of the bars begins before its hour.
  const [{ totals }, results] = await Promise.all([
    readTotals(ports, from),
    readResults(ports, to - (count + 1) * STEP_DAYS[step] * DAY),
  ]);
  return { totals, shown: barsOf(results, { to, zone, step, count }) };
}

/** The last days or weeks until now, also those in which nothing was realised. */
export function barsOf(
  results: readonly ResultAt[],
  {
    to,
    zone,
    step,
    count,
  }: {
    readonly to: Timestamp;
    readonly zone: string;
    readonly step: Bars['step'];
    readonly count: number;
  },
): Bars {
  const barOf = (at: Timestamp): string => {
    const { date } = wallTime(at, zone);
    return step === 'day' ? date : mondayOf(date);
  };
  const dates = new Set<string>();
  // In half days, so that a day of 23 or 25 hours is neither left out nor counted twice.
  for (let half = 2 * count * STEP_DAYS[step]; half >= 0; half -= 1)
    dates.add(barOf(to - (half * DAY) / 2));
  const bars = [...dates].slice(-count).map((date) => {
    const ended = results.filter(({ at }) => barOf(at) === date);
    const parts = ended.filter(({ part }) => part).length;
    const net = sumUsd(ended.map((each) => each.net));
    return { date, net, closed: ended.length - parts, parts };
  });
  return { step, bars };
}

/** The Monday on or before a date such as "2025-11-28". */
function mondayOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

/** Equity of now, as a number; undefined while the account cannot be read. */
export const equityNow = ({ status }: Report): number | undefined =>
  status.account.kind === 'unavailable'
    ? undefined
    : toNumber(equityOf(status.account.value.account));

/** What cost or endangered money, each happening once: a level that was reached is told with its result, and what lasts was told again. */
export function graveOf(alerts: readonly Alert[]): readonly Alert[] {
  const ends = alerts.filter(({ kind }) => kind === 'position-closed');
  const ended = new Set(ends.flatMap(({ revises = [] }) => revises.map(({ key }) => key)));
  return alerts.filter(
    (each) =>
      ['danger', 'cost'].includes(stakesOf(each)) &&
      !isReminder(each) &&
      !(each.kind === 'stop-hit' && ended.has(each.key)),
  );
}

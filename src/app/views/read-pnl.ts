import { abs, add, sumUsd, ZERO_USD, type Usd } from '../../domain/money/money.ts';
import type { Fill } from '../../domain/order.ts';
import { sureNet, type ClosedPosition, type Position } from '../../domain/position.ts';
import { DAY, type Timestamp } from '../../domain/time.ts';
import { riskDayStart } from '../../risk/state/risk-state.ts';
import { clearedHistory, type EquityHistory } from '../account/equity-history.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf, type Reading } from '../reading/reading.ts';
import { closedParts, needsFills, netOf, takenSince } from './taken-so-far.ts';

/**
 * What a period has realised: the positions that closed in it, each whole, and what open ones have added to or taken from the wallet
 * since it began. Fees are a cost (0 or more); funding is negative when paid.
 */
export interface PnlTotals {
  readonly closed: number;
  readonly won: number;
  /** Open positions of which parts were closed. */
  readonly parts: number;
  /** What those parts earned by price alone. */
  readonly partsGross: Usd;
  /** Positions whose figure could be read in two ways. */
  readonly assumed: number;
  /** Open positions of which the funding of this period is not known, and not counted. */
  readonly fundingUnknown: number;
  /** Open positions of which the exchange gives no costs or result; what is missing is not counted. */
  readonly costsUnknown: number;
  /** Closed positions of which the exchange does not say all costs; what is missing is not counted, and none counts as won. */
  readonly closedUnknown: number;
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
  readonly history: EquityHistory;
}

/** What the sums are made of. */
interface Found {
  readonly closed: readonly ClosedPosition[];
  readonly open: readonly Position[];
  readonly fills: readonly Fill[];
}

/**
 * Realised P&L of today (the day of the daily loss limit), 7 and 30 days from the exchange's own history, and the equity that Vigil
 * recorded, cleared of deposits and withdrawals.
 */
export async function readPnl(
  ports: Pick<Ports, 'clock' | 'limits' | 'account' | 'accounts'>,
): Promise<Reading<PnlView>> {
  const now = ports.clock.now();
  const starts = {
    today: riskDayStart(now, ports.limits()),
    week: now - 7 * DAY,
    month: now - 30 * DAY,
  };
  try {
    const [found, recorded, state] = await Promise.all([
      findResults(ports, starts),
      ports.accounts.equity(starts.month),
      ports.accounts.riskState(),
    ]);
    const value: PnlView = {
      todayFrom: starts.today,
      today: sumsSince(found, starts.today),
      week: sumsSince(found, starts.week),
      month: sumsSince(found, starts.month),
      recent: found.closed.slice(-5).toReversed(),
      history: clearedHistory(recorded, state),
    };
    return { kind: 'live', value, at: now };
  } catch (error) {
    return { kind: 'unavailable', reason: reasonOf(error) };
  }
}

/** The sums since one moment, at most 90 days ago, with the closed positions of that time. Rejects where the exchange does not answer. */
export async function readTotals(
  ports: Pick<Ports, 'account'>,
  since: Timestamp,
): Promise<{ readonly totals: PnlTotals; readonly closed: readonly ClosedPosition[] }> {
  const found = await findResults(ports, { today: since, week: since, month: since });
  const closed = found.closed.filter((each) => each.closedAt >= since);
  return { totals: sumsSince(found, since), closed };
}

/** Something that realised a result: a position that closed, or a part of one that is open still. */
export interface ResultAt {
  readonly at: Timestamp;
  readonly net: Usd;
  readonly part: boolean;
}

/** Every result since one moment, at most 90 days ago. Rejects where the exchange does not answer. */
export async function readResults(
  { account }: Pick<Ports, 'account'>,
  since: Timestamp,
): Promise<readonly ResultAt[]> {
  const held = await account.positions();
  const closed = await account.closedPositions(since);
  const ended = new Set(closed.map((each) => each.id));
  const open = held.filter((each) => !ended.has(each.id));
  const inPart = open.filter(({ realisedGross }) => realisedGross !== ZERO_USD);
  const from = Math.max(since, Math.min(...inPart.map(({ openedAt }) => openedAt)));
  const fills = inPart.length === 0 ? [] : await account.fills({ since: from });
  const of = { fills, start: since, others: [...open, ...closed] };
  return [
    ...closed.map(({ closedAt, net }) => ({ at: closedAt, net, part: false })),
    ...inPart.flatMap((each) => closedParts(each, of).map((part) => ({ ...part, part: true }))),
  ];
}

/** Positions before closes, so that one which closes in between is in the closes, and only there. */
async function findResults(
  { account }: Pick<Ports, 'account'>,
  starts: Readonly<Record<'today' | 'week' | 'month', Timestamp>>,
): Promise<Found> {
  const held = await account.positions();
  const closed = await account.closedPositions(starts.month);
  const ended = new Set(closed.map((each) => each.id));
  const open = held.filter((each) => !ended.has(each.id));
  const needed = Object.values(starts).filter((start) =>
    open.some((each) => needsFills(each, start)),
  );
  const fills = needed.length === 0 ? [] : await account.fills({ since: Math.min(...needed) });
  return { closed, open, fills };
}

function sumsSince({ closed, open, fills }: Found, start: Timestamp): PnlTotals {
  const ended = closed.filter((each) => each.closedAt >= start);
  const others = [...open, ...ended];
  const taken = open.map((position) => ({
    position,
    ...takenSince(position, { fills, start, others }),
  }));
  const parts = taken.filter((each) => each.parts);
  const rows = [...ended, ...taken];
  return {
    closed: ended.length,
    won: ended.filter((each) => sureNet(each) > 0n).length,
    parts: parts.length,
    partsGross: sumUsd(parts.map((each) => each.gross)),
    assumed: [...ended, ...parts.map((each) => each.position)].filter(
      (each) => each.basisAssumed === true,
    ).length,
    costsUnknown: taken.filter((each) => each.costsUnknown).length,
    closedUnknown: ended.filter((each) => each.costsUnknown === true).length,
    fundingUnknown: taken.filter((each) => !each.fundingKnown).length,
    gross: sumUsd(rows.map((each) => each.gross)),
    fees: abs(sumUsd(rows.map((each) => each.fees))),
    funding: sumUsd(rows.map((each) => each.funding)),
    net: add(sumUsd(ended.map((each) => each.net)), sumUsd(taken.map(netOf))),
  };
}

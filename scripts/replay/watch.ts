/** What a replay shows: the exchange's own figures, and from Vigil's memory what it planned, told and refused. */
import type { Alert } from '../../src/domain/alert.ts';
import { toNumber } from '../../src/domain/money/money.ts';
import { levelsOf, type Proposal } from '../../src/domain/proposal.ts';
import { HOUR } from '../../src/domain/time.ts';
import { truthOf } from '../../test/acceptance/venue-truth.ts';
import type { ClosedTrade } from './explain.ts';

export interface EquityPoint {
  readonly at: number;
  readonly equity: number;
}

/** One row of the exchange's closed positions, money as text. */
interface ClosedRow {
  readonly symbol: string;
  readonly side: string;
  readonly qty: string;
  readonly entryPrice: string;
  readonly closePrice: string;
  readonly fee: string;
  readonly funding: string;
  readonly ctime: string | number;
  readonly mtime: string | number;
}

export interface Look {
  readonly point: EquityPoint;
  readonly open: number;
  readonly closed: readonly ClosedRow[];
}

/** The account as the exchange knows it at this moment. */
export async function look(controlUrl: string): Promise<Look> {
  const { now, account } = await truthOf(controlUrl);
  return {
    point: { at: now, equity: Number(account.equity) },
    open: account.positions.length,
    closed: account.closedPositions as readonly ClosedRow[],
  };
}

/** The exchange's closed positions that Vigil opened, each with what the gate had planned, in the order of their closing. */
export function tradesOf(
  rows: readonly ClosedRow[],
  proposals: readonly Proposal[],
): readonly ClosedTrade[] {
  const trades = rows.flatMap((row) => {
    // Vigil's clock follows the exchange's and may be a little ahead of it.
    const apart = ({ sentAt = Infinity }: Proposal): number => Math.abs(Number(row.ctime) - sentAt);
    const [nearest] = proposals
      .filter(({ signal }) => signal.symbol === row.symbol)
      .toSorted((a, b) => apart(a) - apart(b));
    return nearest === undefined || apart(nearest) > HOUR ? [] : [tradeOf(row, nearest)];
  });
  return trades.toSorted((a, b) => a.closedAt - b.closedAt);
}

const tradeOf = (row: ClosedRow, { signal, plan, levels }: Proposal): ClosedTrade => ({
  symbol: row.symbol,
  side: signal.side,
  qty: Number(row.qty),
  openedAt: Number(row.ctime),
  closedAt: Number(row.mtime),
  entry: Number(row.entryPrice),
  exit: Number(row.closePrice),
  fees: Math.abs(Number(row.fee)),
  funding: Number(row.funding),
  plan: {
    reference: toNumber(plan.notional) / toNumber(plan.qty),
    stop: toNumber(levelsOf({ signal, ...(levels && { levels }) }).stop),
    risk: toNumber(plan.risk),
    fees: toNumber(plan.fees),
  },
});

/** One moment worth a line: what was told, and when. */
export interface Moment {
  readonly at: number;
  readonly text: string;
}

const TOLD: readonly Alert['kind'][] = ['limit-warning', 'halt', 'position-closed', 'stop-hit'];

/** Warnings, halts and ends of positions, with what they said. */
export const momentsOf = (alerts: readonly Alert[]): readonly Moment[] =>
  alerts
    .filter((each) => TOLD.includes(each.kind))
    .map(({ at, title, lines }) => ({ at, text: `${title}. ${lines[0] ?? ''}` }))
    .toSorted((a, b) => a.at - b.at);

/** What became of each signal that the owner approved. */
export const decisionsOf = (proposals: readonly Proposal[]): readonly Moment[] =>
  proposals
    .filter((each) => each.decidedAt !== undefined && each.status !== 'rejected')
    .map(({ signal, plan, status, outcome, decidedAt = 0 }) => ({
      at: decidedAt,
      text: `${signal.side} ${signal.symbol}: ${status}; risk ${toNumber(plan.risk).toFixed(2)} USDT (bound by ${plan.boundBy}). ${outcome ?? ''}`,
    }))
    .toSorted((a, b) => a.at - b.at);

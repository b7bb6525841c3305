import type { EquityPoint } from '../ports/account-store.ts';
import { toNumber } from '../../domain/money/money.ts';
import type { RiskState } from '../../risk/state/risk-state.ts';
import type { Timestamp } from '../../domain/time.ts';

/** Equity as trading alone would have made it: what came and went is taken out, as the limits take it out. */
export interface EquityHistory {
  /** Oldest first. What was before a deposit or withdrawal is restated in proportion, so the newest one is the equity of now. */
  readonly points: readonly CurvePoint[];
  /** Deposits and withdrawals in that time, oldest first. */
  readonly moved: readonly { readonly at: Timestamp; readonly amount: number }[];
}

export interface CurvePoint {
  readonly at: Timestamp;
  readonly equity: number;
  /** Percent from the high-water mark of that moment: 0 or below. Undefined while equity was never above 0. */
  readonly drawdown: number | undefined;
}

/**
 * The recorded equity, cleared of cash flows by the risk state. Points from before its record of flows begins are left out: nobody
 * knows what moved then. Without a state nothing can be cleared, and nothing is shown.
 */
export function clearedHistory(
  recorded: readonly EquityPoint[],
  state: Pick<RiskState, 'flows' | 'flowAt'> | undefined,
): EquityHistory {
  if (state === undefined) return { points: [], moved: [] };
  const { since, list } = state.flows ?? { since: state.flowAt ?? 0, list: [] };
  const usable = recorded.filter((each) => each.at >= since);
  const from = usable[0]?.at;
  if (from === undefined) return { points: [], moved: [] };
  const flows = list.map((each) => ({
    ...each,
    amount: toNumber(each.amount),
    equity: toNumber(each.equity),
  }));
  const marks = startMarks();
  const points = usable.map(({ at, equity, peak }): CurvePoint => {
    const cleared = through(
      equity,
      flows.filter((flow) => flow.at > at),
    );
    const uncounted = flows.filter((flow) => flow.countedFrom > at);
    const explainedLater = uncounted.some((flow) => flow.at <= at);
    const kept = peak === undefined ? undefined : through(peak, uncounted);
    return {
      at,
      equity: cleared,
      drawdown: below(cleared, marks({ cleared, kept, explainedLater })),
    };
  });
  const moved = list
    .filter((flow) => flow.at > from)
    .map(({ at, amount }) => ({ at, amount: toNumber(amount) }));
  return { points, moved };
}

const below = (equity: number, mark: number): number | undefined =>
  mark > 0 ? Math.min(0, (equity / mark - 1) * 100) : undefined;

/**
 * The mark of each point in turn: the one that was kept then. Where the owner explained a withdrawal only later, the kept one knows
 * nothing of highs since: then also what two points in a row agreed on. Where none was kept, the highest so far.
 */
function startMarks() {
  let [high, before, since] = [0, Number.POSITIVE_INFINITY, 0];
  return (point: {
    readonly cleared: number;
    readonly kept: number | undefined;
    readonly explainedLater: boolean;
  }): number => {
    const { cleared, kept, explainedLater } = point;
    high = Math.max(high, cleared);
    since = explainedLater ? Math.max(since, Math.min(cleared, before)) : 0;
    before = cleared;
    return kept === undefined ? high : Math.max(kept, since);
  };
}

/** A figure from before those flows as it would be had the money come or gone before: as the baselines are restated. */
const through = (
  value: number,
  flows: readonly { readonly amount: number; readonly equity: number }[],
): number =>
  flows.reduce((so, { amount, equity }) => {
    const before = equity - amount;
    return before > 0 && equity > 0 ? (so * equity) / before : Math.max(0, so + amount);
  }, value);

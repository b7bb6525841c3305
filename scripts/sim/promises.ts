/** What must hold after a run with faults, judged by the simulator's own truth. */
import type { Alert } from '../../src/domain/alert.ts';
import { toText } from '../../src/domain/money.ts';
import type { Proposal } from '../../src/domain/proposal.ts';

interface TruthOrder {
  readonly clientId: string;
  readonly status: string;
  readonly qty: string;
  readonly tradeQty: string;
}

/** The account as the simulator knows it. */
export interface Truth {
  readonly positions: readonly { readonly symbol: string; readonly qty: string }[];
  readonly closedPositions: readonly unknown[];
  readonly orders: readonly TruthOrder[];
  readonly orderHistory: readonly TruthOrder[];
  readonly tpsl: readonly { readonly slPrice: string | null }[];
}

export interface Ending {
  readonly proposal: Proposal;
  readonly truth: Truth;
  readonly alerts: readonly Alert[];
  /** The owner asked for everything to be closed in the end. */
  readonly closes: boolean;
}

/** One sentence for each promise that was not kept. */
export function brokenPromises({ proposal, truth, alerts, closes }: Ending): readonly string[] {
  const { status, plan, outcome = '' } = proposal;
  const entries = [...truth.orders, ...truth.orderHistory].filter(
    (each) => each.clientId === proposal.clientId,
  );
  const filled = entries.some((each) => Number(each.tradeQty) > 0);
  const [position] = truth.positions;
  const told = (kind: Alert['kind']): boolean => alerts.some((each) => each.kind === kind);
  const flattened = alerts.find((each) => each.key === 'flatten:sim');
  const promises: readonly (readonly [kept: boolean, sentence: string])[] = [
    [entries.length <= 1, `the entry was placed ${entries.length} times`],
    [truth.positions.length <= 1, `${truth.positions.length} positions are open`],
    [truth.orders.length === 0, 'an order still rests'],
    [
      position === undefined || Number(position.qty) <= Number(toText(plan.qty)),
      `the position of ${position?.qty} is larger than the plan of ${toText(plan.qty)}`,
    ],
    [status === 'done' || status === 'refused', `the signal ends as ${status}`],
    [status !== 'done' || filled, 'it is called done and nothing was filled'],
    [status !== 'refused' || !filled, `it is called refused (${outcome}) and was filled`],
    [
      position === undefined ||
        truth.tpsl.some((each) => each.slPrice !== null) ||
        outcome.includes('NO STOP'),
      'the position has no stop and nobody says so',
    ],
    [
      !closes || position === undefined || flattened?.severity === 'critical',
      'it was to be closed, is open, and nobody says so',
    ],
    [!closes || flattened !== undefined, 'nobody says what became of closing'],
    [!outcome.includes('unknown') || told('order-unknown'), 'what is unknown was not told'],
  ];
  return promises.filter(([kept]) => !kept).map(([, sentence]) => sentence);
}

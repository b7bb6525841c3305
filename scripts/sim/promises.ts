/** What must hold after a run with faults, judged by the simulator's own truth. */
import type { AccountSnapshot } from '../../src/app/ports/account-store.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { toText } from '../../src/domain/money/money.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { countText } from '../../src/domain/words/words.ts';

interface TruthOrder {
  readonly clientId: string | null;
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
  /** The account as Vigil last stored it. */
  readonly watched: Pick<AccountSnapshot, 'positions' | 'protections' | 'openOrders'> | undefined;
  readonly alerts: readonly Alert[];
  /** Whether the outcome of the entry was unknown when a step ended. */
  readonly wasUnknown: boolean;
  /** What was asked for, such as "close". */
  readonly steps: readonly string[];
}

/** One sentence for each promise that was not kept. */
export function brokenPromises(ending: Ending): readonly string[] {
  const promises = [...ofTheEntry(ending), ...ofTheExits(ending), ...ofTheWatch(ending)];
  return promises.filter(([kept]) => !kept).map(([, sentence]) => sentence);
}

type Kept = readonly [kept: boolean, sentence: string];

function ofTheEntry({ proposal, truth, alerts, steps, wasUnknown }: Ending): readonly Kept[] {
  const { status, plan, outcome = '' } = proposal;
  const entries = [...truth.orders, ...truth.orderHistory].filter(
    (each) => each.clientId === proposal.clientId,
  );
  const filled = entries.some((each) => Number(each.tradeQty) > 0);
  const [position] = truth.positions;
  const told = (kind: Alert['kind']): boolean => alerts.some((each) => each.kind === kind);
  const protectedNow = truth.tpsl.some((each) => each.slPrice !== null);
  const resting = steps.includes('cancel') ? [] : truth.orders;
  return [
    [entries.length <= 1, `the entry was placed ${entries.length} times`],
    [
      truth.positions.length <= 1,
      `${countText(truth.positions.length, 'position is', 'positions are')} open`,
    ],
    [resting.length === 0, 'an order still rests'],
    [
      position === undefined || Number(position.qty) <= Number(toText(plan.qty)),
      `the position of ${position?.qty} is larger than the plan of ${toText(plan.qty)}`,
    ],
    [status === 'done' || status === 'refused', `the signal ends as ${status}`],
    [status !== 'done' || filled, 'it is called done and nothing was filled'],
    [status !== 'refused' || !filled, `it is called refused (${outcome}) and was filled`],
    [
      position === undefined || protectedNow || told('unprotected') || outcome.includes('NO STOP'),
      'the position has no stop and nobody says so',
    ],
    [!wasUnknown || told('order-unknown'), 'what is unknown was not told'],
  ];
}

/** What is called done is done; what is not done is told. */
function ofTheExits({ truth, alerts, steps }: Ending): readonly Kept[] {
  const message = (step: string): Alert | undefined =>
    alerts.find((each) => each.key === `flatten:sim-${step}`);
  const says = (step: string): string => message(step)?.title ?? 'nothing';
  const calledDone = (step: string): boolean => says(step).startsWith('Done');
  return [
    [
      !steps.includes('cancel') || message('cancel') !== undefined,
      'nobody says what became of cancelling',
    ],
    [
      !calledDone('cancel') || truth.orders.length === 0,
      'cancelling is called done and an order rests',
    ],
    [
      !steps.includes('close') || message('close') !== undefined,
      'nobody says what became of closing',
    ],
    [
      !calledDone('close') || truth.positions.length === 0,
      'closing is called done and a position is open',
    ],
    [
      !calledDone('close') || truth.orders.length === 0,
      'closing is called done and an order rests',
    ],
  ];
}

/** In the end Vigil believes what is true, whatever events it missed. */
function ofTheWatch({ truth, watched }: Ending): readonly Kept[] {
  const open = truth.positions.map((each) => `${each.symbol} ${each.qty}`).sort();
  const seen = watched?.positions.map((each) => `${each.symbol} ${toText(each.qty)}`).sort();
  const stops = watched?.protections.length;
  const orders = watched?.openOrders.length;
  return [
    [String(seen) === String(open), `Vigil sees "${String(seen)}" where "${String(open)}" is open`],
    [stops === truth.tpsl.length, `Vigil sees ${stops} stops of ${truth.tpsl.length}`],
    [orders === truth.orders.length, `Vigil sees ${orders} orders of ${truth.orders.length}`],
  ];
}

import { rules } from '../../alerts/explain/with-basis.ts';
import { unseenFrozen } from '../../domain/money/locked-money.ts';
import { usdText } from '../../domain/money/money.ts';
import type { Order, WriteOutcome } from '../../domain/order.ts';
import { nextPanicStep, type PanicTruth } from '../../risk/stop/panic.ts';
import type { Ports } from '../ports/ports.ts';
import type { Trading } from '../ports/trading.ts';
import type { FlattenRequest } from '../ports/work.ts';
import { closeEverything } from './close-everything.ts';
import { reasonOf } from '../reading/reading.ts';

const PAUSE_MS = 250;
const FLAT_DEADLINE_MS = 20_000;

/** What is left of the things that were to be closed or cancelled. */
interface Left {
  readonly orders: readonly string[];
  /** What the exchange said against it. */
  readonly said?: readonly string[];
  /** Why it is not known what is left. */
  readonly problem?: string;
}

/**
 * Carries out what the owner confirmed after /halt or /panic: cancels entry orders, closes positions when asked (the verified
 * close), reads back until the exchange says so, and reports what is left by name. Running it again is harmless: what is already
 * gone is not touched. `left`: positions were to be closed and are not all closed yet.
 */
export async function flatten(ports: Ports, request: FlattenRequest): Promise<'done' | 'left'> {
  const { trading } = ports;
  if (trading === undefined) {
    if (request.by === 'emergency-stop' && !(await hasEntryOrders(ports))) return 'done';
    const problem = 'this is watch mode: Vigil cannot send orders';
    await report(ports, request, { orders: [], problem });
    return 'done';
  }
  if (!request.closePositions) {
    await cancelAll(ports, trading, request);
    return 'done';
  }
  const end = await closeEverything(ports, trading, request);
  await ports.work.refreshAccount();
  return end;
}

/** The same looks as of the verified close, at entry orders alone: an empty list is believed when it is empty again 3 s later. */
async function cancelAll(
  ports: Pick<Ports, 'clock' | 'account' | 'outbox' | 'work' | 'pause'>,
  trading: Trading,
  request: FlattenRequest,
): Promise<void> {
  const start = ports.clock.now();
  let found = false;
  let left: Left = { orders: [] };
  let confirmed = false;
  let flatSince: number | undefined;
  for (let waited = 0; waited <= FLAT_DEADLINE_MS; waited += PAUSE_MS) {
    const elapsed = (ports.clock.now() - start) / ports.clock.speed;
    if (elapsed > FLAT_DEADLINE_MS) break;
    const truth = await look(ports, { now: Math.max(elapsed, waited), flatSince });
    const step = nextPanicStep(truth);
    ({ flatSince } = step);
    left = leftOf(truth);
    confirmed = step.done;
    if (confirmed) break;
    const orders = entriesOf(truth.orders ?? []);
    found ||= orders.length > 0;
    const said = await cancel(trading, orders);
    left = { ...left, said };
    await ports.pause(PAUSE_MS);
  }
  if (!confirmed && isClean(left)) left = { ...left, problem: 'it was not seen twice' };
  // What the emergency stop did not find is no news.
  if (request.by !== 'emergency-stop' || found || !isClean(left))
    await report(ports, request, left);
  await ports.work.refreshAccount();
}

async function look(
  { account }: Pick<Ports, 'account'>,
  { now, flatSince }: { readonly now: number; readonly flatSince: number | undefined },
): Promise<PanicTruth> {
  const [orders, balance] = await Promise.all([
    account.openOrders().catch(() => undefined),
    account.account().catch(() => undefined),
  ]);
  return {
    mode: 'halted',
    orders,
    positions: [],
    protections: [],
    inFlight: [],
    unseen: orders && balance && unseenFrozen(balance, orders),
    readAt: now,
    attempts: new Map(),
    lastActionAt: undefined,
    flatSince,
    emptySince: undefined,
    now,
  };
}

const entriesOf = (orders: readonly Order[]): readonly Order[] =>
  orders.filter((each) => !each.reduceOnly);

function leftOf({ orders, unseen }: PanicTruth): Left {
  if (orders === undefined) return { orders: [], problem: 'the exchange does not list the orders' };
  const resting = entriesOf(orders).map((each) => `${each.symbol} ${each.side}`);
  if (unseen === undefined) return { orders: resting, problem: 'the balance cannot be read' };
  if (unseen <= 0n) return { orders: resting };
  const problem = `${usdText(unseen)} are locked by entry orders that the exchange does not list`;
  return { orders: resting, problem };
}

const isClean = ({ orders, problem }: Left): boolean =>
  orders.length === 0 && problem === undefined;

/** Unknown counts as yes: then trying, and saying what came of it, is the careful way. */
const hasEntryOrders = async (ports: Pick<Ports, 'account'>): Promise<boolean> =>
  ports.account.openOrders().then(
    (orders) => orders.some((each) => !each.reduceOnly),
    () => true,
  );

/** Cancels what it can: one order that cannot be cancelled does not save the others. */
async function cancel(trading: Trading, orders: readonly Order[]): Promise<readonly string[]> {
  const said = await Promise.all(
    [...bySymbol(orders)].map(([symbol, ids]) =>
      tried(symbol, () => trading.cancelOrders(symbol, ids)),
    ),
  );
  return said.flat();
}

async function tried(
  symbol: string,
  write: () => Promise<WriteOutcome>,
): Promise<readonly string[]> {
  try {
    const outcome = await write();
    return outcome.kind === 'accepted' ? [] : [`${symbol}: ${outcome.reason}`];
  } catch (error) {
    return [`${symbol}: ${reasonOf(error)}`];
  }
}

function bySymbol(orders: readonly Order[]): ReadonlyMap<string, readonly string[]> {
  const grouped = new Map<string, string[]>();
  for (const order of orders) {
    const ids = grouped.get(order.symbol) ?? [];
    ids.push(order.id);
    grouped.set(order.symbol, ids);
  }
  return grouped;
}

async function report(
  ports: Pick<Ports, 'clock' | 'outbox'>,
  request: FlattenRequest,
  left: Left,
): Promise<void> {
  const lines = [
    ...left.orders.map((each) => `Still resting: ${each}.`),
    ...(left.problem === undefined ? [] : [`What is left could not be read: ${left.problem}.`]),
  ];
  if (lines.length > 0)
    lines.push(...(left.said ?? []).map((each) => `The exchange says: ${each}.`));
  await ports.outbox.raise(rules.entriesCancelled(request.id, lines, ports.clock.now()));
}

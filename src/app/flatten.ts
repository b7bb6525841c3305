import type { Order, WriteOutcome } from '../domain/order.ts';
import type { Ports, Trading } from './ports.ts';
import type { FlattenRequest } from './work.ts';
import { closeEverything, stillStands } from './close-everything.ts';
import { reasonOf } from './reading.ts';
import { waitFor } from './wait-for.ts';

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
  if (!(await stillStands(ports.policies, request))) return 'done';
  if (request.by === 'emergency-stop' && !(await hasEntryOrders(ports))) return 'done';
  if (trading === undefined) {
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

async function cancelAll(ports: Ports, trading: Trading, request: FlattenRequest): Promise<void> {
  const left = await waitFor(ports, () => attempt(ports, trading), {
    deadlineMs: FLAT_DEADLINE_MS,
    until: ({ orders, problem }) => orders.length === 0 && problem === undefined,
  });
  await report(ports, request, left);
  await ports.work.refreshAccount();
}

/** Unknown counts as yes: then trying, and saying what came of it, is the careful way. */
const hasEntryOrders = async (ports: Ports): Promise<boolean> =>
  ports.account.openOrders().then(
    (orders) => orders.some((each) => !each.reduceOnly),
    () => true,
  );

/** Cancels what it can: one order that cannot be cancelled does not save the others. */
async function attempt(ports: Ports, trading: Trading): Promise<Left> {
  const said = await cancelEntries(ports, trading);
  try {
    const orders = (await ports.account.openOrders()).filter((each) => !each.reduceOnly);
    return { orders: orders.map((each) => `${each.side} ${each.symbol}`), said };
  } catch (error) {
    return { orders: [], said, problem: reasonOf(error) };
  }
}

async function cancelEntries(ports: Ports, trading: Trading): Promise<readonly string[]> {
  try {
    const orders = (await ports.account.openOrders()).filter((each) => !each.reduceOnly);
    const groups = [...bySymbol(orders)];
    const said = await Promise.all(
      groups.map(([symbol, ids]) => tried(symbol, () => trading.cancelOrders(symbol, ids))),
    );
    return said.flat();
  } catch {
    // What cannot be read is named by the look that follows.
    return [];
  }
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

async function report(ports: Ports, request: FlattenRequest, left: Left): Promise<void> {
  const lines = [
    ...left.orders.map((each) => `Still resting: ${each}.`),
    ...(left.problem === undefined ? [] : [`What is left could not be read: ${left.problem}.`]),
  ];
  const clean = lines.length === 0;
  if (!clean) lines.push(...(left.said ?? []).map((each) => `The exchange says: ${each}.`));
  await ports.outbox.raise({
    key: `flatten:${request.id}`,
    kind: 'notice',
    severity: clean ? 'warning' : 'critical',
    title: clean ? 'Done: entry orders cancelled' : 'Not finished: something is left',
    lines: clean ? ['Read back from the exchange: nothing of it is left.'] : lines,
    at: ports.clock.now(),
  });
}

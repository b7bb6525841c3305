import { rules } from '../../alerts/explain/with-basis.ts';
import { restingOrders } from '../../alerts/phrase.ts';
import { clientIdFor, type Order } from '../../domain/order.ts';
import { askedToClose, askedToProtect } from '../../domain/own-action.ts';
import type { Position } from '../../domain/position.ts';
import { MINUTE } from '../../domain/time.ts';
import { percentText } from '../../domain/words/words.ts';
import { checkChange, type ChangeVerdict } from '../../risk/gate/change.ts';
import { ENDED } from '../approval/compare-fill.ts';
import { refreshAccount } from '../account/refresh-account.ts';
import { hasClosed } from '../account/suggest-stop.ts';
import type { Ports } from '../ports/ports.ts';
import type { ManageRequest } from '../ports/work.ts';
import { reasonOf } from '../reading/reading.ts';
import { waitFor } from '../reading/wait-for.ts';
import { READ_BACK_MS, rests, settleLevels, type End, type Run } from './place-levels.ts';
import { CLOSED, readChange, type ChangeReading } from './read-change.ts';
import { placePart, settlePart } from './scale-out.ts';
import { beginTimeStop } from './time-stops.ts';

/** Wall time that a position has to be seen in before a part of it is closed. */
const SEEN_MS = 3_000;
const CLOCKS_DIFFER_MS = 10 * MINUTE;
/** Wall time after which what was confirmed is no longer done: its owner may have done it elsewhere since. */
const LATE_MS = 5 * MINUTE;

type Of<Kind extends ChangeVerdict['kind']> = Extract<ChangeVerdict, { kind: Kind }>;

/**
 * Does what the owner confirmed to one position, judged once more with what the exchange says now, reads it back and tells what came
 * of it. An order that may have been sent is looked for before anything else, and never sent twice: running it again after a crash
 * finds what was done.
 */
export async function carryOutChange(ports: Ports, request: ManageRequest): Promise<void> {
  const { trading } = ports;
  if (await wasSent(ports, request)) {
    return request.change.kind === 'scale-out'
      ? settlePart(ports, request)
      : settleReduce(ports, request);
  }
  const reading = await readChange(ports, request.positionId).catch(
    (error: unknown) => `the exchange does not answer: ${reasonOf(error)}`,
  );
  if (reading === CLOSED) return tellClosed(ports, request);
  if (typeof reading === 'string') return notDone(ports, request, reading);
  const verdict = checkChange(request.change, reading.facts);
  // It orders nothing, so it works in watch mode too.
  if (verdict.kind === 'time-stop') return beginTimeStop(ports, request, verdict.hours);
  if (trading === undefined) return notDone(ports, request, 'this is watch mode');
  return carryOut({ ports, trading, request }, reading, verdict);
}

async function carryOut(
  run: Run,
  reading: ChangeReading,
  verdict: Exclude<ChangeVerdict, { kind: 'time-stop' }>,
): Promise<void> {
  const { ports, request } = run;
  if (ports.clock.now() - request.at > LATE_MS * ports.clock.speed && !isPlaced(reading, request)) {
    return notDone(ports, request, 'it waited for more than 5 minutes for its turn');
  }
  if (verdict.kind === 'refused') {
    const { position, protections } = reading.facts;
    return request.change.kind === 'levels' && isPlaced(reading, request)
      ? tellLevels(run, { kind: 'rests', words: restingOrders(position, protections) })
      : notDone(ports, request, verdict.reason);
  }
  if (verdict.kind === 'levels') return tellLevels(run, await settleLevels(run, verdict));
  if (verdict.kind === 'trail') return beginTrail(run, reading, verdict);
  if (verdict.kind === 'scale-out') {
    const why = await placePart({ ...run, clientId: clientIdFor('change', request.id) }, verdict);
    return why === undefined ? undefined : notDone(ports, request, why);
  }
  return verdict.reduce.whole ? closeAll(run, verdict) : closePart(run, reading, verdict);
}

/** Its close is told with the position where it came of this request; whatever else closed it, nothing was sent for this one. */
async function tellClosed(ports: Ports, request: ManageRequest): Promise<void> {
  const { change, positionId } = request;
  const since = await ports.actions.since(request.at);
  const wasAsked =
    change.kind === 'close'
      ? askedToClose(since, positionId)
      : ('stop' in change || 'target' in change) && askedToProtect(since, positionId, change);
  if (wasAsked) return;
  const why = 'it is closed already; nothing was sent';
  // Nothing is left that could be asked for anew.
  const { buttons: _none, ...told } = rules.changeNotDone(request, why, ports.clock.now());
  await ports.outbox.raise(told);
}

/** Whether a run before this one has sent the order, or was about to. */
async function wasSent(ports: Ports, request: ManageRequest): Promise<boolean> {
  // The clock of the process that took the tap may be ahead of this one's.
  const actions = await ports.actions.since(request.at - CLOCKS_DIFFER_MS);
  return actions.some(
    (each) => each.kind === 'reduce' && each.clientId === clientIdFor('change', request.id),
  );
}

async function closePart(
  run: Run,
  { facts, snapshot }: ChangeReading,
  verdict: Of<'close'>,
): Promise<void> {
  const { ports, trading, request } = run;
  const mode = snapshot.account.positionMode;
  if (mode === 'unknown') {
    const why = 'the exchange does not say whether the account is in hedge or one-way mode';
    return notDone(ports, request, why);
  }
  const clientId = clientIdFor('change', request.id);
  const { id: positionId } = facts.position;
  await seeWhole(ports, facts.position);
  // Kept first: by it a run after a crash knows that the order may be at the exchange.
  await ports.actions.note({ kind: 'reduce', positionId, clientId, at: ports.clock.now() });
  const outcome = await trading.reducePosition({ reduce: verdict.reduce, mode, clientId });
  if (outcome.kind === 'rejected') return notDone(ports, request, outcome.reason);
  return settleReduce(ports, request);
}

/** A part is told by the position that became smaller: it has to have been seen as large as it was. Closing waits for that no longer than this. */
async function seeWhole(ports: Ports, { id, qty }: Position): Promise<void> {
  const isSeen = async (): Promise<boolean> =>
    (await ports.accounts.snapshot())?.positions.some(
      (each) => each.id === id && each.qty === qty,
    ) === true;
  const look = async (): Promise<boolean> => {
    if (await isSeen()) return true;
    await refreshAccount(ports);
    return isSeen();
  };
  await waitFor(ports, () => look().catch(() => false), {
    deadlineMs: SEEN_MS,
    until: (seen) => seen,
  });
}

/** What became of the order: looked up by its id until it has ended. A fill is told with the position that became smaller. */
async function settleReduce(ports: Ports, request: ManageRequest): Promise<void> {
  const look = (): Promise<Order | undefined | string> =>
    ports.account.orderByClientId(clientIdFor('change', request.id)).catch(reasonOf);
  const found = await waitFor(ports, look, {
    deadlineMs: READ_BACK_MS,
    until: (order) => typeof order === 'object' && ENDED.includes(order.status),
  });
  await ports.work.refreshAccount();
  if (found === undefined || typeof found === 'string') {
    const why = found ?? 'the exchange does not know the order';
    await ports.outbox.raise(rules.changeUnknown(request, why, ports.clock.now()));
  } else if (!ENDED.includes(found.status)) {
    const why = 'the order is not filled yet';
    await ports.outbox.raise(rules.changeUnknown(request, why, ports.clock.now()));
  } else if (found.filledQty === 0n) {
    await notDone(ports, request, `the order was not filled (${found.status})`);
  }
}

/** Sending it again is harmless: it names the position, and one that is closed stays closed. Its close is told with the position. */
async function closeAll({ ports, trading, request }: Run, verdict: Of<'close'>): Promise<void> {
  const outcome = await trading.closePosition(verdict.reduce);
  if (outcome.kind === 'rejected') return notDone(ports, request, outcome.reason);
  const look = (): Promise<boolean> => hasClosed(ports, request.positionId).catch(() => false);
  const closed = await waitFor(ports, look, { deadlineMs: READ_BACK_MS, until: (seen) => seen });
  await ports.work.refreshAccount();
  if (closed) return;
  const why = outcome.kind === 'unknown' ? outcome.reason : 'the exchange does not show its close';
  await ports.outbox.raise(rules.changeUnknown(request, why, ports.clock.now()));
}

/**
 * It follows once its first stop was seen to rest, and not before: where that was refused nothing has changed. A run that was cut off in
 * between is done again, and finds the stop.
 */
async function beginTrail(
  run: Run,
  { facts: { position, protections } }: ChangeReading,
  { share, first }: Of<'trail'>,
): Promise<void> {
  const { ports, request } = run;
  const { positionId, symbol, by, at } = request;
  const end: End =
    first === undefined
      ? { kind: 'rests', words: restingOrders(position, protections) }
      : await settleLevels(run, first);
  if (end.kind === 'rests') {
    await ports.trails.save({ positionId, symbol, share, signedBy: by, signedAt: at });
  }
  if (end.kind !== 'unknown') return tellLevels(run, end);
  const before = (await ports.trails.all()).find((each) => each.positionId === positionId);
  const holds =
    before === undefined
      ? 'Its stop does not follow the price'
      : `Its stop follows the price ${percentText(before.share)} away, as before`;
  return tellLevels(run, { ...end, why: `${end.why}. ${holds}` });
}

async function tellLevels({ ports, request }: Run, end: End): Promise<void> {
  const now = ports.clock.now();
  if (end.kind === 'refused') return notDone(ports, request, end.why);
  await ports.outbox.raise(
    end.kind === 'rests'
      ? rules.levelsPlaced(request, end.words, now)
      : rules.changeUnknown(request, end.why, now),
  );
}

/** A run before this one was cut off after placing it: what was confirmed rests already, which is no refusal. */
const isPlaced = (
  { facts: { position, protections } }: ChangeReading,
  request: ManageRequest,
): boolean =>
  ('stop' in request.change || 'target' in request.change) && rests(position, protections, request);

const notDone = async (
  ports: Pick<Ports, 'outbox' | 'clock'>,
  request: ManageRequest,
  why: string,
): Promise<void> => {
  await ports.outbox.raise(rules.changeNotDone(request, why, ports.clock.now()));
};

import { rules } from '../../alerts/explain/with-basis.ts';
import { restingOrders } from '../../alerts/phrase.ts';
import { clientIdFor, type Order } from '../../domain/order.ts';
import { askedByCard, askedToProtect } from '../../domain/own-action.ts';
import type { Price } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import { MINUTE } from '../../domain/time.ts';
import { percentText } from '../../domain/words/words.ts';
import { checkChange, type ChangeVerdict } from '../../risk/gate/change.ts';
import { ENDED } from '../approval/compare-fill.ts';
import { refreshAccount } from '../account/refresh-account.ts';
import type { Ports } from '../ports/ports.ts';
import type { ManageRequest } from '../ports/work.ts';
import { reasonOf } from '../reading/reading.ts';
import { waitFor } from '../reading/wait-for.ts';
import { READ_BACK_MS, rests, settleLevels, type Run } from './place-levels.ts';
import { CLOSED, readChange, type ChangeReading } from './read-change.ts';
import { placePart, settlePart } from './scale-out.ts';
import { isTakenBack, notDone, TAKEN_BACK, tellEnd, type End, isSeenClosed } from './tell-end.ts';
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
  if (await isTakenBack(ports, request)) return tellTakenBack({ ports, request }, reading);
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
      ? tellEnd(ports, request, {
          kind: 'rests',
          words: restingOrders(position, protections),
        })
      : notDone(ports, request, verdict.reason);
  }
  if (verdict.kind === 'levels') return tellEnd(ports, request, await settleLevels(run, verdict));
  if (verdict.kind === 'trail') return beginTrail(run, reading, verdict);
  if (verdict.kind === 'scale-out') {
    return placePart({ ...run, clientId: clientIdFor('change', request.id) }, verdict);
  }
  return verdict.reduce.whole ? closeAll(run, verdict) : closePart(run, reading, verdict);
}

/** Its close is told with the position where this card closed it, as a run before this one may have; whatever else did, the card ends in that. */
async function tellClosed(ports: Ports, request: ManageRequest): Promise<void> {
  const { change, positionId } = request;
  const since = await ports.actions.since(request.at);
  if (askedByCard(since, request.id)) return;
  if (('stop' in change || 'target' in change) && askedToProtect(since, positionId, change)) {
    return tellEnd(ports, request, { kind: 'closed' });
  }
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
  if (outcome.kind === 'rejected')
    return tellEnd(ports, request, { kind: 'refused', why: outcome.reason });
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

/** Nothing more of it fills, and the exchange says how much did: one that it calls filled without a quantity is read too early. */
const isOver = ({ status, filledQty }: Order): boolean =>
  ENDED.includes(status) && (status !== 'filled' || filledQty > 0n);

/** What became of the order: looked up by its id until it has ended. A fill is told with the position that became smaller, one in part also here. */
async function settleReduce(ports: Ports, request: ManageRequest): Promise<void> {
  const look = (): Promise<Order | undefined | string> =>
    ports.account.orderByClientId(clientIdFor('change', request.id)).catch(reasonOf);
  const found = await waitFor(ports, look, {
    deadlineMs: READ_BACK_MS,
    until: (order) => typeof order === 'object' && isOver(order),
  });
  await ports.work.refreshAccount();
  const unknown = (why: string): Promise<void> => tellEnd(ports, request, { kind: 'unknown', why });
  if (typeof found !== 'object') return unknown(found ?? 'the exchange does not know the order');
  if (!isOver(found)) return unknown('the exchange does not say yet how much of it is filled');
  const { filledQty, qty, status } = found;
  if (filledQty === 0n) {
    const why = `the order was not filled (${status})`;
    return tellEnd(ports, request, { kind: 'refused', why });
  }
  if (filledQty < qty)
    await ports.outbox.raise(rules.changeInPart(request, filledQty, ports.clock.now()));
}

/** Sending it again is harmless: it names the position, and one that is closed stays closed. Its close is told with the position. */
async function closeAll({ ports, trading, request }: Run, verdict: Of<'close'>): Promise<void> {
  const { positionId, id: card } = request;
  // By it a run after a crash knows the close as its own; closing waits for no store.
  await ports.actions
    .note({ kind: 'close', positionId, card, at: ports.clock.now() })
    .catch(() => undefined);
  const outcome = await trading.closePosition(verdict.reduce);
  if (outcome.kind === 'rejected')
    return tellEnd(ports, request, { kind: 'refused', why: outcome.reason });
  const look = (): Promise<boolean> => isSeenClosed(ports, positionId);
  const closed = await waitFor(ports, look, { deadlineMs: READ_BACK_MS, until: (seen) => seen });
  await ports.work.refreshAccount();
  if (closed) return;
  const why = outcome.kind === 'unknown' ? outcome.reason : 'the exchange does not show its close';
  return tellEnd(ports, request, { kind: 'unknown', why });
}

/**
 * It follows once its first stop was seen to rest, and not before: where that was refused nothing has changed. A run that was cut off in
 * between is done again, and finds the stop.
 */
async function beginTrail(
  run: Run,
  reading: ChangeReading,
  { share, first }: Of<'trail'>,
): Promise<void> {
  const { ports, request } = run;
  const { position, protections } = reading.facts;
  const { positionId, symbol, by, at } = request;
  const end: End =
    first === undefined
      ? { kind: 'rests', words: restingOrders(position, protections) }
      : await settleLevels(run, first);
  if (end.kind === 'rests') {
    await ports.trails.save({ positionId, symbol, share, signedBy: by, signedAt: at });
    if (await isTakenBack(ports, request)) {
      await ports.trails.drop(positionId);
      return first?.stop === undefined
        ? notDone(ports, request, TAKEN_BACK)
        : tellEnd(ports, asLevels(request, first.stop), end);
    }
  }
  if (end.kind !== 'unknown') return tellEnd(ports, request, end);
  const before = (await ports.trails.all()).find((each) => each.positionId === positionId);
  const holds =
    before === undefined
      ? 'Its stop does not follow the price'
      : `Its stop follows the price ${percentText(before.share)} away, as before`;
  return tellEnd(ports, request, { ...end, why: `${end.why}. ${holds}` });
}

const asLevels = (request: ManageRequest, stop: Price): ManageRequest => ({
  ...request,
  change: { kind: 'levels', stop },
});

/** A run before this one may have placed the stop that it was to begin with; that one stays, and nothing else begins. */
async function tellTakenBack(
  { ports, request }: Pick<Run, 'ports' | 'request'>,
  { facts: { position, protections } }: ChangeReading,
): Promise<void> {
  const { change } = request;
  if (
    change.kind !== 'trail' ||
    change.stop === undefined ||
    !rests(position, protections, request)
  )
    return notDone(ports, request, TAKEN_BACK);
  const words = restingOrders(position, protections);
  return tellEnd(ports, asLevels(request, change.stop), { kind: 'rests', words });
}

/** A run before this one was cut off after placing it: what was confirmed rests already, which is no refusal. */
const isPlaced = (
  { facts: { position, protections } }: ChangeReading,
  request: ManageRequest,
): boolean =>
  ('stop' in request.change || 'target' in request.change) && rests(position, protections, request);

import { timeStopDue, timeStopSet } from '../../alerts/rules/time-stop.ts';
import { toNumber, type Ratio } from '../../domain/money/money.ts';
import { HOUR } from '../../domain/time.ts';
import { hasClosed } from '../account/suggest-stop.ts';
import type { Ports } from '../ports/ports.ts';
import type { ManageRequest } from '../ports/work.ts';
import { isTakenBack, notDone, TAKEN_BACK } from './tell-end.ts';

/** Keeps when the owner is to be asked about an open position, and tells that. */
export async function beginTimeStop(
  ports: Ports,
  request: ManageRequest,
  after: Ratio,
): Promise<void> {
  const { positionId, symbol, id, at: signedAt } = request;
  const hours = toNumber(after);
  const stop = { positionId, symbol, hours, at: signedAt + hours * HOUR, signedAt };
  await ports.timeStops.save(stop);
  if (await isTakenBack(ports, request)) {
    await ports.timeStops.drop(positionId);
    return notDone(ports, request, TAKEN_BACK);
  }
  await ports.outbox.raise(timeStopSet(stop, `manage:${id}`, ports.clock.now()));
}

/** Asks about each position whose time is over, once. One that has closed meanwhile is asked about no more. */
export async function askWhenDue(ports: Ports): Promise<void> {
  const now = ports.clock.now();
  const due = (await ports.timeStops.all()).filter(({ at }) => at <= now);
  if (due.length === 0) return;
  const open = await ports.account.positions();
  for (const stop of due) {
    const position = open.find((each) => each.id === stop.positionId);
    // That it is not listed says nothing; its close in the history does.
    if (position === undefined && !(await hasClosed(ports, stop.positionId))) continue;
    if (position !== undefined) await ports.outbox.raise(timeStopDue(stop, position, now));
    await ports.timeStops.drop(stop.positionId);
  }
}

/** Ends it, also one that waits for its turn to begin. Says what is so now. */
export async function endTimeStop(
  { timeStops, actions, clock }: Pick<Ports, 'timeStops' | 'actions' | 'clock'>,
  positionId: string,
): Promise<string> {
  await actions.note({ kind: 'revoke', positionId, what: 'time-stop', at: clock.now() });
  const known = (await timeStops.all()).some((each) => each.positionId === positionId);
  if (!known) return 'I was not going to ask about it.';
  await timeStops.drop(positionId);
  return 'I do not ask about it any more.';
}

import { overText, reminderOf, stateOver, type ToldState } from '../../alerts/remind.ts';
import { isTighter } from '../../domain/trading-mode.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { messageOf } from '../reading/reading.ts';

type Doors = Pick<
  Ports,
  'accounts' | 'clock' | 'feeds' | 'log' | 'mode' | 'outbox' | 'proposals' | 'telling'
>;

/** A stream that has been live for so long is back, wall time: one that comes and goes is not. */
const STEADY_MS = 6 * 60_000;
/** Among so many an order is looked for that was unknown. */
const LATEST_PROPOSALS = 200;

/** How a state ended: a sentence, or nothing to say because it means nothing any more. */
type End = { readonly how: string } | 'silently';

/** Reminds of every state that lasts, and tells of each that is over. One that cannot be judged now is judged the next time. */
export async function watchStates(ports: Doors): Promise<void> {
  const states = await ports.telling.states();
  if (states.length === 0) return;
  const [snapshot, presentAt] = await Promise.all([
    ports.accounts.snapshot(),
    ports.telling.presentAt(),
  ]);
  for (const state of states) {
    try {
      const end = await endOf(ports, state, snapshot);
      if (end !== undefined) await finish(ports, state, end);
      else await remind(ports, state, presentAt);
    } catch (error) {
      ports.log.warn('a state could not be judged', { state: state.id, reason: messageOf(error) });
    }
  }
}

async function remind(
  { outbox, clock }: Doors,
  state: ToldState,
  presentAt: Timestamp | undefined,
): Promise<void> {
  const finding = reminderOf(state, presentAt, clock.now());
  if (finding !== undefined) await outbox.raise(finding);
}

/** Its messages say so, news say so where one of them has arrived, and it is forgotten last: a crash before only repeats that. */
async function finish(
  { outbox, telling, clock }: Doors,
  state: ToldState,
  end: End,
): Promise<void> {
  if (end !== 'silently') {
    for (const each of state.told) await outbox.revise(each.key, overText(each, end.how));
    if (state.told.some(({ status }) => status === 'sent'))
      await outbox.raise(stateOver(state, end.how, clock.now()));
  }
  await telling.dropState(state.id);
}

/** Undefined while it lasts, or while that cannot be known. */
async function endOf(
  ports: Doors,
  state: ToldState,
  snapshot: AccountSnapshot | undefined,
): Promise<End | undefined> {
  const [what, id = ''] = state.id.split(':');
  if (what === 'halted') return haltEnd(ports, snapshot);
  if (what === 'order') return orderEnd(ports, id);
  // What was seen after the last look says nothing about it.
  const last = state.told.at(-1)?.at ?? 0;
  if (what === 'feed' && id !== 'account') return feedEnd(ports, id, last);
  if (snapshot === undefined || snapshot.at <= last) return undefined;
  if (what === 'feed') return { how: 'The account is read again.' };
  const open = snapshot.positions.some((each) =>
    id === 'cross' ? each.marginMode === 'cross' : each.id === id,
  );
  if (!open) return { how: 'The position is closed.' };
  const standing = snapshot.liquidation?.get(id);
  if (what === 'unprotected')
    return snapshot.unprotectedSince?.has(id) === true ? undefined : { how: PROTECTED };
  if (what === 'liquidation') return standing?.way?.at === undefined ? { how: FAR } : undefined;
  if (what === 'margin') return standing?.margin?.at === undefined ? { how: ROOM } : undefined;
  return 'silently';
}

const PROTECTED = 'Stops for all of it rest at the exchange.';
const FAR = 'The price has moved away from liquidation.';
const ROOM = 'There is room between the margin and what the exchange needs again.';

async function haltEnd(
  { mode }: Doors,
  snapshot: AccountSnapshot | undefined,
): Promise<End | undefined> {
  const state = await mode.read();
  // The end of a halt is told by whoever lifts it, the end of a position with its result.
  if (state !== undefined && isTighter('halted', state.mode)) return 'silently';
  return snapshot !== undefined && snapshot.positions.length === 0 ? 'silently' : undefined;
}

async function orderEnd({ proposals }: Doors, clientId: string): Promise<End | undefined> {
  const recent = await proposals.recent(LATEST_PROPOSALS);
  const proposal = recent.find((each) => each.clientId === clientId);
  if (proposal === undefined) return 'silently';
  if (proposal.status === 'unknown' || proposal.status === 'executing') return undefined;
  return {
    how: proposal.outcome === undefined ? 'It is known now.' : `Known now: ${proposal.outcome}`,
  };
}

async function feedEnd(
  { feeds, clock }: Doors,
  feed: string,
  last: Timestamp,
): Promise<End | undefined> {
  const report = (await feeds.latest()).find((each) => each.feed === feed);
  if (report?.state === 'idle') return { how: 'Nothing is followed any more.' };
  const steady = report?.state === 'live' && report.since <= clock.now() - STEADY_MS * clock.speed;
  return steady && report.at > last ? { how: 'It has delivered steadily again.' } : undefined;
}

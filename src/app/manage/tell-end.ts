import { rules } from '../../alerts/explain/with-basis.ts';
import { isRevoked } from '../../domain/own-action.ts';
import { hasClosed } from '../account/suggest-stop.ts';
import type { Ports } from '../ports/ports.ts';
import type { ManageRequest } from '../ports/work.ts';

type Doors = Pick<Ports, 'account' | 'clock' | 'outbox'>;

/** What became of a change that was sent. */
export type End =
  /** `words`: what rests now. */
  | { readonly kind: 'rests'; readonly words: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused' | 'unknown'; readonly why: string };

/** Whether the exchange has the position as closed; what cannot be read says nothing. */
export const isSeenClosed = (
  ports: Parameters<typeof hasClosed>[0],
  positionId: string,
): Promise<boolean> => hasClosed(ports, positionId).catch(() => false);

/** Tells it. What was refused or cannot be seen is looked at once more: a position that has closed says why. */
export async function tellEnd(ports: Doors, request: ManageRequest, end: End): Promise<void> {
  const { outbox, clock } = ports;
  if (end.kind === 'rests') {
    await outbox.raise(rules.levelsPlaced(request, end.words, clock.now()));
    return;
  }
  const closed = end.kind === 'closed' || (await isSeenClosed(ports, request.positionId));
  if (closed) await outbox.raise(rules.closedMeanwhile(request, clock.now()));
  else if (end.kind === 'refused') await notDone(ports, request, end.why);
  else await outbox.raise(rules.changeUnknown(request, end.why, clock.now()));
}

/** Nothing was sent, or the exchange has refused it. */
export const notDone = async (
  { outbox, clock }: Pick<Doors, 'clock' | 'outbox'>,
  request: ManageRequest,
  why: string,
): Promise<void> => {
  await outbox.raise(rules.changeNotDone(request, why, clock.now()));
};

export const TAKEN_BACK = 'you took that back while it waited for its turn';

/** Whether its owner took it back after confirming it: by its "off", or a stop that follows by moving the stop. */
export const isTakenBack = async (
  { actions }: Pick<Ports, 'actions'>,
  { positionId, change, at }: ManageRequest,
): Promise<boolean> => isRevoked(await actions.since(at), positionId, change.kind);

import { restingOrders } from '../../alerts/phrase.ts';
import { stopsOf, type Position, type ProtectiveOrder } from '../../domain/position.ts';
import type { ChangeVerdict } from '../../risk/gate/change.ts';
import type { Ports } from '../ports/ports.ts';
import type { Trading } from '../ports/trading.ts';
import type { ManageRequest } from '../ports/work.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { waitFor } from '../reading/wait-for.ts';
import { isSeenClosed, type End } from './tell-end.ts';

/** Wall time that a change has to show up in the account before it is called unknown. */
export const READ_BACK_MS = 15_000;

type Of = Extract<ChangeVerdict, { kind: 'levels' }>;

/** One change under way. */
export interface Run {
  readonly ports: Ports;
  readonly trading: Trading;
  readonly request: ManageRequest;
}

/** Places them and reads them back: done is what rests without what had to give way to it. */
export async function settleLevels({ ports, trading, request }: Run, levels: Of): Promise<End> {
  const { positionId, symbol } = request;
  const { placed, replaces } = levels;
  const outcome = await trading.placeProtection({ symbol, positionId, ...placed });
  if (outcome.kind === 'rejected') return { kind: 'refused', why: outcome.reason };
  if (replaces.length > 0) {
    // Until the new ones are seen to rest the old ones stay: at no moment is it without a stop.
    const haveCome = await waitFor(ports, () => arePlaced(ports, positionId, levels), {
      deadlineMs: READ_BACK_MS,
      until: (seen) => seen,
    });
    if (haveCome) await removeOld(ports, trading, replaces);
  }
  const end = await waitFor(ports, () => endOf(ports, request, replaces), {
    deadlineMs: READ_BACK_MS,
    until: (seen) => seen !== undefined,
  });
  await ports.work.refreshAccount();
  if (end !== undefined) return end;
  const why = outcome.kind === 'unknown' ? outcome.reason : 'the exchange does not show it';
  return { kind: 'unknown', why };
}

/** Whether the new levels rest beside what gives way to them. */
async function arePlaced(
  { account }: Pick<Ports, 'account'>,
  positionId: string,
  { placed: { stop, target }, replaces }: Of,
): Promise<boolean> {
  const protections = await account.protections().catch(() => []);
  return protections.some(
    (each) =>
      each.positionId === positionId &&
      replaces.every(({ id }) => id !== each.id) &&
      (stop === undefined || each.stopPrice === stop) &&
      (target === undefined || each.targetPrice === target),
  );
}

/** What gave way to the new levels: noted first, so that its end is known as Vigil's own. */
async function removeOld(
  { actions, clock }: Pick<Ports, 'actions' | 'clock'>,
  trading: Trading,
  replaces: Of['replaces'],
): Promise<void> {
  for (const { id, positionId, symbol, stopPrice: stop } of replaces) {
    if (stop !== undefined)
      await actions.note({ kind: 'remove-stop', positionId, stop, at: clock.now() });
    await trading.cancelProtection(symbol, id);
  }
}

/** What rests for the position, once it is what was asked for and nothing of what gives way to it, or that it has closed; undefined before. */
async function endOf(
  ports: Pick<Ports, 'account' | 'clock'>,
  request: ManageRequest,
  replaces: Of['replaces'],
): Promise<End | undefined> {
  const snapshot = await fetchSnapshot(ports).catch(() => undefined);
  if (snapshot === undefined) return undefined;
  const { positions, protections } = snapshot;
  const position = positions.find((each) => each.id === request.positionId);
  if (position === undefined) {
    return (await isSeenClosed(ports, request.positionId)) ? { kind: 'closed' } : undefined;
  }
  const stays = replaces.some(({ id }) => protections.some((each) => each.id === id));
  return !stays && rests(position, protections, request)
    ? { kind: 'rests', words: restingOrders(position, protections) }
    : undefined;
}

/** Whether the levels that were confirmed rest. */
export function rests(
  position: Position,
  protections: readonly ProtectiveOrder[],
  { change }: ManageRequest,
): boolean {
  if (change.kind !== 'levels' && change.kind !== 'trail') return false;
  const { parts, target, uncovered } = stopsOf(position, protections);
  const { stop } = change;
  const wanted = change.kind === 'levels' ? change.target : undefined;
  const stopRests =
    stop === undefined || (uncovered <= 0n && parts.some(({ price }) => price === stop));
  return stopRests && (wanted === undefined || target === wanted);
}

import { rules } from '../../alerts/explain/with-basis.ts';
import type { LostStop } from '../../alerts/rules/not-ours.ts';
import type { Finding } from '../../domain/alert.ts';
import type { Order } from '../../domain/order.ts';
import { askedToCancel, type OwnAction } from '../../domain/own-action.ts';
import { stopsOf, type Position } from '../../domain/position.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { MINUTE, SECOND, type Timestamp } from '../../domain/time.ts';
import type { EndedStop } from './ended-stops.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';

/** Two looks at the account, and what Vigil did itself. */
export interface Compared {
  readonly before: AccountSnapshot | undefined;
  /** The new look; `unprotectedSince` is already that of now. */
  readonly after: AccountSnapshot;
  /** Vigil's own trades, newest first. */
  readonly proposals: readonly Proposal[];
  /** What else Vigil asked the exchange for. */
  readonly actions: readonly OwnAction[];
  /** Venue milliseconds for one wall millisecond. */
  readonly speed: number;
}

/** From the approval to the opened position, wall time: the exchange's clock may be behind, and an order may wait for an outage. */
const CLOCKS_DIFFER_MS = 10 * SECOND;
const CARRIED_OUT_WITHIN_MS = 15 * MINUTE;
const MAY_HAVE_TRADED: ReadonlySet<Proposal['status']> = new Set(['executing', 'done', 'unknown']);

function ours(position: Position, at: Timestamp, { proposals, speed }: Compared): boolean {
  return proposals.some(({ signal, status, decidedAt }) => {
    if (!MAY_HAVE_TRADED.has(status) || decidedAt === undefined) return false;
    if (signal.symbol !== position.symbol || signal.side !== position.side) return false;
    const passed = at - decidedAt;
    return passed >= -CLOCKS_DIFFER_MS * speed && passed <= CARRIED_OUT_WITHIN_MS * speed;
  });
}

/**
 * What changed at the exchange without Vigil's doing: adds to what is told anyway who did it and what is gone, so that nothing is
 * told twice, and tells orders. Openings, closes, sizes, settings and liquidations themselves are found by `diffPositions`, missing
 * stops by `watchProtection`, moved ones by `watchLevels`, deposits and withdrawals by the wallet ledger.
 */
export function foreignChanges(found: readonly Finding[], compared: Compared): readonly Finding[] {
  const positions = new Map(compared.after.positions.map((each) => [each.id, each]));
  const explained = found.map((finding) => {
    const position = positions.get(finding.chart?.id ?? '');
    if (position === undefined) return finding;
    if (finding.kind === 'position-opened') {
      return ours(position, finding.at, compared) ? finding : rules.notOurs(finding);
    }
    const lost = compared.after.lostStops?.get(position.id);
    return finding.kind === 'unprotected' && lost !== undefined
      ? rules.stopVanished(finding, lost)
      : finding;
  });
  return [...explained, ...orderChanges(compared)];
}

/** Which stops were there in full and are not any more, for as long as their positions lack one. */
export function lostStops(
  before: AccountSnapshot | undefined,
  unprotectedSince: ReadonlyMap<string, Timestamp>,
  ended: readonly EndedStop[] = [],
): ReadonlyMap<string, LostStop> {
  const lost = new Map<string, LostStop>();
  for (const [id, until] of unprotectedSince) {
    const known = before?.lostStops?.get(id);
    const position = before?.positions.find((each) => each.id === id);
    const stop = position && stopsOf(position, before?.protections ?? []).largest;
    const wasFull = stop?.covers === position?.qty && before?.unprotectedSince?.has(id) !== true;
    if (known !== undefined) lost.set(id, known);
    else if (stop !== undefined && wasFull) {
      const end = ended.find(({ stop: each }) => each.positionId === id)?.end;
      lost.set(id, { price: stop.price, until, ...(end === undefined ? {} : { end }) });
    }
  }
  return lost;
}

function orderChanges({ before, after, proposals, actions }: Compared): readonly Finding[] {
  const byClientId = new Map(proposals.map((each) => [each.clientId, each]));
  const proposalOf = (order: Order): Proposal | undefined => byClientId.get(order.clientId ?? '');
  const believed = after.openOrders.flatMap((order) => {
    const status = proposalOf(order)?.status;
    if (status === undefined || status === 'approved' || MAY_HAVE_TRADED.has(status)) return [];
    return [rules.orderNotBelieved(order, status, after.at)];
  });
  // At the very first look what rests there is old news.
  if (before === undefined) return believed;
  // A market order is told by what it does to the position.
  const foreign = (order: Order): boolean =>
    order.type === 'limit' && proposalOf(order) === undefined;
  const known = new Map(before.openOrders.map((each) => [each.id, each]));
  const idsNow = new Set(after.openOrders.map((each) => each.id));
  return [
    ...believed,
    ...after.openOrders
      .filter((each) => foreign(each) && !known.has(each.id))
      .map((each) => rules.orderElsewhere(each, after.at)),
    ...after.openOrders.flatMap((each) => {
      const was = known.get(each.id);
      const same = was === undefined || (was.qty === each.qty && was.price === each.price);
      return same || !foreign(each) ? [] : [rules.orderChanged(was, each, after.at)];
    }),
    ...before.openOrders
      .filter((each) => foreign(each) && !idsNow.has(each.id))
      .filter((each) => !askedToCancel(actions, each.id))
      .map((each) => rules.orderGone(each, after.at)),
  ];
}

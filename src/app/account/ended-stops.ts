import { rules } from '../../alerts/explain/with-basis.ts';
import type { Finding } from '../../domain/alert.ts';
import type { ProtectionEnd, ProtectiveOrder } from '../../domain/position.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { messageOf } from '../reading/reading.ts';

/** A stop that rested at the last look and rests no more, although its position is open, and how it ended. */
export interface EndedStop {
  readonly stop: ProtectiveOrder;
  /** Undefined: the exchange does not say, or could not be asked. */
  readonly end: ProtectionEnd | undefined;
}

/** So many are asked about at one look. */
const MOST = 5;

/** Stops that are gone while their positions are open, each with what the exchange's history says of it. Never rejects. */
export async function readEndedStops(
  ports: Pick<Ports, 'account' | 'log'>,
  before: AccountSnapshot | undefined,
  now: AccountSnapshot,
): Promise<readonly EndedStop[]> {
  const resting = new Set(now.protections.map((each) => each.id));
  const open = new Set(now.positions.map((each) => each.id));
  const gone = (before?.protections ?? []).filter(
    (each) => each.stopPrice !== undefined && open.has(each.positionId) && !resting.has(each.id),
  );
  return Promise.all(
    gone.slice(0, MOST).map(async (stop) => {
      const end = await ports.account.protectionEnd(stop).catch((error: unknown) => {
        ports.log.warn('how a stop ended could not be read', { reason: messageOf(error) });
        return undefined;
      });
      return { stop, end };
    }),
  );
}

/** The alarm for each stop that the exchange could not carry out. */
export const failedStops = (
  ended: readonly EndedStop[],
  { positions, at }: AccountSnapshot,
): readonly Finding[] =>
  ended.flatMap(({ stop, end }) => {
    const position = positions.find((each) => each.id === stop.positionId);
    return end === 'failed' && position !== undefined ? [rules.stopFailed(position, stop, at)] : [];
  });

import { StoreUnreadable } from '../../../domain/failure.ts';
import { tighten } from '../../halt/tighten.ts';
import { limitsOf } from '../../limits/limits-in-force.ts';
import type { Ports } from '../../ports/ports.ts';
import { proposalsInFlight } from '../../reading/read-in-flight.ts';

/**
 * Approved signals or changed limits that were stored and are gone or damaged: halts first, then repairs what can be repaired, so that a
 * crash in between leaves the halt.
 */
export async function repairEntryMemory(
  ports: Pick<Ports, 'clock' | 'limitsStore' | 'mode' | 'proposals' | 'work'>,
): Promise<void> {
  const [proposals, limits] = await Promise.all([
    isLost(proposalsInFlight(ports)),
    isLost(ports.limitsStore.read().then(limitsOf)),
  ]);
  const lost = [
    ...(proposals
      ? ['signals and approvals: look at the exchange for an order that is on its way']
      : []),
    ...(limits ? ['the limits that you have changed: look at /limits before you resume'] : []),
  ];
  if (lost.length === 0) return;
  const evidence = `Something that Vigil had stored was gone or damaged: ${lost.join('; ')}.`;
  const reason = { trigger: 'store-emptied', evidence, at: ports.clock.now() };
  await tighten(ports, { kind: 'tighten', to: 'halted', reason });
  if (proposals) await ports.proposals.repair();
  if (limits) await ports.limitsStore.repair();
}

/** A store that does not answer is another matter than one that holds nonsense. */
const isLost = (reading: Promise<unknown>): Promise<boolean> =>
  reading.then(
    () => false,
    (error: unknown) => {
      if (error instanceof StoreUnreadable) return true;
      throw error;
    },
  );

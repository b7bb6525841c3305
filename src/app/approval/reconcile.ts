import { isOnTheWay } from '../../domain/proposal.ts';
import { expire } from './decide-proposal.ts';
import type { Ports } from '../ports/ports.ts';

/** Wall time after which an approval that nobody carries out is taken up again. */
const CUT_OFF_MS = 5_000;

/**
 * Picks up what a crash or a lost reply left lying: approvals whose job was never made, orders whose outcome is unknown,
 * proposals past their deadline. Each is handed to the same use case that would have dealt with it.
 */
export async function reconcile(
  ports: Pick<Ports, 'clock' | 'proposals' | 'outbox' | 'work'>,
): Promise<void> {
  const now = ports.clock.now();
  const recent = await ports.proposals.recent(200);
  for (const proposal of recent) {
    const since = proposal.decidedAt ?? proposal.createdAt;
    const idle = now - since > CUT_OFF_MS * ports.clock.speed;
    if (proposal.status === 'pending' && now > proposal.deadline) await expire(ports, proposal.id);
    if (idle && isOnTheWay(proposal)) {
      await ports.work.execute(proposal.id);
    }
  }
}

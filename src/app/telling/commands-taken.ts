import { rules } from '../../alerts/explain/with-basis.ts';
import type { Ports } from '../ports/ports.ts';

/** The owner's commands go to another program: by asking as Vigil does, or by an address that was set and is removed again. */
export async function tellCommandsTaken(
  { outbox, clock }: Pick<Ports, 'outbox' | 'clock'>,
  by: 'listener' | 'removed webhook',
): Promise<void> {
  const at = clock.now();
  await outbox.raise(by === 'listener' ? rules.otherListener(at) : rules.webhookRemoved(at));
}

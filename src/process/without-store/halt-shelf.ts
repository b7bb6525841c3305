/** Keeps the owner's halts in a file while the store does not take them, so that a restart in between does not lose them. */
import { z } from 'zod';
import type { HaltShelf } from '../../app/halt/halt-guard.ts';
import type { Log } from '../../app/ports/log.ts';
import type { Ports } from '../../app/ports/ports.ts';
import type { ModeReason } from '../../domain/trading-mode.ts';
import { createShelf, emptyShelf, shelfFile, type Place } from './shelf.ts';

const schema = z.object({ trigger: z.string(), evidence: z.string(), at: z.number() });

export const createHaltShelf = (place: Place, log: Log): HaltShelf =>
  createShelf<ModeReason>(shelfFile(place, 'halt'), 'a halt that is', log);

/** At a start: halts that an earlier process could not store are stored now. One that cannot be read halts as well. */
export async function storeShelvedHalts(
  place: Place,
  { mode, clock }: Pick<Ports, 'mode' | 'clock'>,
): Promise<void> {
  const store = (reason: ModeReason) => mode.apply({ kind: 'tighten', to: 'halted', reason });
  const evidence = 'Halted by you before the last start.';
  const damaged = () => store({ trigger: 'owner', evidence, at: clock.now() });
  await emptyShelf(shelfFile(place, 'halt'), { schema, damaged }, store);
}

import type { Alert } from '../../domain/alert.ts';
import type { Ports } from '../ports/ports.ts';
import type { ToldState } from '../ports/telling.ts';
import { reasonOf } from '../reading/reading.ts';

/** So many of the last alerts are listed. */
const RECENT = 5;

/** What lasts now and what was told last; a text: why it cannot be read. */
export type AlertsNow =
  | { readonly states: readonly ToldState[]; readonly recent: readonly Alert[] }
  | string;

/** What /alerts lists. Never rejects. */
export async function readAlerts({ telling }: Pick<Ports, 'telling'>): Promise<AlertsNow> {
  try {
    const [states, recent] = await Promise.all([telling.states(), telling.recent(RECENT)]);
    return { states, recent };
  } catch (error) {
    return reasonOf(error);
  }
}

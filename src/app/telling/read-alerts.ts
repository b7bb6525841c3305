import type { Alert } from '../../domain/alert.ts';
import { pageOf, type Page } from '../../domain/words/pages.ts';
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

/** A page of all alerts, newest first. They are numbered without gaps; a very old one is no longer kept and is missing on its page. */
export async function readAlertPage(
  { telling }: Pick<Ports, 'telling'>,
  asked: number | undefined,
): Promise<Page<Alert>> {
  const [newest] = await telling.recent(1);
  const last = newest?.number ?? 0;
  const numbers = Array.from({ length: last }, (_, index) => last - index);
  const at = pageOf(numbers, asked);
  const found = await Promise.all(at.shown.map((each) => telling.find(each)));
  return { ...at, shown: found.filter((each) => each !== undefined) };
}

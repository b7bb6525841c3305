import type { FormattedString } from '@grammyjs/parse-mode';
import type { Alert } from '../../domain/alert.ts';
import { countText } from '../../domain/words/words.ts';
import { catchUpLine } from '../views/alert.ts';
import { bold, linesOf } from '../views/fit.ts';

/** From so many alerts on, what piled up is told in one message. */
export const CATCH_UP_FROM = 6;
/** Alerts in one message: each line is short, and the whole stays far below Telegram's limit. */
const PER_MESSAGE = 25;
const LINE_LIMIT = 140;

/** One message that tells several alerts. */
export interface CatchUp {
  readonly alerts: readonly Alert[];
  readonly text: FormattedString;
}

/**
 * What piled up while the owner could not be reached. Critical alerts and those with buttons keep their own messages; the rest is
 * listed by number. Empty when there is too little for a list.
 */
export function planCatchUp(
  pending: readonly Alert[],
  repeat: (alert: Alert) => boolean,
): readonly CatchUp[] {
  const listed = pending
    .filter((each) => each.severity !== 'critical' && (each.buttons?.length ?? 0) === 0)
    .toSorted((a, b) => a.number - b.number);
  if (listed.length < CATCH_UP_FROM) return [];
  const parts: CatchUp[] = [];
  for (let from = 0; from < listed.length; from += PER_MESSAGE) {
    const alerts = listed.slice(from, from + PER_MESSAGE);
    const lines = alerts.map((each) => catchUpLine(each, repeat(each)).slice(0, LINE_LIMIT));
    const title = `Catch-up: ${countText(alerts.length, 'message')} that I could not deliver in time`;
    parts.push({ alerts, text: linesOf([bold(title), ...lines]) });
  }
  return parts;
}

import type { FormattedString } from '@grammyjs/parse-mode';
import type { Alert, Finding, Severity } from '../../domain/alert.ts';
import { formatUtc } from '../../domain/time.ts';
import { bold, linesOf } from './fit.ts';

const ICON: Record<Severity, string> = { critical: '🔴', warning: '🟠', info: 'ℹ️' };

const iconOf = ({ good, severity }: Finding): string => (good === true ? '✅' : ICON[severity]);

/** An alert that has no number was told past the store. */
export type Told = Finding & Partial<Alert>;

const PAST_STORE = 'told without my memory, which is away';

/** How an alert looks: icon and title, its lines, then number, time and where it comes from. */
export function alertView(
  alert: Told,
  note: { readonly venue: string; readonly repeat: boolean },
): FormattedString {
  const repeat = note.repeat ? ' (may be a repeat)' : '';
  return linesOf([
    bold(`${iconOf(alert)} ${alert.title}${repeat}`),
    ...alert.lines,
    `${alert.number === undefined ? PAST_STORE : `#${alert.number}`} · ${formatUtc(alert.at)} · ${note.venue}`,
  ]);
}

/** One line of a catch-up. */
export const catchUpLine = (alert: Alert, repeat: boolean): string =>
  `${iconOf(alert)} #${alert.number} ${alert.title} (${formatUtc(alert.at)})${repeat ? ' (may be a repeat)' : ''}`;

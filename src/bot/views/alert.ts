import type { FormattedString } from '@grammyjs/parse-mode';
import type { Alert, Severity } from '../../domain/alert.ts';
import { formatUtc } from '../../domain/time.ts';
import { bold, linesOf } from './fit.ts';

const ICON: Record<Severity, string> = { critical: '🔴', warning: '🟠', info: 'ℹ️' };

const iconOf = ({ good, severity }: Alert): string => (good === true ? '✅' : ICON[severity]);

/** How an alert looks: icon and title, its lines, then number, time and where it comes from. */
export function alertView(
  alert: Alert,
  note: { readonly venue: string; readonly repeat: boolean },
): FormattedString {
  const repeat = note.repeat ? ' (may be a repeat)' : '';
  return linesOf([
    bold(`${iconOf(alert)} ${alert.title}${repeat}`),
    ...alert.lines,
    `#${alert.number} · ${formatUtc(alert.at)} · ${note.venue}`,
  ]);
}

/** One line of a catch-up. */
export const catchUpLine = (alert: Alert, repeat: boolean): string =>
  `${iconOf(alert)} #${alert.number} ${alert.title} (${formatUtc(alert.at)})${repeat ? ' (may be a repeat)' : ''}`;

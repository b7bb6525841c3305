import type { FormattedString } from '@grammyjs/parse-mode';
import type { Alert, Finding, Severity } from '../../domain/alert.ts';
import { formatUtc } from '../../domain/time.ts';
import { bold, linesOf } from './fit.ts';
import { splitText } from './split.ts';

const ICON: Record<Severity, string> = { critical: '🔴', warning: '🟠', info: 'ℹ️' };

const iconOf = ({ good, severity }: Finding): string => (good === true ? '✅' : ICON[severity]);

/** An alert that has no number was told past the store. */
export type Told = Finding & Partial<Alert>;

const PAST_STORE = 'told without my memory, which is away';

interface Note {
  readonly venue: string;
  readonly repeat: boolean;
}

const bodyOf = (alert: Told, { repeat }: Note): FormattedString =>
  linesOf([
    bold(`${iconOf(alert)} ${alert.title}${repeat ? ' (may be a repeat)' : ''}`),
    ...alert.lines,
  ]);

const footerOf = (alert: Told, { venue }: Note): string =>
  `${alert.number === undefined ? PAST_STORE : `#${alert.number}`} · ${formatUtc(alert.at)} · ${venue}`;

/** How an alert looks: icon and title, its lines, then number, time and where it comes from; in parts of at most `limit` units. */
export const alertParts = (
  alert: Told,
  note: Note,
  limit: number,
): readonly [FormattedString, ...FormattedString[]] =>
  splitText(bodyOf(alert, note), footerOf(alert, note), limit);

/** What lasts says so, because its line may come long after it began; its end changes its title. */
const lastsNote = ({ state, good }: Alert): string =>
  state === undefined || good === true ? '' : ', still true';

/** One line of a catch-up. */
export const catchUpLine = (alert: Alert, repeat: boolean): string =>
  `${iconOf(alert)} #${alert.number} ${alert.title}${lastsNote(alert)} (${formatUtc(alert.at)})${repeat ? ' (may be a repeat)' : ''}`;

/** Several alerts of one kind in one message, each whole: what all of them say stands once, below. */
export function alertsTogether(
  title: string,
  alerts: readonly Alert[],
  { venue, repeat }: { readonly venue: string; readonly repeat: (alert: Alert) => boolean },
): FormattedString {
  const [first, ...others] = alerts;
  const shared = (first?.lines ?? []).filter((line) =>
    others.every(({ lines }) => lines.includes(line)),
  );
  return linesOf([
    ...(first === undefined ? [] : [bold(`${iconOf(first)} ${title}`)]),
    ...alerts.flatMap((each) => [
      bold(`#${each.number} ${each.title}${repeat(each) ? ' (may be a repeat)' : ''}`),
      ...each.lines.filter((line) => !shared.includes(line)),
    ]),
    ...shared,
    ...(first === undefined ? [] : [`${formatUtc(first.at)} · ${venue}`]),
  ]);
}

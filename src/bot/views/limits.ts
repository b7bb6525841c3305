import type { FormattedString } from '@grammyjs/parse-mode';
import type { LimitChange } from '../../app/limits/change-limit.ts';
import type { LimitChoices } from '../../app/limits/limit-presets.ts';
import type { LimitLine } from '../../app/limits/read-limits.ts';
import { formatUtc } from '../../domain/time.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { limitBar } from './status.ts';

/** One page of /limits: those of which something is used, or others, with value, source and last change. */
export function limitsView(
  {
    lines,
    page,
    pages,
  }: { readonly lines: readonly LimitLine[]; readonly page: number; readonly pages: number },
  scene: Scene,
): FormattedString {
  return linesOf([
    bold(page === 0 ? 'Limits with their use' : `Other limits, page ${page} of ${pages - 1}`),
    ...lines.map((each) =>
      each.use === undefined ? `• ${each.label}: ${each.value}${sourceOf(each)}` : usedLine(each),
    ),
    'To change one, tap, or write: /limits open positions 2. Tighter counts when you confirm, looser 12 h later.',
    footer(scene),
  ]);
}

/** One limit before it is changed. */
export const limitView = ({ label, value, meaning }: LimitChoices, scene: Scene): FormattedString =>
  linesOf([
    bold(`Limit: ${label}`),
    `Now ${value}.`,
    meaning,
    `Tap a value: I ask before anything changes. Any other: /limits ${label} and the value.`,
    footer(scene),
  ]);

function usedLine(line: LimitLine): string {
  const percent = line.use?.usedPercent;
  return `${limitBar(percent)} ${percent === undefined ? '' : `${percent} % `}${line.label}: ${line.use?.text ?? ''}${sourceOf(line)}`;
}

function sourceOf({ source, last, fallback, waiting }: LimitLine): string {
  const changed =
    source === 'default'
      ? ''
      : ` (changed by you${last === undefined ? '' : `, ${formatUtc(last.at)}`}; default ${fallback})`;
  const soon =
    waiting === undefined ? '' : ` ⏳ becomes ${waiting.value} at ${formatUtc(waiting.at)}`;
  return `${changed}${soon}`;
}

/** What confirming would do to a limit. */
export const limitCardView = (change: LimitChange, scene: Scene): FormattedString =>
  linesOf([
    bold(change.kind === 'waits' ? 'Make this limit looser?' : 'Make this limit tighter?'),
    `${change.label}: now ${change.from}, then ${change.to}`,
    change.kind === 'waits'
      ? 'It takes effect 12 hours after you confirm; until then you can cancel it.'
      : 'It takes effect when you confirm. Making it looser again takes 12 hours.',
    footer(scene),
  ]);

/** What became of a limit, or why nothing did. */
export const limitChangedView = (change: LimitChange, scene: Scene): FormattedString =>
  linesOf([
    bold(change.kind === 'refused' ? 'Not changed' : `Limit: ${change.label}`),
    change.sentence,
    footer(scene),
  ]);

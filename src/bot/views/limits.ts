import type { FormattedString } from '@grammyjs/parse-mode';
import type { LimitChange } from '../../app/limits/change-limit.ts';
import type { LimitLine } from '../../app/limits/read-limits.ts';
import { formatUtc } from '../../domain/time.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { limitBar } from './status.ts';

/** /limits: every limit with its use, value, source and last change. */
export function limitsView(lines: readonly LimitLine[], scene: Scene): FormattedString {
  const used = lines.filter((each) => each.use !== undefined);
  const rest = lines.filter((each) => each.use === undefined);
  return linesOf([
    bold('Limits with their use'),
    ...used.map(usedLine),
    bold('Other limits'),
    ...rest.map((each) => `• ${each.label}: ${each.value}${sourceOf(each)}`),
    'To change one, write name and value: /limits open positions 2. Tighter takes effect when you confirm, looser 12 h later.',
    footer(scene),
  ]);
}

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

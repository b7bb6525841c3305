import type { FormattedString } from '@grammyjs/parse-mode';
import { EXPECT, type StrategyStanding } from '../../app/scan/read-strategies.ts';
import type { Place } from '../../domain/signal.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';

const PLACE_WORDS: Record<Place, string> = {
  push: '🔔 pushed as cards',
  clean: '✨ clean ones pushed as cards',
  watch: '👁 watched silently',
  off: '⛔ off',
};

/** /strategies: where each stands, and what it is worth; on one screen of a phone. */
export function strategiesView(
  strategies: readonly StrategyStanding[] | string,
  scene: Scene,
): FormattedString {
  if (typeof strategies === 'string') {
    return linesOf([
      bold('Strategies'),
      `Unavailable (${strategies}). Nothing is pushed.`,
      footer(scene),
    ]);
  }
  return linesOf([
    bold('Strategies'),
    EXPECT,
    ...strategies.flatMap((each) => [...headOf(each), each.finding, `• ${each.brief}`]),
    'Tap one for its whole record, or to change it.',
    footer(scene),
  ]);
}

/** One of them, with its whole record. */
export const strategyView = (standing: StrategyStanding, scene: Scene): FormattedString =>
  linesOf([
    ...headOf(standing),
    standing.about,
    standing.finding,
    ...standing.record.map((line) => `• ${line}`),
    standing.expect,
    `In words: /strategies ${standing.name} watch.`,
    footer(scene),
  ]);

const headOf = ({
  name,
  place,
  withdrawn,
}: StrategyStanding): readonly (string | FormattedString)[] => [
  bold(`${name}, ${PLACE_WORDS[place]}`),
  ...(withdrawn ? ['Withdrawn by what it did live. It stays so until you turn it on again.'] : []),
];

/** What a confirmation would push, with its record in words. */
export const pushCardView = (
  { name, about, finding, expect, record }: StrategyStanding,
  scene: Scene,
): FormattedString =>
  linesOf([
    bold(`Push the signals of ${name}?`),
    about,
    finding,
    ...record.map((line) => `• ${line}`),
    expect,
    'You would get a card for each signal that fits the limits; nothing is ordered without your approval.',
    footer(scene),
  ]);

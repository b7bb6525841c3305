import type { FormattedString } from '@grammyjs/parse-mode';
import type { StrategyStanding } from '../../app/scan/read-strategies.ts';
import type { Place } from '../../domain/signal.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';

const PLACE_WORDS: Record<Place, string> = {
  push: '🔔 pushed: you get a card',
  clean: '✨ clean ones pushed: you get a card where no cap cuts the stop off',
  watch: '👁 watched: followed silently',
  off: '⛔ off',
};

/** What nobody should expect otherwise; once, above the figures. */
export const EXPECT =
  'At a reward of twice the risk about 4 of 10 win, never 7 or 8; losing months are normal; breakdown sells short only. This is no advice.';

/** /strategies: where each stands, and what it is worth. */
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
    ...strategies.flatMap(standingLines),
    'Change it with the buttons, or write /strategies breakdown watch.',
    footer(scene),
  ]);
}

const standingLines = ({
  name,
  about,
  finding,
  place,
  withdrawn,
  record,
}: StrategyStanding): readonly (string | FormattedString)[] => [
  bold(`${name}, ${PLACE_WORDS[place]}`),
  ...(withdrawn ? ['Withdrawn by what it did live. It stays so until you turn it on again.'] : []),
  about,
  finding,
  ...record.map((line) => `• ${line}`),
];

/** What a confirmation would push, with its record in words. */
export const pushCardView = (
  { name, about, finding, record }: StrategyStanding,
  scene: Scene,
): FormattedString =>
  linesOf([
    bold(`Push the signals of ${name}?`),
    about,
    finding,
    ...record.map((line) => `• ${line}`),
    EXPECT,
    'You would get a card for each signal that fits the limits; nothing is ordered without your approval.',
    footer(scene),
  ]);

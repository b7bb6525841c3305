import type { FormattedString } from '@grammyjs/parse-mode';
import type { FitView } from '../../app/limits/read-fit.ts';
import { countText, shareText } from '../../domain/words/words.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';

/** "Does this fit?": how often the loss limits would have been met. */
export function limitFitView(found: FitView | string, scene: Scene): FormattedString {
  if (typeof found === 'string') {
    return linesOf([bold('Does this fit?'), `Unknown: ${found}.`, footer(scene)]);
  }
  const { counted, unknown, fits } = found;
  return linesOf([
    bold('Does this fit?'),
    `How often the recorded signals of ${counted.join(', ')} would have met your loss limits, from ${countText(fits[0]?.starts ?? 0, 'start')} each:`,
    ...fits.flatMap((fit, index) => fitLines(fit, index === 0)),
    ...(unknown.length === 0 ? [] : [`Not in it: nothing is recorded of ${unknown.join(', ')}.`]),
    'Worked out from weeks of the past, drawn anew. It is no forecast.',
    footer(scene),
  ]);
}

const fitLines = (
  { risk, met }: FitView['fits'][number],
  isSet: boolean,
): readonly (string | FormattedString)[] => [
  bold(`${shareText(risk)} a trade${isSet ? ', as it is set' : ''}`),
  ...met.map(
    ({ days, daily, drawdown, streak }) =>
      `• within ${days} days: daily loss ${whole(daily)}, drawdown ${whole(drawdown)}, losses in a row ${whole(streak)}`,
  ),
];

const whole = (share: number): string => `${Math.round(share * 100)} %`;

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
  const { counted, unknown, asked, fits } = found;
  return linesOf([
    bold('Does this fit?'),
    `How often the recorded signals of ${counted.join(', ')} would have met your loss limits${asked ? ' as you asked for them' : ''}, from ${countText(fits[0]?.starts ?? 0, 'start')} each:`,
    ...fits.flatMap(fitLines),
    ...(unknown.length === 0 ? [] : [`Not in it: nothing is recorded of ${unknown.join(', ')}.`]),
    'Worked out from weeks of the past, drawn anew. It is no forecast.',
    footer(scene),
  ]);
}

const AS = { set: ', as it is set', asked: ', as you asked for' };

const fitLines = ({
  risk,
  as,
  met,
}: FitView['fits'][number]): readonly (string | FormattedString)[] => [
  bold(`${shareText(risk)} a trade${as === undefined ? '' : AS[as]}`),
  ...met.map(
    ({ days, daily, drawdown, streak }) =>
      `• within ${days} days: daily loss ${whole(daily)}, drawdown ${whole(drawdown)}, losses in a row ${whole(streak)}`,
  ),
];

const whole = (share: number): string => `${Math.round(share * 100)} %`;

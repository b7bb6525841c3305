import type { FormattedString } from '@grammyjs/parse-mode';
import type { ExposureView } from '../../app/views/read-exposure.ts';
import type { Reading } from '../../app/reading/reading.ts';
import { usdText, type Usd } from '../../domain/money/money.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { signedUsd } from './money.ts';

/** /exposure: what is at stake where, and what moves together. */
export function exposureView(reading: Reading<ExposureView>, scene: Scene): FormattedString {
  return linesOf([bold('Exposure'), ...body(reading), footer(scene, reading)]);
}

function body(reading: Reading<ExposureView>): readonly (FormattedString | string)[] {
  if (reading.kind === 'unavailable') {
    return ['Your positions are unavailable right now; nothing is shown rather than a guess.'];
  }
  const view = reading.value;
  const { exposure } = view;
  if (view.positions.length === 0) return ['No open position, so nothing is at stake.'];
  return [
    `Long ${usdText(exposure.long)}, short ${usdText(exposure.short)}`,
    `Together ${usdText(exposure.gross)}, net ${signedUsd(exposure.net)}`,
    bold('By coin'),
    ...rows(exposure.bySymbol),
    bold('By category'),
    ...rows(exposure.byCategory),
    bold('What moves together'),
    ...clusterLines(view),
  ];
}

const rows = (values: ReadonlyMap<string, Usd>): readonly string[] =>
  [...values]
    .toSorted(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0))
    .map(([name, value]) => `• ${name}: ${usdText(value)}`);

function clusterLines({ clusters, unmeasured, threshold }: ExposureView): readonly string[] {
  const groups = clusters.map((each) =>
    each.length === 1 ? `• ${each.join('')} on its own` : `• ${each.join(', ')}`,
  );
  const meaning = `One group: correlation of ${threshold} or more, hourly over the last 7 days.`;
  return unmeasured.length === 0
    ? [...groups, meaning]
    : [
        ...groups,
        meaning,
        `Counted as moving with every other, because not measured: ${unmeasured.join(', ')}.`,
      ];
}

import { usdText } from '../../domain/money/money.ts';
import { countText, decimalText, percentText as shortPercent } from '../../domain/words/words.ts';
import type { FormattedString } from '@grammyjs/parse-mode';
import type { ProposalStress, StressView } from '../../app/views/read-stress.ts';
import type { Reading } from '../../app/reading/reading.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { percentText, priceText, signedUsd, type Digits } from './money.ts';

type Result = StressView['gap'];

/** /stress: what bad markets would do to what is open. */
export function stressView(
  reading: Reading<StressView>,
  digits: Digits,
  scene: Scene,
): FormattedString {
  return linesOf([bold('What if'), ...body(reading, digits), footer(scene, reading)]);
}

function body(reading: Reading<StressView>, digits: Digits): readonly (FormattedString | string)[] {
  if (reading.kind === 'unavailable') {
    return ['Your account is unavailable right now; nothing is shown rather than a guess.'];
  }
  const view = reading.value;
  if (view.positions.length === 0) {
    return [`Nothing is open: no market move changes your equity of ${usdText(view.equity)}.`];
  }
  return [
    ...view.shocks.map((each) => resultLine(each)),
    ...betaLines(view),
    resultLine({ ...view.gap, label: 'Every stop fills 2 % too late' }),
    `${resultLine({ ...view.jump, label: jumpLabel(view) })}; the limit is ${shortPercent(view.jumpLimit)}`,
    fundingLine(view),
    bold('Liquidated first if all prices go against you'),
    ...liquidationLines(view, digits),
  ];
}

const jumpLabel = ({ jumpMove }: Pick<StressView, 'jumpMove'>): string =>
  `Every price jumps ${shortPercent(jumpMove)} against you, through the stops`;

function resultLine({ label, change, fraction, rows }: Result): string {
  const share = fraction === undefined ? '' : ` (${percentText(fraction)} of equity)`;
  const count = (end: Result['rows'][number]['end']): number =>
    rows.filter((row) => row.end === end).length;
  const ends = [
    count('stopped') === 0 ? '' : `, ${count('stopped')} stopped`,
    count('liquidated') === 0 ? '' : `, ⚠️ ${count('liquidated')} liquidated`,
  ].join('');
  return `${label}: ${signedUsd(change)}${share}${ends}`;
}

/** "moves 1.50 times as much as Bitcoin", from so many hours of the last 7 days. */
function movesText({ value, n }: NonNullable<ProposalStress['beta']>): string {
  const times = `moves ${decimalText(Math.abs(value), 2)} times as much as Bitcoin`;
  const against = value < 0 ? ', the other way' : '';
  return `${times}${against} (${countText(n, 'hour')} of the last 7 days)`;
}

function betaLines({ betas, positions }: StressView): readonly string[] {
  const symbols = [...new Set(positions.map((each) => each.symbol))];
  const measured = symbols.flatMap((symbol) => {
    const beta = betas.get(symbol);
    return beta === undefined ? [] : [`${symbol} ${movesText(beta)}`];
  });
  const guessed = symbols.filter((symbol) => !betas.has(symbol));
  return [
    ...measured,
    ...(guessed.length === 0
      ? []
      : [
          `Not measured, so assumed to move as much as Bitcoin, against you: ${guessed.join(', ')}`,
        ]),
  ];
}

function fundingLine({ funding }: Pick<StressView, 'funding'>): string {
  const unknown = funding.unknown.length === 0 ? '' : `; unknown for ${funding.unknown.join(', ')}`;
  return `Funding of a day at today's rates: ${signedUsd(funding.change)}${unknown}`;
}

function liquidationLines({ liquidations }: StressView, digits: Digits): readonly string[] {
  if (liquidations.length === 0) return ['The exchange gives no liquidation price.'];
  return liquidations.map(
    (each) =>
      `• ${each.symbol} at ${priceText(each.price, each.symbol, digits)}, ${percentText(each.distance)} away`,
  );
}

/** The stress card inside an approval: with this trade open beside the others. */
export function stressLines(stress: ProposalStress | undefined): readonly string[] {
  if (stress === undefined) return ['Stress: not known, the account was not read yet'];
  const { shocks, gap, beta, first } = stress;
  return [
    ...shocks.map(resultLine),
    beta === undefined
      ? 'How it moves with Bitcoin is not measured: assumed to move as much, against you'
      : `It ${movesText(beta)}`,
    resultLine({ ...gap, label: 'Every stop fills 2 % too late' }),
    fundingLine(stress),
    ...(first === undefined
      ? []
      : [`Liquidated first: ${first.symbol}, ${percentText(first.distance)} away`]),
  ];
}

import { contractText } from '../../domain/instrument.ts';
import { usdText } from '../../domain/money/money.ts';
import type { PartTarget, Position } from '../../domain/position.ts';
import { listText } from '../../domain/words/words.ts';
import type { FormattedString } from '@grammyjs/parse-mode';
import type { PositionsView, PositionView } from '../../app/views/read-positions.ts';
import type { Reading } from '../../app/reading/reading.ts';
import { bold, linesOf, plain } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { percentText, priceText, qtyText, signedUsd, type Digits } from './money.ts';
import { countOf, pageOf } from '../../domain/words/pages.ts';

/** /positions: each open position with what protects it. */
export function positionsView(
  reading: Reading<PositionsView>,
  {
    digits,
    scene,
    page,
  }: { readonly digits: Digits; readonly scene: Scene; readonly page: number },
): FormattedString {
  return linesOf([bold('Positions'), ...body(reading, digits, page), footer(scene, reading)]);
}

function body(
  reading: Reading<PositionsView>,
  digits: Digits,
  page: number,
): readonly FormattedString[] {
  if (reading.kind === 'unavailable') {
    return [
      plain('Your positions are unavailable right now; nothing is shown rather than a guess.'),
    ];
  }
  const { positions, pricesUnavailable } = reading.value;
  if (positions.length === 0) return [plain('No open position.')];
  const at = pageOf(positions, page);
  return [
    ...at.shown.map((each) => onePosition(each, digits)),
    ...countOf(at).map(plain),
    ...(pricesUnavailable === undefined
      ? []
      : [plain(`Mark prices are unavailable (${pricesUnavailable}).`)]),
  ];
}

/** The exchange's own figure, or what follows from size and leverage where it names none. */
const marginText = ({ margin, marginAssumed }: Position): string =>
  marginAssumed === true ? `about ${usdText(margin)}` : usdText(margin);

/** One position with what protects it, as /positions and /position show it. */
export function onePosition(view: PositionView, digits: Digits): FormattedString {
  const { position, mark, target, partTargets } = view;
  const { symbol } = position;
  const at = (value: Parameters<typeof priceText>[0]): string => priceText(value, symbol, digits);
  return linesOf([
    bold(`${symbol} ${position.side}, ${position.leverage}x ${position.marginMode}`),
    ...contractLines(view),
    `  Size ${qtyText(position.qty, symbol, digits)}, margin ${marginText(position)}`,
    `  Entry ${at(position.entryPrice)}, mark ${mark === undefined ? 'unavailable' : at(mark)}`,
    `  Open P&L ${signedUsd(position.unrealisedPnl)}`,
    `  ${stopLine(view, at)}`,
    `  Target ${target === undefined ? 'none' : at(target)}`,
    ...partTargets.map((each) => `  ${partTargetText(each, position, digits)}`),
    `  Liquidation ${
      position.liquidationPrice === undefined
        ? 'not given by the exchange'
        : `about ${at(position.liquidationPrice)}`
    }`,
  ]);
}

/** "A part, 0.5, closes at 70,000", or that it is all of it. `position`: with what is open when it is reached. */
export const partTargetText = (
  { price, qty }: PartTarget,
  position: Pick<Position, 'symbol' | 'qty'>,
  digits: Digits,
): string => {
  const at = priceText(price, position.symbol, digits);
  return qty < position.qty
    ? `A part, ${qtyText(qty, position.symbol, digits)}, closes at ${at}`
    : `The target for a part, at ${at}, closes all of it`;
};

/** What does not go without saying. */
const contractLines = ({ contract, position }: PositionView): readonly string[] =>
  contract.kind === 'open' ? [] : [`  ⚠️ ${position.symbol} is ${contractText(contract)}`];

function stopLine(
  { stops, distanceToStop, resultAtStops, protected: full }: PositionView,
  at: (value: PositionView['stops'][number]['price']) => string,
): string {
  if (stops.length === 0) return '⚠️ NO STOP: nothing limits the loss of this position';
  const several = stops.length > 1;
  const prices = listText(stops.map(({ price }) => at(price)));
  const away =
    distanceToStop === undefined
      ? ''
      : `, ${several ? 'the first ' : ''}${percentText(distanceToStop)} away`;
  const result =
    resultAtStops === undefined
      ? ''
      : `, ${signedUsd(resultAtStops)} ${several ? 'at all of them' : 'there'} before fees`;
  const gap = full ? '' : ` ⚠️ ${several ? 'do' : 'does'} not protect the whole size`;
  return `${several ? 'Stops' : 'Stop'} ${prices}${away}${result}${gap}`;
}

import type { FormattedString } from '@grammyjs/parse-mode';
import type { StopSuggestion } from '../../app/account/suggest-stop.ts';
import { pnlOf } from '../../domain/position.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { priceText, qtyText, signedUsd, type Digits } from './money.ts';

/** Exactly what a confirmation would place. */
export function suggestedStopView(
  found: Extract<StopSuggestion, { kind: 'suggested' }>,
  digits: Digits,
  scene: Scene,
): FormattedString {
  const { position, mark, stop, target } = found;
  const { symbol, side, qty, entryPrice } = position;
  const at = (value: typeof stop): string => priceText(value, symbol, digits);
  const result = pnlOf(position, { entry: entryPrice, exit: stop });
  return linesOf([
    bold(`Place a stop for ${symbol} ${side}?`),
    `Size ${qtyText(qty, symbol, digits)}, entry ${at(entryPrice)}, price now ${at(mark)}`,
    `Stop: ${at(stop)}, result there ${signedUsd(result)} before fees`,
    target === undefined ? 'The existing target stays.' : `Target: ${at(target)}`,
    'Both cover the whole position. Nothing is placed until you tap Confirm.',
    footer(scene),
  ]);
}

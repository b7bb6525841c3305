import { averageText } from '../../domain/words/words.ts';
import { usdText } from '../../domain/money/money.ts';
import type { Finding } from '../../domain/alert.ts';
import type { Position } from '../../domain/position.ts';
import { settlesInUsdt } from '../../domain/instrument.ts';
import { nameOf, numberText } from '../phrase.ts';

const OTHER_COIN =
  'It settles in another coin than USDT: Vigil guards USDT contracts only. Its figures are in that coin, and equity and limits leave it out.';

/** A position that was not there before, or one that grew. */
export function positionOpened(before: Position | undefined, after: Position): Finding | undefined {
  if (before !== undefined && after.qty <= before.qty) return undefined;
  const grown = before !== undefined;
  const liquidation =
    after.liquidationPrice === undefined
      ? 'The exchange gives no liquidation price.'
      : `Liquidation at ${numberText(after.liquidationPrice)}.`;
  return {
    // It may have had this size at this entry before: the exchange's own time tells them apart.
    key: grown
      ? `position-grown:${after.id}:${after.qty}:${after.entryPrice}:${after.updatedAt}`
      : `position-opened:${after.id}`,
    kind: 'position-opened',
    severity: 'info',
    title: grown
      ? `${nameOf(after)} grew from ${numberText(before.qty)} to ${numberText(after.qty)}`
      : `${nameOf(after)} opened: ${numberText(after.qty)} at ${averageText(after.entryPrice)}`,
    lines: [
      `Average entry ${averageText(after.entryPrice)}, ${after.leverage}x ${after.marginMode}, margin ${usdText(after.margin)}.`,
      liquidation,
      ...(settlesInUsdt(after.symbol) ? [] : [OTHER_COIN]),
    ],
    chart: { kind: 'position', id: after.id },
    at: grown ? after.updatedAt : after.openedAt,
  };
}

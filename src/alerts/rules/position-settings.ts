import { usdText } from '../../domain/money/money.ts';
import type { Finding } from '../../domain/alert.ts';
import type { Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { nameOf, numberText } from '../phrase.ts';
import { FOREIGN, NOT_VIGIL } from './not-ours.ts';

const settingOf = ({ leverage, marginMode }: Position): string => `${leverage}x ${marginMode}`;

/** Leverage or margin mode of an open position is another one than before. `byVigil`: Vigil asked for it. */
export function positionSettings(
  before: Position,
  after: Position,
  seen: { readonly byVigil: boolean; readonly now: Timestamp },
): Finding | undefined {
  if (settingOf(before) === settingOf(after)) return undefined;
  const riskier = after.leverage > before.leverage || after.marginMode === 'cross';
  const liquidation =
    after.liquidationPrice === undefined
      ? 'The exchange gives no liquidation price now.'
      : `Liquidation is at ${numberText(after.liquidationPrice)} now.`;
  return {
    key: `position-settings:${after.id}:${settingOf(after)}:${seen.now}`,
    kind: 'notice',
    ...(seen.byVigil || !riskier ? { severity: 'info' } : FOREIGN),
    title: `${nameOf(after)} is ${settingOf(after)} now; it was ${settingOf(before)}`,
    lines: [
      `Margin ${usdText(after.margin)}. ${liquidation}`,
      ...(after.marginMode === 'cross' && before.marginMode !== 'cross'
        ? ['The whole balance stands behind it now, not its own margin alone.']
        : []),
      ...(seen.byVigil ? [] : [NOT_VIGIL]),
    ],
    at: seen.now,
  };
}

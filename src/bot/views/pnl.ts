import type { FormattedString } from '@grammyjs/parse-mode';
import type { PnlTotals, PnlView } from '../../app/read-pnl.ts';
import type { Reading } from '../../app/reading.ts';
import { neg } from '../../domain/money.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import { formatUtc } from '../../domain/time.ts';
import { bold, linesOf, plain } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { signedUsd } from './money.ts';

/** /pnl: realised results of closed positions, with what they cost. */
export function pnlView(reading: Reading<PnlView>, scene: Scene): FormattedString {
  return linesOf([bold('Profit and loss'), ...body(reading), footer(scene, reading)]);
}

function body(reading: Reading<PnlView>): readonly FormattedString[] {
  if (reading.kind === 'unavailable') {
    return [
      plain('Your results are unavailable right now; no figure is shown rather than a wrong one.'),
    ];
  }
  const { today, todayFrom, week, month, recent } = reading.value;
  return [
    period(`Today, since ${formatUtc(todayFrom)}`, today),
    period('7 days', week),
    period('30 days', month),
    ...(month.assumed === 0 ? [] : [plain(assumedLine(month.assumed))]),
    ...(recent.length === 0 ? [] : [linesOf([bold('Closed last'), ...recent.map(closedLine)])]),
  ];
}

const assumedLine = (count: number): string =>
  `* For ${count} of these it could not be told whether the exchange's figure already holds fees and funding; it was read as holding them.`;

function period(label: string, sums: PnlTotals): FormattedString {
  if (sums.closed === 0) return linesOf([bold(label), '  Nothing was closed.']);
  return linesOf([
    bold(`${label}: ${signedUsd(sums.net)} net`),
    `  ${sums.won} of ${sums.closed} closed with a gain`,
    `  Price ${signedUsd(sums.gross)}, fees ${signedUsd(neg(sums.fees))}, funding ${signedUsd(sums.funding)}`,
  ]);
}

const closedLine = (each: ClosedPosition): string =>
  `  ${each.side} ${each.symbol} ${signedUsd(each.net)}${each.liquidated ? ' (liquidated)' : ''}${each.basisAssumed === true ? ' *' : ''}, ${formatUtc(each.closedAt)}`;

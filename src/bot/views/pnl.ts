import type { FormattedString } from '@grammyjs/parse-mode';
import type { PnlTotals, PnlView } from '../../app/views/read-pnl.ts';
import type { Reading } from '../../app/reading/reading.ts';
import { neg } from '../../domain/money/money.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import { formatUtc } from '../../domain/time.ts';
import { bold, linesOf, plain } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { countText, signedUsd } from './money.ts';

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
  `* For ${count} of these Vigil cannot tell whether the exchange's figure already includes fees and funding; it is assumed to.`;

function period(label: string, sums: PnlTotals): FormattedString {
  const { closed, won, parts } = sums;
  const ended = closed === 0 ? [] : [`  ${won} of ${closed} closed with a gain`];
  const taken =
    parts === 0
      ? []
      : [
          `  Parts of ${countText(parts, 'open position')} closed: ${signedUsd(sums.partsGross)} by price`,
        ];
  const costs = sums.fees !== 0n || sums.funding !== 0n;
  const unknown = [
    ...(sums.costsUnknown === 0
      ? []
      : [
          `  Without what ${countText(sums.costsUnknown, 'open position')} took or cost so far: the exchange does not say.`,
        ]),
    ...(sums.closedUnknown === 0
      ? []
      : [
          `  Without all costs of ${countText(sums.closedUnknown, 'closed position')}: the exchange does not say them.`,
        ]),
  ];
  if (closed + parts === 0 && !costs) {
    return linesOf([bold(label), '  Nothing was closed.', ...unknown]);
  }
  return linesOf([
    bold(`${label}: ${signedUsd(sums.net)} net`),
    ...ended,
    ...taken,
    ...(closed + parts === 0 ? ['  Nothing was closed; this is what open positions cost.'] : []),
    `  Price ${signedUsd(sums.gross)}, fees ${signedUsd(neg(sums.fees))}, funding ${signedUsd(sums.funding)}`,
    ...(sums.fundingUnknown === 0
      ? []
      : [
          `  Without the funding of ${countText(sums.fundingUnknown, 'position')} opened before: the exchange does not date it.`,
        ]),
    ...unknown,
  ]);
}

const markOf = ({ costsUnknown, basisAssumed }: ClosedPosition): string =>
  costsUnknown === true ? ' before costs that are unknown' : basisAssumed === true ? ' *' : '';

const closedLine = (each: ClosedPosition): string =>
  `  ${each.symbol} ${each.side} ${signedUsd(each.net)}${each.liquidated ? ' (liquidated)' : ''}${markOf(each)}, ${formatUtc(each.closedAt)}`;

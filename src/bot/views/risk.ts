import type { FormattedString } from '@grammyjs/parse-mode';
import type { PnlTotals, PnlView } from '../../app/views/read-pnl.ts';
import type { FundingNext, RiskView } from '../../app/views/read-risk.ts';
import type { Reading } from '../../app/reading/reading.ts';
import { add, neg, ratioOf, sumUsd, usdText, type Usd } from '../../domain/money/money.ts';
import { formatDuration, formatUtc } from '../../domain/time.ts';
import { countText, percentText as shortPercent } from '../../domain/words/words.ts';
import { bold, linesOf, plain } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { percentText, signedUsd } from './money.ts';
import { limitLines } from './status.ts';

/** /risk: the portfolio as a whole. */
export function riskView(reading: Reading<RiskView>, scene: Scene): FormattedString {
  return linesOf([bold('Risk'), ...body(reading), footer(scene, reading)]);
}

function body(reading: Reading<RiskView>): readonly (FormattedString | string)[] {
  if (reading.kind === 'unavailable') {
    return [
      plain('Your account is unavailable right now; no figure is shown rather than a guess.'),
    ];
  }
  const view = reading.value;
  return [
    `Equity ${usdText(view.equity)} = wallet ${usdText(view.wallet)}, open P&L ${signedUsd(view.snapshot.account.unrealisedPnl)}`,
    `Free for new margin: ${usdText(view.freeMargin)}`,
    dayLine(view),
    bold('Results'),
    ...resultLines(view),
    bold('What can be lost'),
    heatLine(view),
    ...unstoppedLines(view),
    jumpLine(view),
    tailLine(view),
    marginLine(view),
    liquidationLine(view),
    `Time without full protection today: ${view.unprotectedMs === undefined ? 'not measured yet' : formatDuration(view.unprotectedMs)}`,
    bold('Funding due next'),
    ...fundingLines(view.funding),
    bold('Limits'),
    ...(view.limits.length === 0
      ? ['Unavailable: the risk figures were not read yet.']
      : limitLines(view.limits)),
  ];
}

const shareOf = (loss: Usd, equity: Usd): string =>
  equity > 0n ? `, ${percentText(ratioOf(loss, equity, 'up'))} of equity` : '';

const heatLine = ({ heat, equity }: RiskView): string =>
  heat.loss === undefined
    ? `If every stop fills: unknown, because what ${heat.unknown.join(', ')} can lose is not known; no new trade until it is`
    : `If every stop fills: ${usdText(heat.loss)}${shareOf(heat.loss, equity)}`;

/** What no stop covers is in the figure above, and is more than a stop would cost. */
function unstoppedLines({ heat }: RiskView): readonly string[] {
  const without = heat.rows.filter(({ uncovered }) => uncovered !== undefined);
  if (without.length === 0) return [];
  const all = without.map((row) => `${row.symbol} ${UNCOVERED[row.uncovered ?? 'account']}`);
  return [`Of these, not fully protected: ${all.join(', ')}`];
}

type Uncovered = NonNullable<RiskView['heat']['rows'][number]['uncovered']>;

const UNCOVERED: Record<Uncovered, string> = {
  liquidation: 'at liquidation',
  margin: 'its whole margin',
  notional: 'its whole value (cross)',
  account: 'the whole account (cross)',
};

const jumpLine = ({ jump, jumpMove, equity }: RiskView): string => {
  const what = `If every price jumps ${shortPercent(jumpMove)} against you, through the stops`;
  return jump === undefined
    ? `${what}: unknown`
    : `${what}: ${usdText(jump)}${shareOf(jump, equity)}`;
};

const dayLine = ({ day }: RiskView): string =>
  day === undefined
    ? 'Today: unavailable, the day was not measured yet'
    : `Today: ${signedUsd(day.pnl)} with open positions, fees and funding`;

function resultLines({ pnl, snapshot }: RiskView): readonly string[] {
  const open = snapshot.positions;
  const paid = sumUsd(open.map((each) => each.fees));
  const funding = sumUsd(open.map((each) => each.funding));
  const taken = sumUsd(open.map((each) => each.realisedGross));
  if (open.some((each) => each.costsUnknown === true)) {
    const line = `Open now: price ${signedUsd(snapshot.account.unrealisedPnl)}; what it has cost so far is unknown`;
    return [...closedLines(pnl), line];
  }
  const openLine = `Open now: price ${signedUsd(add(snapshot.account.unrealisedPnl, taken))}, fees so far ${signedUsd(neg(paid))}, funding so far ${signedUsd(funding)}`;
  return [...closedLines(pnl), openLine];
}

function closedLines(pnl: Reading<PnlView>): readonly string[] {
  if (pnl.kind === 'unavailable') return [`Closed trades: unavailable (${pnl.reason})`];
  const { today, week, month } = pnl.value;
  return [
    closedLine('Closed today', today),
    closedLine('7 days', week),
    closedLine('30 days', month),
  ];
}

const closedLine = (label: string, sums: PnlTotals): string =>
  sums.closed + sums.parts === 0
    ? `${label}: nothing closed`
    : `${label}: ${signedUsd(sums.net)} (price ${signedUsd(sums.gross)}, fees ${signedUsd(neg(sums.fees))}, funding ${signedUsd(sums.funding)}${sums.closedUnknown + sums.costsUnknown === 0 ? '' : ', some costs unknown'})`;

function tailLine({ tail, snapshot }: RiskView): string {
  if (snapshot.positions.length === 0) return 'A bad hour: nothing is open';
  if (tail === undefined) {
    return 'A bad hour: not measured (fewer than 100 stored hours that all your coins share)';
  }
  const unknown = tail.unknown.length === 0 ? '' : `; without ${tail.unknown.join(', ')}`;
  return `A bad hour (1 in 20): a loss of ${usdText(tail.valueAtRisk)} or more, ${usdText(tail.expectedShortfall)} on average (VaR and expected shortfall 95 %, ${tail.method}, n = ${countText(tail.n, 'hour')}${unknown})`;
}

const marginLine = ({ marginRatio }: RiskView): string =>
  marginRatio === undefined
    ? 'Margin ratio: unavailable'
    : `Margin ratio: ${percentText(marginRatio)} (the exchange closes positions near 100 %)`;

function liquidationLine({ liquidations, snapshot }: RiskView): string {
  const [nearest] = liquidations;
  if (nearest !== undefined) {
    return `Nearest liquidation: ${nearest.symbol}, ${percentText(nearest.distance)} away`;
  }
  return snapshot.positions.length === 0
    ? 'Nearest liquidation: nothing is open'
    : 'Nearest liquidation: the exchange gives none';
}

function fundingLines(funding: FundingNext | string): readonly string[] {
  if (typeof funding === 'string') return [`Unavailable (${funding})`];
  const { due, unknown } = funding;
  if (due.length + unknown.length === 0) return ['Nothing is open.'];
  const rows = due.map(
    (each) => `${each.symbol}: about ${signedUsd(each.amount)} at ${formatUtc(each.at)}`,
  );
  const missing = unknown.map((symbol) => `${symbol}: unavailable, the exchange gives no rate`);
  if (due.length < 2) return [...rows, ...missing];
  const without = unknown.length === 0 ? '' : `, without ${unknown.join(', ')}`;
  const total = signedUsd(sumUsd(due.map((each) => each.amount)));
  return [...rows, ...missing, `Together about ${total}${without}`];
}

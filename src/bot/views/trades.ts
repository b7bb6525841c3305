import type { FormattedString } from '@grammyjs/parse-mode';
import type { Reading } from '../../app/reading/reading.ts';
import type { CoinResult, TradeRow, TradesView } from '../../app/views/read-trades.ts';
import { neg, sumUsd, toNumber, type Ratio } from '../../domain/money/money.ts';
import { formatDuration, formatUtc } from '../../domain/time.ts';
import { bold, linesOf, plain } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { countText, priceText, signedUsd, type Digits } from './money.ts';
import { pageOf } from '../../domain/words/pages.ts';

/** How closed positions are listed: one by one, or summed by contract. */
export type TradesList = 'trades' | 'coins';

const PER_PAGE: Readonly<Record<TradesList, number>> = { trades: 8, coins: 12 };

export interface TradesPage {
  readonly list: TradesList;
  /** From 0; the last one there is when it is larger. */
  readonly page: number;
}

/** How many pages that list has; at least 1. */
export const pagesOf = (view: TradesView, list: TradesList): number =>
  Math.max(1, Math.ceil(view[list].length / PER_PAGE[list]));

/** /trades and /performance: one page of what was closed. */
export function tradesView(
  reading: Reading<TradesView>,
  at: TradesPage,
  shown: { readonly digits: Digits; readonly scene: Scene },
): FormattedString {
  const title = at.list === 'trades' ? 'Closed positions' : 'Results by coin';
  const lines =
    reading.kind === 'unavailable' ? [UNAVAILABLE] : body(reading.value, at, shown.digits);
  return linesOf([bold(title), ...lines, footer(shown.scene, reading)]);
}

const UNAVAILABLE =
  'Your closed positions are unavailable right now; no figure is shown rather than a wrong one.';

function body(
  view: TradesView,
  { list, page }: TradesPage,
  digits: Digits,
): readonly (string | FormattedString)[] {
  const { trades, symbol } = view;
  const what = symbol === undefined ? '' : ` of ${symbol}`;
  if (trades.length === 0) return [`Nothing${what} was closed in the last 90 days.`];
  const { rows, count } = rowsOn(view, { list, page }, digits);
  const unknown = trades.filter((each) => each.costsUnknown === true).length;
  const assumed = trades.filter((each) => each.basisAssumed === true).length;
  return [
    `${signedUsd(sumUsd(trades.map((each) => each.net)))} net by ${countText(trades.length, 'position')}${what} in 90 days`,
    ...rows,
    plain(count),
    ...(unknown === 0
      ? []
      : [
          `Without all costs of ${countText(unknown, 'position')}: the exchange does not say them.`,
        ]),
    ...(assumed === 0 ? [] : [`* The exchange's figure is assumed to include fees and funding.`]),
  ];
}

function rowsOn(view: TradesView, { list, page }: TradesPage, digits: Digits) {
  if (list === 'coins') {
    const { shown, count } = pageOf(view.coins, page, PER_PAGE.coins);
    return { rows: shown.map(coinLine), count };
  }
  const { shown, count } = pageOf(view.trades, page, PER_PAGE.trades);
  return { rows: shown.map((each) => tradeLines(each, digits)), count };
}

/** What was planned against what came: "breakdown, -1.02 R; planned -24.41 USDT at the stop 63,200, target 66,000". */
function plannedLine({ planned, symbol }: TradeRow, digits: Digits): string {
  if (planned === undefined) return '';
  const { strategy, r, risk, stop, target } = planned;
  const [at, to] = [stop, target].map((level) => priceText(level, symbol, digits));
  return `\n  ${strategy}, ${rText(r)}; planned ${signedUsd(neg(risk))} at the stop ${at}, target ${to}`;
}

/** "+1.21 R" */
const rText = (r: Ratio): string => `${r > 0n ? '+' : ''}${toNumber(r).toFixed(2)} R`;

function tradeLines(each: TradeRow, digits: Digits): string {
  const { symbol, side, entryPrice, closePrice } = each;
  const end = each.liquidated ? ', liquidated' : '';
  const mark =
    each.costsUnknown === true ? ' before costs' : each.basisAssumed === true ? ' *' : '';
  const [opened, closed] = [entryPrice, closePrice].map((at) => priceText(at, symbol, digits));
  return (
    `${symbol} ${side} ${signedUsd(each.net)}${mark}${end}\n` +
    `  ${formatUtc(each.closedAt)}, held ${formatDuration(each.closedAt - each.openedAt)}; ` +
    `in ${opened}, out ${closed}; fees ${signedUsd(neg(each.fees))}, funding ${signedUsd(each.funding)}${plannedLine(each, digits)}${each.note === undefined ? '' : `\n  Note: ${each.note}`}`
  );
}

function coinLine(each: CoinResult): string {
  const both = each.longNet !== 0n && each.shortNet !== 0n;
  const sides = both
    ? ` (long ${signedUsd(each.longNet)}, short ${signedUsd(each.shortNet)})`
    : each.longNet !== 0n
      ? ' long'
      : ' short';
  return `${each.symbol}${both ? '' : sides} ${signedUsd(each.net)}: ${each.won} of ${each.closed} with a gain${both ? sides : ''}`;
}

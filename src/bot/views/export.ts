import { toText, type Money } from '../../domain/money/money.ts';
import type { TradeRow } from '../../app/views/read-trades.ts';

/** The columns of an export, in their order; amounts in USDT, times in UTC, exact decimal text. Unknown is empty. */
const COLUMNS: Readonly<Record<string, (trade: TradeRow) => string | Money | number | undefined>> =
  {
    closed: ({ closedAt }) => new Date(closedAt).toISOString(),
    opened: ({ openedAt }) => new Date(openedAt).toISOString(),
    minutes: ({ openedAt, closedAt }) => Math.round((closedAt - openedAt) / 60_000),
    symbol: ({ symbol }) => symbol,
    side: ({ side }) => side,
    quantity: ({ maxQty }) => maxQty,
    entry: ({ entryPrice }) => entryPrice,
    exit: ({ closePrice }) => closePrice,
    leverage: ({ leverage }) => leverage,
    gross: ({ gross }) => gross,
    fees: ({ fees, costsUnknown }) => (costsUnknown === true ? undefined : fees),
    funding: ({ funding, costsUnknown }) => (costsUnknown === true ? undefined : funding),
    net: ({ net }) => net,
    strategy: ({ planned }) => planned?.strategy,
    r: ({ planned }) => planned?.r,
    plannedRisk: ({ planned }) => planned?.risk,
    plannedStop: ({ planned }) => planned?.stop,
    plannedTarget: ({ planned }) => planned?.target,
    note: ({ note }) => note,
    liquidated: ({ liquidated }) => (liquidated ? 'yes' : 'no'),
    id: ({ id }) => id,
  };

type Row = Readonly<Record<string, string>>;

const rowOf = (trade: TradeRow): Row =>
  Object.fromEntries(
    Object.entries(COLUMNS).map(([name, value]) => {
      const found = value(trade);
      return [name, typeof found === 'bigint' ? toText(found) : String(found ?? '')];
    }),
  );

/** Closed positions as a table that every spreadsheet reads (RFC 4180), oldest first, with a line of names. */
export function tradesAsCsv(trades: readonly TradeRow[]): string {
  const rows = inOrder(trades).map((row) => Object.values(row).map(field).join(','));
  return [Object.keys(COLUMNS).join(','), ...rows, ''].join('\r\n');
}

/** The same as JSON: a list of objects whose figures are exact text. */
export const tradesAsJson = (trades: readonly TradeRow[]): string =>
  `${JSON.stringify(inOrder(trades), undefined, 1)}\n`;

const inOrder = (trades: readonly TradeRow[]): readonly Row[] =>
  trades.toSorted((one, other) => one.closedAt - other.closedAt).map(rowOf);

/** What a spreadsheet would take for a formula is marked as text. */
function field(value: string): string {
  const text = /^[=@\t\r]|^[+-](?!\d+(\.\d+)?$)/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import { abs, percent, type Price, type Ratio } from '../../domain/money/money.ts';
import { MOST_OWN_ALERTS, type OwnAlert, type OwnCondition } from '../../alerts/own-alert.ts';
import { readNumber } from '../../domain/words/read-number.ts';
import { DAY, HOUR, MINUTE } from '../../domain/time.ts';
import type { Ports } from '../ports/ports.ts';
import { didYouMean, resolveSymbol } from '../reading/resolve-symbol.ts';
import { typedPrice } from '../reading/typed-price.ts';

export { MOST_OWN_ALERTS } from '../../alerts/own-alert.ts';
export { ownConditionText } from '../../alerts/rules/own-alert.ts';

/** How /alert is written, for answers to what cannot be read. */
export const ALERT_FORM =
  'For example: /alert BTC 60000, /alert BTC -5 % 1h, /alert funding SOL 0.1 %. A last word "repeat" tells it each time. /alert lists, /alert delete 3 ends one.';

const UNITS: Readonly<Record<string, number>> = { m: MINUTE, min: MINUTE, h: HOUR, d: DAY };
const LEAST_WINDOW_MS = 5 * MINUTE;
const MOST_WINDOW_MS = 7 * DAY;
const LEAST_MOVE = percent('0.1');
const MOST_MOVE = percent('90');
const MOST_FUNDING = percent('10');

type Draft = Pick<OwnAlert, 'symbol' | 'condition' | 'repeat'>;

/** What was added or deleted, or a sentence on why nothing was changed. */
export type OwnChange =
  | { readonly added: OwnAlert; readonly mark?: Price }
  | { readonly deleted: OwnAlert }
  | { readonly refused: string };

type Doors = Pick<Ports, 'market' | 'ownAlerts' | 'clock'>;

/** What the words behind /alert ask for: one more own alert, or the end of one. Rejects where exchange or store do not answer. */
export async function changeOwnAlerts(ports: Doors, words: string): Promise<OwnChange> {
  const typed = words.trim().replaceAll(/\s+%/g, '%').split(/\s+/);
  const [first = ''] = typed;
  if (/^(delete|del|remove|off|end)$/i.test(first))
    return deleteOwn(ports, typed.slice(1).join(' '));
  const repeat = /^repeat$/i.test(typed.at(-1) ?? '');
  const rest = repeat || /^once$/i.test(typed.at(-1) ?? '') ? typed.slice(0, -1) : typed;
  const tickers = await ports.market.tickers();
  const marks = new Map(tickers.map(({ symbol, mark }) => [symbol, mark]));
  const draft = /^funding$/i.test(first)
    ? readFunding(rest.slice(1), marks)
    : readPriceOrMove(rest, marks);
  return typeof draft === 'string'
    ? { refused: draft }
    : addOwn(ports, { ...draft, repeat }, marks.get(draft.symbol));
}

async function addOwn(ports: Doors, draft: Draft, mark: Price | undefined): Promise<OwnChange> {
  let added: OwnAlert | undefined;
  await ports.ownAlerts.change((own) => {
    added = undefined;
    if (own.length >= MOST_OWN_ALERTS) return undefined;
    const used = new Set(own.map(({ id }) => id));
    let id = 1;
    while (used.has(id)) id += 1;
    added = { ...draft, id, madeAt: ports.clock.now(), told: 0 };
    return [...own, added].toSorted((a, b) => a.id - b.id);
  });
  if (added === undefined)
    return {
      refused: `There are ${MOST_OWN_ALERTS} already, and more are not watched. Delete one first: /alert lists them.`,
    };
  return { added, ...(mark === undefined ? {} : { mark }) };
}

async function deleteOwn(ports: Doors, typed: string): Promise<OwnChange> {
  const id = Number(/^#?(\d{1,3})$/.exec(typed)?.[1]);
  let deleted: OwnAlert | undefined;
  await ports.ownAlerts.change((own) => {
    deleted = own.find((each) => each.id === id);
    return deleted === undefined ? undefined : own.filter((each) => each.id !== id);
  });
  return deleted === undefined
    ? {
        refused: `There is no alert of yours "${typed.slice(0, 20)}". /alert lists them with their numbers.`,
      }
    : { deleted };
}

type Marks = ReadonlyMap<string, Price>;

function symbolOf(coin: string, marks: Marks): string | { readonly unknown: string } {
  const symbols = [...marks.keys()];
  const symbol = resolveSymbol(coin, symbols);
  if (symbol !== undefined) return symbol;
  const hint = didYouMean(coin, symbols);
  const meant = hint === undefined ? '' : ` ${hint}`;
  return { unknown: `I know no contract "${coin.slice(0, 20)}".${meant} ${ALERT_FORM}` };
}

function readPriceOrMove(
  [coin = '', value = '', ...more]: readonly string[],
  marks: Marks,
): Omit<Draft, 'repeat'> | string {
  if (coin === '' || value === '') return `Name a coin and a price or a move. ${ALERT_FORM}`;
  const symbol = symbolOf(coin, marks);
  if (typeof symbol !== 'string') return symbol.unknown;
  if (value.includes('%')) return readMove(symbol, value, more);
  const mark = marks.get(symbol);
  const price = typedPrice(value, mark);
  if (typeof price === 'string') return `${price} ${ALERT_FORM}`;
  if (more.length > 0)
    return `I do not know what "${more.join(' ').slice(0, 30)}" means here. ${ALERT_FORM}`;
  if (mark === undefined) return `The exchange gives no price of ${symbol} just now. Try again.`;
  if (price === mark) return `${symbol} is at that price now.`;
  return { symbol, condition: { kind: 'price', price, towards: price > mark ? 'up' : 'down' } };
}

function readMove(
  symbol: string,
  value: string,
  more: readonly string[],
): Omit<Draft, 'repeat'> | string {
  const share = shareOf(value);
  const windowMs = windowOf(more.join(''));
  if (share === undefined || abs(share) < LEAST_MOVE || abs(share) > MOST_MOVE)
    return `"${value.slice(0, 20)}" is not a move. Write it as -5 % or +3 %, from 0.1 % to 90 %. ${ALERT_FORM}`;
  if (windowMs === undefined)
    return `Say within what time, from 5m to 7d: /alert ${symbol} ${value.replace('%', ' %')} 1h.`;
  return { symbol, condition: { kind: 'move', share, windowMs } };
}

function readFunding(
  [coin = '', value = '', ...more]: readonly string[],
  marks: Marks,
): Omit<Draft, 'repeat'> | string {
  if (coin === '' || value === '' || more.length > 0)
    return `Write it as: /alert funding SOL 0.1 %. ${ALERT_FORM}`;
  const symbol = symbolOf(coin, marks);
  if (typeof symbol !== 'string') return symbol.unknown;
  const share = shareOf(value);
  if (share === undefined || share === 0n || abs(share) > MOST_FUNDING)
    return `"${value.slice(0, 20)}" is not a funding rate. Write it as 0.1 %, at most 10 %; with + or - only that side counts.`;
  const condition: OwnCondition = { kind: 'funding', share, signed: /^[+-]/.test(value) };
  return { symbol, condition };
}

/** "-5%", "0,1 %". */
function shareOf(typed: string): Ratio | undefined {
  const read = readNumber(typed.replace(/%$/, ''));
  if (read.kind === 'unreadable') return undefined;
  return percent(read.kind === 'number' ? read.text : read.smaller);
}

function windowOf(typed: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,4})(m|min|h|d)$/i.exec(typed) ?? [];
  const ms = Number(count) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  return ms >= LEAST_WINDOW_MS && ms <= MOST_WINDOW_MS ? ms : undefined;
}

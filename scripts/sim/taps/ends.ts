/** Whether each card ends in what the exchange says: what was told of it, beside the positions and orders that are there. Knows nothing of how Vigil does it. */
import type { Alert } from '../../../src/domain/alert.ts';
import { clientIdFor } from '../../../src/domain/order.ts';
import type { Proposal } from '../../../src/domain/proposal.ts';
import type { Truth } from '../../../test/app/vigil.ts';
import { figure, near, type Confirmed, type ShownCard } from './cards.ts';

export interface Ends {
  readonly confirmed: readonly Confirmed[];
  /** The account at the exchange from time to time, the end last. */
  readonly accounts: readonly Truth[];
  readonly alerts: readonly Alert[];
  readonly proposals: readonly Pick<Proposal, 'nonce' | 'clientId' | 'signal'>[];
  /** What each message with buttons says at the end, by what one of its buttons carried. */
  readonly last: ReadonlyMap<string, string>;
  /** What /positions says at the end. */
  readonly positions?: string;
}

/** One sentence for each card that ends in something else. */
export const judgeEnds = (ends: Ends): readonly string[] => [
  ...taken(ends).flatMap((each) => wrongEnd(each, ends)),
  ...ends.proposals.flatMap((each) => wrongSignal(each, ends)),
  ...wrongPositions(ends),
];

/** How many cards and signals have an end that is compared. */
export const endsOf = (ends: Ends): number => taken(ends).length + ends.proposals.length;

/** Each card once whose message says that it was confirmed: others were too old, or another one had taken their place. */
function taken({ confirmed, last }: Ends): readonly Confirmed[] {
  const seen = new Set<string>();
  return confirmed.filter(({ card: { confirm } }) => {
    if (seen.has(confirm) || !/^Confirmed\b/.test(last.get(confirm) ?? '')) return false;
    seen.add(confirm);
    return true;
  });
}

const idOf = ({ confirm }: ShownCard): string => confirm.slice(2);

function wrongEnd(one: Confirmed, ends: Ends): readonly string[] {
  const { card } = one;
  const id = idOf(card);
  const keys = [`manage:${id}`, `protect:${id}`, `flatten:${id}`];
  const told = ends.alerts.find(({ key }) => keys.includes(key));
  const why = endOf(one, told, ends);
  return why === undefined ? [] : [`"${card.text.split('\n')[0]}" (${id}): ${why}`];
}

/** It was sent and nobody could see what came of it: no claim, so nothing to be compared. */
const isOpen = ({ title }: Alert): boolean => /cannot see|Not finished/.test(title);
/** Less was closed than was shown, and the message says how much. */
const isInPart = ({ title }: Alert): boolean => title.includes('done in part,');
const isDone = ({ title }: Alert): boolean => /(?<!not )done,|a stop rests|^Done/.test(title);

function endOf(
  { card: { says, text, ...card }, seen }: Confirmed,
  told: Alert | undefined,
  { accounts, alerts }: Ends,
): string | undefined {
  const after = accounts.slice(seen);
  const before = accounts[seen - 1];
  switch (says.kind) {
    case 'part': {
      const filled = filledOf(accounts, clientIdFor('change', card.confirm.slice(2)));
      if (filled > says.qty && !near(filled, says.qty)) return `${filled} was closed`;
      if (filled === 0) {
        if (told !== undefined)
          return isDone(told) ? 'told as done, and nothing filled' : undefined;
        return isGone(says.symbol, before, after) ? undefined : 'nothing was told';
      }
      if (told !== undefined && !isInPart(told))
        return isOpen(told) ? undefined : 'told as not done, and it filled';
      const isTold = alerts.some(({ title }) => tellsOf(title, says.symbol, after));
      return isTold ? undefined : 'it filled, and no message says so';
    }
    case 'whole': {
      if (told !== undefined && isOpen(told)) return undefined;
      const open = (before?.positions ?? []).filter(
        ({ symbol }) => (says.symbol ?? symbol) === symbol,
      );
      const left = open.filter((each) => !isGone(each.symbol, before, after));
      if (told === undefined || isDone(told)) {
        return left.length === 0 ? undefined : `${left[0]?.symbol} is open and that is not told`;
      }
      return undefined;
    }
    case 'levels':
    case 'further on': {
      if (told === undefined) {
        return isGone(says.symbol, before, after) ? undefined : 'nothing was told';
      }
      if (!isDone(told)) return undefined;
      const levels = levelsIn(told);
      const rest = after.some((each) => levels.every((level) => restsIn(each, says, level)));
      return rest || isGone(says.symbol, before, after)
        ? undefined
        : `told as done with ${levels.join(', ')}, and that does not rest`;
    }
    default:
      return text.includes('ask you in') && told === undefined ? 'nothing was told' : undefined;
  }
}

/** Coins of an order that filled, by the id that it was given, also while the rest of it is open: the exchange lists the newest orders alone. */
function filledOf(accounts: readonly Truth[], clientId: string): number {
  const all = accounts.flatMap(({ orders, orderHistory }) => [...orders, ...orderHistory]);
  const own = all.filter((each) => each.clientId === clientId);
  return Math.max(0, ...own.map((each) => Number((each as { tradeQty?: string }).tradeQty ?? 0)));
}

/** Whether the position that was there before has closed since. */
function isGone(symbol: string, before: Truth | undefined, after: readonly Truth[]): boolean {
  const was = before?.positions.find((each) => each.symbol === symbol);
  return after.some(({ positions }) =>
    positions.every((each) => each.positionId !== was?.positionId),
  );
}

/** "BTCUSDT long partly closed: 0.01 of 0.02 left" where that much was left, or that it has closed. */
function tellsOf(title: string, symbol: string, after: readonly Truth[]): boolean {
  if (!title.includes(symbol)) return false;
  const [, left] = /partly closed: ([\d.,]+) of/.exec(title) ?? [];
  if (left === undefined) return title.includes('closed') && !title.includes('not done');
  return after.some(({ positions }) =>
    positions.some((each) => each.symbol === symbol && near(Number(each.qty), figure(left))),
  );
}

/** Prices that a message says rest now: "Stop resting at 64,000.", "... rests at 70,000". */
const levelsIn = ({ title, lines }: Alert): readonly number[] => {
  const text = [title, ...lines].join('\n');
  const named = [
    ...text.matchAll(/(?:rest(?:ing|s) at|moving its (?:stop|target) to) ([\d.,]*\d)/g),
  ];
  return named.map(([, each = '']) => figure(each));
};

const restsIn = (
  { tpsl }: Truth,
  { symbol }: { readonly symbol: string },
  level: number,
): boolean =>
  tpsl.some(
    (each) =>
      each.symbol === symbol &&
      [each.slPrice, each.tpPrice].some((price) => price !== null && near(Number(price), level)),
  );

/** What the message of a signal says at the end, beside the order that bears its id. */
function wrongSignal(
  { nonce, clientId, signal }: Ends['proposals'][number],
  { last, accounts }: Ends,
): readonly string[] {
  const text = last.get(`a:${nonce}`);
  // Never seen on the phone: nothing that could be approved.
  if (text === undefined) {
    return filledOf(accounts, clientId) === 0 ? [] : [`${signal.id} was bought and never shown`];
  }
  const filled = filledOf(accounts, clientId);
  const [head = ''] = text.split('\n');
  if (/Done|NOT FULLY PROTECTED/.test(head)) {
    if (filled === 0) return [`"${head}", and nothing filled`];
    const [, qty] = /[Oo]pen, ([\d.,]+) at/.exec(text) ?? [];
    return qty === undefined || near(figure(qty), filled)
      ? []
      : [`"${head}" says ${qty}, and ${filled} filled`];
  }
  return filled === 0 ? [] : [`"${head}", and ${filled} filled`];
}

/** Size and levels of each position as /positions shows them, beside those at the exchange. */
function wrongPositions({ positions: text, accounts }: Ends): readonly string[] {
  const end = accounts.at(-1);
  if (text === undefined || end === undefined) return [];
  const blocks = text.split(/\n(?=\w+ (?:long|short), )/);
  const listed = blocks.filter((each) => /^\w+ (?:long|short), /.test(each)).length;
  const more = listed > end.positions.length ? ['/positions lists one that is closed'] : [];
  const wrong = end.positions.flatMap(({ symbol, direction, qty, positionId }) => {
    const block = blocks.find((each) => each.startsWith(`${symbol} ${direction.toLowerCase()}, `));
    if (block === undefined) return [`/positions does not list ${symbol}`];
    const [, size = ''] = /Size ([\d.,]+)/.exec(block) ?? [];
    const [, stop] = /Stops? ([\d.,]*\d)/.exec(block) ?? [];
    const stops = end.tpsl.filter(
      (each) => each.positionId === positionId && each.slPrice !== null,
    );
    const isStop =
      stop === undefined
        ? stops.length === 0
        : stops.some(({ slPrice }) => near(Number(slPrice), figure(stop)));
    return near(figure(size), Number(qty)) && isStop
      ? []
      : [`/positions says of ${symbol}: size ${size} of ${qty}, stop ${stop ?? 'none'}`];
  });
  return [...more, ...wrong];
}

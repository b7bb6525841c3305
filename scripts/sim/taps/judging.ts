/** Whether all that was written had been shown and confirmed, once, and whether what was told is so. Knows nothing of how Vigil does it. */
import { toNumber, type Price, type Qty } from '../../../src/domain/money/money.ts';
import { clientIdFor } from '../../../src/domain/order.ts';
import type { Truth } from '../../../test/app/vigil.ts';
import { near, type Says, type ShownCard } from './cards.ts';
import { judgeEnds, type Ends } from './ends.ts';
import type { Write } from './stage.ts';

export interface Facts extends Ends {
  readonly shown: readonly ShownCard[];
  /** The account at the exchange from time to time, and how many requests had been written by then. */
  readonly accounts: readonly (Truth & { readonly writes: number })[];
  readonly writes: readonly Write[];
}

/** Cards are valid for five minutes; the clocks of both sides differ by less than this. */
const VALID_MS = 300_000 + 1_000;

/** One sentence for each thing that is not as it must be. */
export const judge = (facts: Facts): readonly string[] => [
  ...facts.writes.flatMap((write, index) => notShown(write, index, facts)),
  ...doubled(facts),
  ...opened(facts),
  ...naked(facts),
  ...untold(facts),
  ...judgeEnds(facts),
];

/** Whether the owner had confirmed a card that says so, in time, before it was written. */
function wasConfirmed({ confirmed }: Facts, index: number, fits: (says: Says) => boolean): boolean {
  return confirmed.some(
    ({ card, at, writes }) => writes <= index && at - card.at <= VALID_MS && fits(card.says),
  );
}

function notShown({ name, args }: Write, index: number, facts: Facts): readonly string[] {
  const of = (fits: (says: Says) => boolean, what: string): readonly string[] =>
    wasConfirmed(facts, index, fits) ? [] : [`write ${index}: ${what} was not shown and confirmed`];
  switch (name) {
    case 'reducePosition': {
      const { reduce } = args[0] as { reduce: { symbol: string; qty: Qty } };
      const qty = toNumber(reduce.qty);
      const fits = (says: Says): boolean =>
        says.kind === 'part' && says.symbol === reduce.symbol && near(says.qty, qty);
      return of(fits, `closing ${qty} of ${reduce.symbol}`);
    }
    case 'closePosition': {
      const { symbol, qty } = args[0] as { symbol: string; qty: Qty };
      const fits = (says: Says): boolean =>
        (says.kind === 'whole' && (says.symbol ?? symbol) === symbol) ||
        (says.kind === 'part' && says.symbol === symbol && near(says.qty, toNumber(qty)));
      return of(fits, `closing ${symbol}`);
    }
    case 'placePartial': {
      const [{ symbol }, { target }] = args as readonly [
        { symbol: string },
        { target: { price: Price; qty: Qty } },
      ];
      const [qty, price] = [toNumber(target.qty), toNumber(target.price)];
      const fits = (says: Says): boolean =>
        says.kind === 'further on' &&
        says.symbol === symbol &&
        near(says.qty, qty) &&
        near(says.target, price);
      return of(fits, `closing ${qty} of ${symbol} at ${price}`);
    }
    case 'placeProtection':
      return badLevels(args[0] as Levels, index, facts);
    case 'placeEntry': {
      const [entry, clientId] = args as readonly [Entry, string];
      return of((says) => isEntry(says, entry), `opening ${entry.symbol} by ${clientId}`);
    }
    default:
      return [];
  }
}

interface Entry {
  readonly symbol: string;
  readonly side: string;
  readonly qty: Qty;
  readonly stop: Price;
  readonly target: Price;
}

/** No more than was shown, with the levels that were shown. */
const isEntry = (says: Says, { symbol, side, qty, stop, target }: Entry): boolean =>
  says.kind === 'entry' &&
  says.symbol === symbol &&
  says.side === side &&
  (toNumber(qty) <= says.qty || near(toNumber(qty), says.qty)) &&
  near(says.stop, toNumber(stop)) &&
  near(says.target, toNumber(target));

interface Levels {
  readonly symbol: string;
  readonly positionId: string;
  readonly stop?: Price;
  readonly target?: Price;
}

/** A level is one that a card showed, one that rests anyway, or a step of a stop that follows: nearer than the one before. */
function badLevels(levels: Levels, index: number, facts: Facts): readonly string[] {
  const { symbol, positionId, stop, target } = levels;
  const before = facts.accounts.findLast((each) => each.writes <= index);
  const resting = (before?.tpsl ?? []).filter((each) => each.positionId === positionId);
  return [stop, target].flatMap((level, at) => {
    if (level === undefined) return [];
    const price = toNumber(level);
    const rests = resting.some(
      ({ slPrice, tpPrice }) => near(Number(slPrice), price) || near(Number(tpPrice), price),
    );
    const shown = wasConfirmed(
      facts,
      index,
      (says) =>
        says.kind === 'levels' &&
        says.symbol === symbol &&
        says.levels.some((each) => near(each, price)),
    );
    if (rests || shown || (at === 0 && isStep(levels, index, facts))) return [];
    return [`write ${index}: a level of ${symbol} at ${price} was not shown and confirmed`];
  });
}

/** A step of a stop that follows: its plan was confirmed, and it is nearer than all that was placed before. */
function isStep({ symbol, positionId, stop }: Levels, index: number, facts: Facts): boolean {
  const signed = facts.confirmed.some(
    ({ card, writes }) =>
      writes <= index && card.text.includes('follow the price') && card.text.includes(symbol),
  );
  const earlier = facts.writes
    .slice(0, index)
    .findLast(
      ({ name, args }) =>
        name === 'placeProtection' &&
        (args[0] as Levels).positionId === positionId &&
        (args[0] as Levels).stop !== undefined,
    );
  const was = earlier === undefined ? undefined : (earlier.args[0] as Levels).stop;
  const side = facts.accounts
    .flatMap((each) => each.positions)
    .find((each) => each.positionId === positionId)?.direction;
  if (!signed || stop === undefined) return false;
  return was === undefined || (side === 'LONG' ? stop >= was : stop <= was);
}

/** No order of Vigil's own is there twice, and no card closes a part twice. */
function doubled({ accounts, writes }: Facts): readonly string[] {
  const orders = new Map<string, Set<string>>();
  for (const { orderHistory } of accounts) {
    for (const each of orderHistory as readonly { clientId: string | null; orderId?: string }[]) {
      if (each.clientId === null || each.clientId === '') continue;
      const ids = orders.get(each.clientId) ?? new Set();
      orders.set(each.clientId, ids.add(String(each.orderId)));
    }
  }
  const sent = new Map<string, number>();
  for (const { name, args } of writes) {
    if (name !== 'reducePosition' && name !== 'placeEntry') continue;
    const clientId =
      name === 'placeEntry' ? (args[1] as string) : (args[0] as { clientId: string }).clientId;
    sent.set(clientId, (sent.get(clientId) ?? 0) + 1);
  }
  return [
    ...[...orders].filter(([, ids]) => ids.size > 1).map(([id]) => `order ${id} is there twice`),
    ...[...sent]
      .filter(([, times]) => times > 1)
      .map(([id, times]) => `${id} was sent ${times} times`),
  ];
}

/** A position neither grows nor turns; a new one is there by hand or by a signal that was confirmed. */
function opened({ accounts, confirmed }: Facts): readonly string[] {
  const byHand = new Set(['BTCUSDT', 'ETHUSDT', 'SOLUSDT']);
  const sizes = new Map<string, { qty: number; direction: string }>();
  return accounts.flatMap(({ positions, writes }) =>
    positions.flatMap(({ positionId, symbol, direction, qty }) => {
      const was = sizes.get(positionId);
      sizes.set(positionId, { qty: Number(qty), direction });
      if (was === undefined) {
        const signed = confirmed.some(
          ({ card: { says } }) => says.kind === 'entry' && says.symbol === symbol,
        );
        return byHand.has(symbol) || signed ? [] : [`${symbol} was opened by write ${writes}`];
      }
      if (was.direction !== direction) return [`${symbol} turned by write ${writes}`];
      return Number(qty) > was.qty ? [`${symbol} grew to ${qty} by write ${writes}`] : [];
    }),
  );
}

/** A position that had a stop has one as long as it is open. */
function naked({ accounts }: Facts): readonly string[] {
  const covered = new Set<string>();
  return accounts.flatMap(({ positions, tpsl, writes }) =>
    positions.flatMap(({ positionId, symbol }) => {
      const has = tpsl.some((each) => each.positionId === positionId && each.slPrice !== null);
      if (has) covered.add(positionId);
      return !has && covered.delete(positionId)
        ? [`${symbol} lost its stop by write ${writes}`]
        : [];
    }),
  );
}

/** What was confirmed in time is told: done, not done, or not known; and what is called not done is not done. */
function untold({ confirmed, alerts, accounts }: Facts): readonly string[] {
  const orders = accounts.flatMap((each) => each.orderHistory);
  const seen = new Set<string>();
  return confirmed.flatMap(({ card, at }) => {
    const id = card.confirm.slice(2);
    if (seen.has(id) || at - card.at > VALID_MS || card.says.kind === 'other') return [];
    seen.add(id);
    const titles = alerts.filter(({ key }) => key === `manage:${id}`).map(({ title }) => title);
    const clientId = clientIdFor('change', id);
    const filled = orders.some(
      (each) =>
        each.clientId === clientId && Number((each as { tradeQty?: string }).tradeQty ?? 0) > 0,
    );
    return filled && titles.some((each) => each.includes('not done'))
      ? [`"${card.text.split('\n')[0]}" is called not done and was filled`]
      : [];
  });
}

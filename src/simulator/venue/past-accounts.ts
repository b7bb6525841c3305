import { emptyLists, type Account, type Tpsl } from './engine/account.ts';

interface Note {
  readonly time: number;
  readonly account: Account;
}

const MOST_NOTES = 100;

/** What accounts looked like after each of their last changes, for lists that lag. */
export class PastAccounts {
  readonly #notes = new Map<string, Note[]>();

  /** Keeps the account as it is now. */
  note(account: Account, time: number): void {
    const notes = this.#notes.get(account.uid) ?? [];
    notes.push({ time, account: copyOf(account) });
    if (notes.length > MOST_NOTES) notes.shift();
    this.#notes.set(account.uid, notes);
  }

  /** The account as it was at `time`; as it first was where that is longer ago than what is kept. */
  asOf(account: Account, time: number): Account {
    const notes = this.#notes.get(account.uid) ?? [];
    return (notes.findLast((each) => each.time <= time) ?? notes[0])?.account ?? account;
  }
}

/** The account as it is at this moment; what changes afterwards does not change it. Ids stay burnt in both. */
export const copyOf = (account: Account): Account => ({
  ...account,
  settings: entriesOf(account.settings, (each) => ({ ...each })),
  positions: entriesOf(account.positions, (each) => ({ ...each })),
  orders: entriesOf(account.orders, (each) => ({ ...each })),
  tpsl: entriesOf(account.tpsl, withLegs),
  orderHistory: [...account.orderHistory],
  positionHistory: [...account.positionHistory],
  tpslHistory: [...account.tpslHistory],
  trades: [...account.trades],
});

const entriesOf = <T>(map: ReadonlyMap<string, T>, copy: (each: T) => T): Map<string, T> =>
  new Map([...map].map(([id, each]) => [id, copy(each)]));

const withLegs = (tpsl: Tpsl): Tpsl => ({
  ...tpsl,
  tp: tpsl.tp === undefined ? undefined : { ...tpsl.tp },
  sl: tpsl.sl === undefined ? undefined : { ...tpsl.sl },
});

/** The account with nothing in any of its lists; its money is untouched. */
export const emptied = (account: Account): Account => ({ ...account, ...emptyLists() });

import type { CandleColumns } from '../candles/candle-columns.ts';
import { bracketExit, type Bracket, type ExitReason } from '../trade/fills.ts';
import type { ReversionColumns } from './reversion-columns.ts';
import { widen, type Excursion } from '../trade/trade.ts';

export interface ReversionRule {
  readonly rsiBelow: number;
  /** Fractions of the entry price. */
  readonly stop: number;
  readonly target: number;
  /** Quote currency a trade. */
  readonly notional: number;
  /** Fraction of notional, paid on both legs. */
  readonly takerFee: number;
}

/** What becomes of the entries after the rows of `below` under one rule. A place is an index of `below`. */
export interface Entries {
  /** Where the entry of that place stands in the three columns, which hold nothing else until they are asked for. */
  look(place: number): number;
  /** First place whose row is not before that of the exit: the next that can be entered. */
  readonly next: Int32Array;
  /** After fees, in quote currency. */
  readonly pnl: Float64Array;
  /** The same in parts of what the stop would have cost with fees. */
  readonly inR: Float64Array;
  /** What the stop would have cost with fees. */
  risk(place: number): number;
  exit(place: number): ReversionExit;
  /** From the entry to the exit, both prices included. */
  excursion(place: number): Excursion;
}

export interface ReversionExit {
  readonly row: number;
  readonly price: number;
  readonly reason: ExitReason;
}

/** The fees of both legs. */
export const feesOf = (
  { takerFee, notional }: ReversionRule,
  quantity: number,
  exitPrice: number,
): number => takerFee * (notional + quantity * exitPrice);

/**
 * What is known so far, rule after rule: the entry of place p under rule r is in `r * places + p`. Together, because hundreds of
 * small arrays cost more than the search.
 */
interface Known {
  readonly places: number;
  /** The row that reaches stop or target, the number of rows where none does; 0 where nobody has asked, as no entry ends there. */
  readonly rows: Int32Array;
  readonly next: Int32Array;
  readonly pnl: Float64Array;
  readonly inR: Float64Array;
}

/**
 * The entries of each rule, by its index. All stops and targets of the rules are looked for together, in one pass from an entry
 * that skips every block of rows within which the nearest stop and the nearest target that are left are not touched.
 */
export function createEntries(
  columns: ReversionColumns,
  rules: readonly ReversionRule[],
): (index: number) => Entries {
  const places = columns.below.length;
  const size = rules.length * places;
  const known: Known = {
    places,
    rows: new Int32Array(size),
    next: new Int32Array(size),
    pnl: new Float64Array(size),
    inR: new Float64Array(size),
  };
  const search = createSearch(columns, rules, known);
  const all = rules.map((rule, index) =>
    entriesOf(columns, { rule, known, first: index * places }, search),
  );
  return (index) => {
    const entries = all[index];
    if (entries === undefined) throw new RangeError(`there is no rule ${index}`);
    return entries;
  };
}

interface Own {
  readonly rule: ReversionRule;
  readonly known: Known;
  /** Where the rule's part of what is known begins. */
  readonly first: number;
}

function entriesOf(
  { candles, below, blocks: { bits, lowest, highest } }: ReversionColumns,
  { rule, known, first }: Own,
  search: (place: number) => void,
): Entries {
  const { rows, next, pnl, inR } = known;
  const inside = (1 << bits) - 1;
  const priceOf = (place: number): number => candles.open[(below[place] ?? NaN) + 1] ?? NaN;

  function exit(place: number): ReversionExit {
    const at = look(place);
    return exitIn(rows[at] ?? NaN, candles, bracketOf(rule, priceOf(place)));
  }

  function risk(place: number): number {
    const entryPrice = priceOf(place);
    const quantity = rule.notional / entryPrice;
    const { stop } = bracketOf(rule, entryPrice);
    return quantity * (entryPrice - stop) + feesOf(rule, quantity, stop);
  }

  /** Works out everything about an entry at the first question. */
  function look(place: number): number {
    const at = first + place;
    if ((next[at] ?? 0) > 0) return at;
    if (rows[at] === 0) search(place);
    const end = rows[at] ?? NaN;
    let later = place + 1;
    while (later < below.length && (below[later] ?? NaN) < end) later += 1;
    next[at] = later;
    const entryPrice = priceOf(place);
    const quantity = rule.notional / entryPrice;
    const { price } = exit(place);
    const earned = quantity * (price - entryPrice) - feesOf(rule, quantity, price);
    pnl[at] = earned;
    inR[at] = earned / risk(place);
    return at;
  }

  function excursion(place: number): Excursion {
    const { price } = exit(place);
    const end = rows[look(place)] ?? NaN;
    const worst = Math.min(priceOf(place), price);
    const found = { worst, best: Math.max(priceOf(place), price) };
    // The candle it ends in counts no further than the exit.
    let row = (below[place] ?? NaN) + 1;
    while (row < end) {
      const whole = (row & inside) === 0 && row + inside < end;
      const bottom = whole ? lowest[row >> bits] : candles.low[row];
      const top = whole ? highest[row >> bits] : candles.high[row];
      widen(found, bottom ?? NaN, top ?? NaN);
      row += whole ? inside + 1 : 1;
    }
    return found;
  }

  return { look, next, pnl, inR, risk, exit, excursion };
}

const bracketOf = ({ stop, target }: ReversionRule, price: number): Bracket => ({
  side: 'long',
  stop: price * (1 - stop),
  target: price * (1 + target),
});

/** The exit in a row that touches the bracket, or at the last close when the row is none. */
function exitIn(
  row: number,
  { open, high, low, close, length }: CandleColumns,
  bracket: Bracket,
): ReversionExit {
  if (row === length) return { row: row - 1, price: close[row - 1] ?? NaN, reason: 'end' };
  const span = { open: open[row] ?? NaN, high: high[row] ?? NaN, low: low[row] ?? NaN };
  const touch = bracketExit(bracket, span);
  if (touch === undefined) throw new Error(`row ${row} touches neither stop nor target`);
  return { row, price: touch.price, reason: touch.reason };
}

/** Fills in where the entry of a place ends, for every rule. */
function createSearch(
  { candles, below, blocks }: ReversionColumns,
  rules: readonly ReversionRule[],
  known: Known,
): (place: number) => void {
  const { open, low, high, length } = candles;
  const { bits, lowest, highest } = blocks;
  const inside = (1 << bits) - 1;
  const brackets = createBrackets(rules, known);

  return (place) => {
    let row = (below[place] ?? NaN) + 1;
    brackets.start(place, open[row] ?? NaN);
    let stop = brackets.nearestStop();
    let target = brackets.nearestTarget();
    while (row < length) {
      if ((row & inside) === 0) {
        const block = row >> bits;
        if ((lowest[block] ?? NaN) > stop && (highest[block] ?? NaN) < target) {
          row += inside + 1;
          continue;
        }
      }
      const bottom = low[row] ?? NaN;
      const top = high[row] ?? NaN;
      if (bottom <= stop || top >= target) {
        brackets.touch(row, bottom, top);
        if (brackets.left() === 0) return;
        stop = brackets.nearestStop();
        target = brackets.nearestTarget();
      }
      row += 1;
    }
    brackets.touch(length, -Infinity, Infinity);
  };
}

/** The stops and targets of one entry that nothing has touched yet. */
interface Brackets {
  start(place: number, price: number): void;
  nearestStop(): number;
  nearestTarget(): number;
  /** How many are left. */
  left(): number;
  /** Ends those that a row reaches with its lowest and highest price. */
  touch(row: number, bottom: number, top: number): void;
}

function createBrackets(rules: readonly ReversionRule[], known: Known): Brackets {
  const stops = new Float64Array(rules.length);
  const targets = new Float64Array(rules.length);
  const waiting = new Int32Array(rules.length);
  /** Nearest stop and target. A typed array, because a number that a closure changes is allocated anew each time. */
  const nearest = new Float64Array(2);
  let count = 0;
  let entered = 0;

  function keep(each: number): void {
    waiting[count] = each;
    count += 1;
    nearest[0] = Math.max(nearest[0] ?? NaN, stops[each] ?? NaN);
    nearest[1] = Math.min(nearest[1] ?? NaN, targets[each] ?? NaN);
  }

  function forget(): void {
    count = 0;
    nearest[0] = -Infinity;
    nearest[1] = Infinity;
  }

  return {
    start(place, price) {
      entered = place;
      forget();
      for (const [each, { stop, target }] of rules.entries()) {
        stops[each] = price * (1 - stop);
        targets[each] = price * (1 + target);
        keep(each);
      }
    },
    nearestStop: () => nearest[0] ?? NaN,
    nearestTarget: () => nearest[1] ?? NaN,
    left: () => count,
    touch(row, bottom, top) {
      const before = count;
      forget();
      for (let index = 0; index < before; index += 1) {
        const each = waiting[index] ?? NaN;
        if (bottom > (stops[each] ?? NaN) && top < (targets[each] ?? NaN)) {
          keep(each);
        } else {
          known.rows[each * known.places + entered] = row;
        }
      }
    },
  };
}

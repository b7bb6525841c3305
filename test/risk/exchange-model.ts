import {
  add,
  divideBy,
  mulDiv,
  neg,
  notionalOf,
  ONE_RATIO,
  scaleBy,
  sub,
  sumUsd,
  toText,
  usd,
  ZERO_USD,
  price,
  qty,
  ratio,
  type Price,
  type Qty,
  type Usd,
} from '../../src/domain/money/money.ts';
import type { Account } from '../../src/domain/account.ts';
import type { Fill } from '../../src/domain/order.ts';
import { type ClosedPosition, type Position, type Side } from '../../src/domain/position.ts';
import { account, closed, position } from './fixtures.ts';

const FEE = ratio('0.0006');

const OTHER = { buy: 'sell', sell: 'buy' } as const;

interface Held {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  qty: Qty;
  maxQty: Qty;
  cost: Usd;
  realisedGross: Usd;
  fees: Usd;
  funding: Usd;
  readonly openedAt: number;
}

/** An exchange's books to the last digit, both sides of a hedge apart: wallet, positions, fills and history. */
export class ExchangeModel {
  now: number;
  wallet: Usd;
  readonly closingSide: 'action' | 'requested';
  readonly fills: Fill[] = [];
  readonly closed: ClosedPosition[] = [];
  readonly marks = new Map<string, Price>();
  readonly #held = new Map<string, Held>();
  #count = 0;

  /** `closingSide`: how a fill that closes is printed, as what was done or with the position's side. */
  constructor(now: number, wallet: string, closingSide: 'action' | 'requested' = 'action') {
    this.closingSide = closingSide;
    this.now = now;
    this.wallet = usd(wallet);
  }

  /** Opens or adds. */
  buyIn(symbol: string, side: Side, amount: Qty): void {
    const key = `${symbol}:${side}`;
    this.#count += 1;
    const held = this.#held.get(key) ?? {
      id: `p${this.#count}`,
      symbol,
      side,
      qty: 0n as Qty,
      maxQty: 0n as Qty,
      cost: ZERO_USD,
      realisedGross: ZERO_USD,
      fees: ZERO_USD,
      funding: ZERO_USD,
      openedAt: this.now,
    };
    this.#held.set(key, held);
    this.#fill(held, amount, side === 'long' ? 'buy' : 'sell');
    held.cost = add(held.cost, notionalOf(this.#mark(symbol), amount, 'half-even'));
    held.qty = add(held.qty, amount);
    held.maxQty = held.qty;
  }

  /** Closes that share of a position, in tenths; ten closes it whole. */
  close(symbol: string, side: Side, tenths: number): void {
    const key = `${symbol}:${side}`;
    const held = this.#held.get(key);
    if (held === undefined) return;
    const amount =
      tenths === 10 ? held.qty : divideBy((held.qty * BigInt(tenths)) as Qty, 10, 'down');
    const cost = mulDiv(held.cost, amount, { c: held.qty, rounding: 'half-even' }) as Usd;
    const value = notionalOf(this.#mark(symbol), amount, 'half-even');
    const gross = side === 'long' ? sub(value, cost) : sub(cost, value);
    this.#fill(held, amount, side === 'long' ? 'sell' : 'buy', gross);
    held.realisedGross = add(held.realisedGross, gross);
    this.wallet = add(this.wallet, gross);
    held.cost = sub(held.cost, cost);
    held.qty = sub(held.qty, amount);
    if (held.qty > 0n) return;
    this.#held.delete(key);
    this.closed.push(this.#closedOf(held));
  }

  fund(symbol: string, side: Side, amount: Usd): void {
    const held = this.#held.get(`${symbol}:${side}`);
    if (held === undefined) return;
    held.funding = add(held.funding, amount);
    this.wallet = add(this.wallet, amount);
  }

  /** Pays in, or out when negative. */
  pay(amount: Usd): void {
    this.wallet = add(this.wallet, amount);
  }

  positions(): readonly Position[] {
    return [...this.#held.values()].map((held) =>
      position({
        ...held,
        entryPrice: mulDiv(held.cost, ONE_RATIO, { c: held.qty, rounding: 'half-even' }) as Price,
        unrealisedPnl: this.#open(held),
      }),
    );
  }

  account(): Account {
    const open = sumUsd([...this.#held.values()].map((held) => this.#open(held)));
    return account({ available: this.wallet, unrealisedPnl: open, at: this.now });
  }

  #mark(symbol: string): Price {
    return this.marks.get(symbol) ?? price('100');
  }

  #open(held: Held): Usd {
    const value = notionalOf(this.#mark(held.symbol), held.qty, 'half-even');
    return held.side === 'long' ? sub(value, held.cost) : sub(held.cost, value);
  }

  #fill(held: Held, amount: Qty, side: Fill['side'], gross = ZERO_USD): void {
    const at = this.#mark(held.symbol);
    const fee = scaleBy(notionalOf(at, amount, 'half-even'), FEE, 'up');
    held.fees = add(held.fees, fee);
    this.wallet = add(this.wallet, neg(fee));
    const id = `f${this.fills.length}`;
    const reduceOnly = (side === 'buy') !== (held.side === 'long');
    const printed = reduceOnly && this.closingSide === 'requested' ? OTHER[side] : side;
    const base = { id, orderId: id, symbol: held.symbol, side: printed, price: at, qty: amount };
    const kind = { reduceOnly, positionMode: 'hedge', role: 'taker', at: this.now } as const;
    this.fills.push({ ...base, fee, realisedGross: gross, ...kind });
  }

  #closedOf(held: Held): ClosedPosition {
    const net = sub(add(held.realisedGross, held.funding), held.fees);
    return closed(held.id, toText(net), {
      symbol: held.symbol,
      side: held.side,
      maxQty: held.maxQty,
      fees: held.fees,
      funding: held.funding,
      gross: held.realisedGross,
      closePrice: this.#mark(held.symbol),
      openedAt: held.openedAt,
      closedAt: this.now,
    });
  }
}

export const amountOf = (units: number): Qty => qty(String(units / 10));

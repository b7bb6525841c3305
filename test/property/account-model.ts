import type { Account } from '../../src/domain/account.ts';
import { price, qty, toNumber, usd, ZERO_USD, type Usd } from '../../src/domain/money/money.ts';
import type { Position, ProtectiveOrder, Side } from '../../src/domain/position.ts';
import type { ApprovedEntry } from '../../src/risk/gate/gate.ts';
import type { InFlightEntry } from '../../src/risk/gate/gate-facts.ts';

/** What every market fill costs, as fractions. */
export interface ModelCosts {
  readonly fee: number;
  readonly slippage: number;
}

interface Held {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly fill: number;
  readonly stop: number;
  readonly target: number;
  readonly openedAt: number;
  readonly leverage: number;
  qty: number;
  mark: number;
}

/** Of an order that a person places at the exchange. */
export type ByHand = Pick<Held, 'symbol' | 'side' | 'stop' | 'target' | 'qty' | 'leverage'> & {
  readonly entry: number;
};

const sign = (side: Side): 1 | -1 => (side === 'long' ? 1 : -1);
const asUsd = (value: number): Usd => usd(value.toFixed(12));

/**
 * An account whose market orders fill exactly as badly as the limits assume, kept in plain numbers with formulas of its own, so
 * that it shares no mistake with what it judges.
 */
export class AccountModel {
  wallet: number;
  readonly #costs: ModelCosts;
  readonly #held = new Map<string, Held>();
  readonly #onTheWay: ApprovedEntry[] = [];
  #opened = 0;

  constructor(wallet: number, costs: ModelCosts) {
    this.wallet = wallet;
    this.#costs = costs;
  }

  get ids(): readonly string[] {
    return [...this.#held.keys()];
  }

  get equity(): number {
    return [...this.#held.values()].reduce((sum, each) => sum + this.#open(each), this.wallet);
  }

  /** Equity if everything that is open, or on its way, ended at its stop now. */
  get worst(): number {
    const wallet = [...this.#held.values()].reduce(
      (sum, each) => sum + this.#endOf(each, each.stop, each.qty),
      this.wallet,
    );
    return this.#onTheWay.reduce((sum, entry) => {
      const held = this.#filled(entry, 0);
      return sum - this.#feeOf(held.fill, held.qty) + this.#endOf(held, held.stop, held.qty);
    }, wallet);
  }

  send(entry: ApprovedEntry): void {
    this.#onTheWay.push(entry);
  }

  /** The oldest entry on its way is filled. */
  land(at: number): void {
    const entry = this.#onTheWay.shift();
    if (entry !== undefined) this.#add(this.#filled(entry, at));
  }

  openByHand(by: ByHand, at: number): void {
    const { entry, ...rest } = by;
    const fill = entry * (1 + sign(by.side) * this.#costs.slippage);
    this.#add({ ...rest, id: this.#nextId(), fill, mark: entry, openedAt: at });
  }

  /** Moves the mark of a position to a place between its stop (0) and its target (1). */
  move(id: string, share: number): void {
    const held = this.#held.get(id);
    if (held !== undefined) held.mark = held.stop + (held.target - held.stop) * share;
  }

  stopOut(id: string): void {
    const held = this.#held.get(id);
    if (held !== undefined) this.#close(held, held.stop, held.qty);
  }

  /** A market close of a share of the position at its mark price. */
  close(id: string, share: number): void {
    const held = this.#held.get(id);
    if (held !== undefined) this.#close(held, held.mark, held.qty * Math.min(1, share));
  }

  /** Funding of the position's value; a positive rate is paid. */
  fund(id: string, rate: number): void {
    const held = this.#held.get(id);
    if (held !== undefined) this.wallet -= held.mark * held.qty * rate;
  }

  account(at: number): Account {
    const margin = this.positions(at).reduce((sum, each) => sum + toNumber(each.margin), 0);
    return {
      marginCoin: 'USDT',
      available: asUsd(this.wallet - margin),
      frozen: ZERO_USD,
      margin: asUsd(margin),
      unrealisedPnl: asUsd(this.equity - this.wallet),
      bonus: ZERO_USD,
      positionMode: 'hedge',
      at,
    };
  }

  positions(at: number): Position[] {
    return [...this.#held.values()].map((held) => ({
      id: held.id,
      symbol: held.symbol,
      side: held.side,
      qty: qty(held.qty.toFixed(12)),
      entryPrice: price(held.fill.toFixed(12)),
      leverage: held.leverage,
      marginMode: 'isolated',
      margin: asUsd((held.fill * held.qty) / held.leverage),
      unrealisedPnl: asUsd(this.#open(held)),
      realisedGross: ZERO_USD,
      fees: ZERO_USD,
      funding: ZERO_USD,
      openedAt: held.openedAt,
      updatedAt: at,
    }));
  }

  protections(): ProtectiveOrder[] {
    return [...this.#held.values()].map(({ id, symbol, stop, target }) => ({
      id: `s-${id}`,
      positionId: id,
      symbol,
      stopPrice: price(stop.toFixed(12)),
      targetPrice: price(target.toFixed(12)),
    }));
  }

  onTheWay(): InFlightEntry[] {
    return this.#onTheWay.map(({ symbol, side, category, plan }) => ({
      symbol,
      side,
      category,
      entry: plan.entry,
      qty: plan.qty,
      risk: plan.risk,
      margin: plan.margin,
    }));
  }

  #nextId(): string {
    this.#opened += 1;
    return `p${this.#opened}`;
  }

  #filled(entry: ApprovedEntry, at: number): Held {
    const { symbol, side, leverage } = entry;
    const mark = toNumber(entry.referencePrice);
    return {
      id: at === 0 ? '' : this.#nextId(),
      symbol,
      side,
      leverage,
      mark,
      fill: mark * (1 + sign(side) * this.#costs.slippage),
      stop: toNumber(entry.stop),
      target: toNumber(entry.target),
      qty: toNumber(entry.qty),
      openedAt: at,
    };
  }

  #add(held: Held): void {
    this.wallet -= this.#feeOf(held.fill, held.qty);
    this.#held.set(held.id, held);
  }

  #close(held: Held, at: number, amount: number): void {
    this.wallet += this.#endOf(held, at, amount);
    held.qty -= amount;
    if (held.qty < 1e-9) this.#held.delete(held.id);
  }

  #open({ side, fill, mark, qty: size }: Held): number {
    return sign(side) * (mark - fill) * size;
  }

  /** What leaving at that price brings: the price difference, worsened, less the fee. All are isolated: the margin bounds the loss. */
  #endOf({ side, fill, leverage }: Held, at: number, amount: number): number {
    const exit = at * (1 - sign(side) * this.#costs.slippage);
    const moved = sign(side) * (exit - fill) * amount - this.#feeOf(exit, amount);
    const margin = (fill * amount) / leverage;
    return Math.max(moved, -margin - this.#feeOf(fill, amount));
  }

  #feeOf(at: number, amount: number): number {
    return at * amount * this.#costs.fee;
  }
}

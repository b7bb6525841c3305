import type { Account } from '../../src/domain/account.ts';
import {
  add,
  notionalOf,
  scaleBy,
  sub,
  sumUsd,
  usd,
  ZERO_USD,
  type Price,
  type Usd,
} from '../../src/domain/money.ts';
import { pnlOf, type Position, type ProtectiveOrder } from '../../src/domain/position.ts';
import { entryFill, exitFill } from '../../src/risk/costs.ts';
import type { ApprovedEntry } from '../../src/risk/gate.ts';
import type { RiskLimits } from '../../src/risk/limits.ts';
import { NOW } from '../risk/fixtures.ts';

interface Held {
  readonly entry: ApprovedEntry;
  readonly id: string;
  readonly fill: Price;
  readonly margin: Usd;
  mark: Price;
}

/** An account whose market orders fill exactly as badly as the limits assume, kept with its own bookkeeping. */
export class AccountModel {
  readonly #limits: RiskLimits;
  readonly #held = new Map<string, Held>();
  #wallet: Usd;
  #opened = 0;

  constructor(wallet: Usd, limits: RiskLimits) {
    this.#wallet = wallet;
    this.#limits = limits;
  }

  get ids(): readonly string[] {
    return [...this.#held.keys()];
  }

  open(entry: ApprovedEntry): void {
    this.#opened += 1;
    const id = `p${this.#opened}`;
    const fill = entryFill(entry.referencePrice, entry.side, this.#limits.slippage);
    this.#pay(fill, entry);
    this.#held.set(id, { id, entry, fill, margin: entry.plan.margin, mark: entry.referencePrice });
  }

  /** Moves the mark of a position to a place between its stop (0) and its target (1). */
  move(id: string, share: number): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    const { stop, target } = held.entry;
    const span = target - stop;
    held.mark = (stop + (span * BigInt(Math.round(share * 1_000_000))) / 1_000_000n) as Price;
  }

  /** The stop fills at its price, worsened by the assumed slippage. */
  stopOut(id: string): void {
    const held = this.#held.get(id);
    if (held !== undefined) this.#close(held, held.entry.stop);
  }

  /** A market close at the mark price. */
  close(id: string): void {
    const held = this.#held.get(id);
    if (held !== undefined) this.#close(held, held.mark);
  }

  account(at = NOW): Account {
    const margin = sumUsd([...this.#held.values()].map((held) => held.margin));
    return {
      marginCoin: 'USDT',
      available: sub(this.#wallet, margin),
      frozen: ZERO_USD,
      margin,
      unrealisedPnl: sumUsd(this.positions().map((each) => each.unrealisedPnl)),
      bonus: usd('0'),
      positionMode: 'hedge',
      at,
    };
  }

  positions(): Position[] {
    return [...this.#held.values()].map(({ id, entry, fill, margin, mark }) => ({
      id,
      symbol: entry.symbol,
      side: entry.side,
      qty: entry.qty,
      entryPrice: fill,
      leverage: entry.leverage,
      marginMode: 'isolated',
      margin,
      unrealisedPnl: pnlOf({ side: entry.side, qty: entry.qty }, { entry: fill, exit: mark }),
      realisedGross: ZERO_USD,
      fees: ZERO_USD,
      funding: ZERO_USD,
      openedAt: NOW,
      updatedAt: NOW,
    }));
  }

  protections(): ProtectiveOrder[] {
    return [...this.#held.values()].map(({ id, entry }) => ({
      id: `s-${id}`,
      positionId: id,
      symbol: entry.symbol,
      stopPrice: entry.stop,
      targetPrice: entry.target,
    }));
  }

  #close(held: Held, at: Price): void {
    const exit = exitFill(at, held.entry.side, this.#limits.slippage);
    this.#wallet = add(this.#wallet, pnlOf(held.entry, { entry: held.fill, exit }));
    this.#pay(exit, held.entry);
    this.#held.delete(held.id);
  }

  #pay(at: Price, entry: ApprovedEntry): void {
    const fee = scaleBy(notionalOf(at, entry.qty, 'up'), this.#limits.takerFee, 'up');
    this.#wallet = sub(this.#wallet, fee);
  }
}

import { fromTicks, type Dec } from '../decimal.ts';
import type { Market } from '../market/market.ts';
import type { Quirks } from '../quirks.ts';
import type { Account, AccountEvent } from './account.ts';
import { bookMoney } from './orders/book.ts';
import type { EngineContext, EngineFaults, IdCounters } from './context.ts';
import { continueMarketOrders } from './orders/place-order.ts';
import { activeIndexes, serveHere, walk, walkTo } from './orders/walk.ts';

export interface EngineOptions {
  readonly market: Market;
  readonly quirks: Quirks;
  readonly faults: EngineFaults;
  readonly time: number;
  readonly accounts: readonly Account[];
  readonly ids?: IdCounters;
  /** Hears every account event, in order. */
  readonly onEvent: (account: Account, event: AccountEvent) => void;
}

/** The matching engine: accounts that live through a market, one moment after the other. */
export class Engine {
  readonly ctx: EngineContext;
  readonly accounts: Account[];
  readonly #agenda: { readonly time: number; readonly run: () => void }[] = [];
  /** Grows with everything that changes an account: tells whether there is something to save. */
  version = 0;

  constructor(options: EngineOptions) {
    this.accounts = [...options.accounts];
    this.ctx = {
      market: options.market,
      quirks: options.quirks,
      faults: options.faults,
      ids: options.ids ?? { order: 0, position: 0, tpsl: 0, trade: 0 },
      cursors: new Map(),
      time: options.time,
      behindGap: false,
      emit: (account, event) => {
        this.version += 1;
        options.onEvent(account, event);
      },
    };
  }

  /** Lives through everything up to the given venue time, with what was put on the agenda in between. */
  advance(to: number): void {
    for (;;) {
      const next = this.#agenda[0];
      if (next === undefined || next.time > to) break;
      this.#agenda.shift();
      this.#live(next.time);
      next.run();
    }
    this.#live(to);
  }

  /** Has something done when venue time comes to that moment. */
  at(time: number, run: () => void): void {
    this.#agenda.push({ time, run });
    this.#agenda.sort((a, b) => a.time - b.time);
  }

  #live(to: number): void {
    if (to <= this.ctx.time) return;
    for (const account of this.accounts) continueMarketOrders({ ctx: this.ctx, account });
    walk(this.ctx, this.accounts, to);
  }

  /** Multiplies a contract's price from now on; what the gap passes is served at the price behind it. */
  move(index: number, factor: number): void {
    this.#jump(index, () => this.ctx.market.move(index, this.ctx.time, factor));
  }

  /** Brings a contract's price to that many ticks; what the gap passes is served at the price behind it. */
  moveTo(index: number, ticks: number): void {
    this.#jump(index, () => this.ctx.market.moveTo(index, this.ctx.time, ticks));
  }

  #jump(index: number, change: () => void): void {
    const { ctx } = this;
    const before = ctx.market.last(index, ctx.time);
    change();
    const after = ctx.market.last(index, ctx.time);
    if (before === undefined || after === undefined) return;
    this.#atPresentPrices();
    ctx.cursors.set(index, before);
    walkTo(ctx, this.accounts, { index, point: { time: ctx.time, ticks: after, jump: true } });
    for (const other of activeIndexes(this.accounts)) serveHere(ctx, this.accounts, other);
    ctx.cursors.clear();
    this.version += 1;
  }

  /** Puts money on an account, or takes it off when negative. */
  deposit(account: Account, amount: Dec): void {
    bookMoney(account, { deposit: amount });
    this.ctx.emit(account, { kind: 'balance' });
  }

  lastPrice(index: number): Dec | undefined {
    const ticks = this.ctx.market.last(index, this.ctx.time);
    const instrument = this.ctx.market.instruments[index];
    return ticks === undefined || instrument === undefined
      ? undefined
      : fromTicks(ticks, instrument.quotePrecision);
  }

  #atPresentPrices(): void {
    const { ctx } = this;
    ctx.cursors.clear();
    for (const index of activeIndexes(this.accounts)) {
      const ticks = ctx.market.last(index, ctx.time);
      if (ticks !== undefined) ctx.cursors.set(index, ticks);
    }
  }
}

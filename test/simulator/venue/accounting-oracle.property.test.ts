import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { step, SYMBOLS, waiting, Wire } from './trading-wire.ts';
import { asList, asObject, type Json } from './venue-client.ts';

/** What is left open to rounding: the venue keeps money to eight decimals, an average price to a few more than a tick. */
const ROUNDING = new Decimal('1e-6');
const ZERO = new Decimal(0);
const RATE = { TAKER: '0.0006', MAKER: '0.0002' } as const;

const num = (row: Json, key: string): Decimal => new Decimal(String(row[key]));
const near = (seen: Decimal, right: Decimal, what: string): void => {
  if (seen.minus(right).abs().gt(ROUNDING))
    throw new Error(`${what} is ${seen.toFixed()}, by the books ${right.toFixed()}`);
};

/** One position by hand: what a bookkeeper would write who sees the trades and knows the rules. */
interface Entry {
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  qty: Decimal;
  cost: Decimal;
  maxQty: Decimal;
  openedQty: Decimal;
  openedValue: Decimal;
  closedQty: Decimal;
  closedValue: Decimal;
  realised: Decimal;
  fee: Decimal;
  funding: Decimal;
}

/**
 * The account worked out with a decimal library from what the API shows as events: trades, settlements of funding and what the
 * owner paid in. It knows the two position modes and the rates, and nothing of the venue's code.
 */
class Books {
  readonly open: Entry[] = [];
  readonly closed: Entry[] = [];
  wallet = ZERO;
  readonly #seen = new Set<string>();
  readonly #settled = new Map<string, number>();
  #looked = 0;
  readonly #mode: 'HEDGE' | 'ONE_WAY';

  constructor(mode: 'HEDGE' | 'ONE_WAY') {
    this.#mode = mode;
  }

  /** Takes in everything that happened since the last look, in the order of time. */
  follow(wire: Wire): void {
    const orders = new Map(
      [
        ...wire.rows('trade/get_pending_orders', 'orderList'),
        ...wire.rows('trade/get_history_orders', 'orderList'),
      ].map((row) => [row['orderId'], row]),
    );
    const trades = wire
      .rows('trade/get_history_trades', 'tradeList')
      .toReversed()
      .filter((row) => !this.#seen.has(String(row['tradeId'])))
      .map((row) => {
        this.#seen.add(String(row['tradeId']));
        return { at: Number(row['ctime']), run: () => this.#trade(row, orders) };
      });
    const now = wire.engine.ctx.time;
    const settlements = now === this.#looked ? [] : this.#settlements(wire);
    this.#looked = now;
    // A settlement comes before what its own millisecond sets off.
    for (const each of [...settlements, ...trades].toSorted((a, b) => a.at - b.at)) each.run();
  }

  #settlements(wire: Wire) {
    const starTime = this.#looked === 0 ? wire.began : this.#looked;
    return SYMBOLS.flatMap((symbol) =>
      asList(wire.call('market/get_funding_rate_history', { symbol, starTime, limit: 50 }))
        .toReversed()
        .filter((row) => Number(row['fundingTime']) > (this.#settled.get(symbol) ?? wire.began))
        .map((row) => ({ at: Number(row['fundingTime']), run: () => this.#settle(symbol, row) })),
    );
  }

  #settle(symbol: string, row: Json): void {
    this.#settled.set(symbol, Number(row['fundingTime']));
    for (const each of this.open) {
      if (each.symbol !== symbol) continue;
      const paid = each.qty.times(num(row, 'markPrice')).times(num(row, 'fundingRate'));
      const funding = each.side === 'BUY' ? paid.neg() : paid;
      each.funding = each.funding.plus(funding);
      this.wallet = this.wallet.plus(funding);
    }
  }

  #trade(row: Json, orders: ReadonlyMap<unknown, Json>): void {
    const order = orders.get(row['orderId']) ?? {};
    const buys = row['side'] === 'BUY';
    const qty = num(row, 'qty');
    const symbol = String(row['symbol']);
    const opposite = this.#find(symbol, buys ? 'SELL' : 'BUY');
    const closes = row['reduceOnly'] === true;
    if (closes && opposite === undefined) throw new Error('a reduce-only trade closed nothing');
    if (closes && opposite !== undefined && qty.gt(opposite.qty))
      throw new Error(`${qty.toFixed()} were closed of ${opposite.qty.toFixed()}`);
    if (order['effect'] === 'POST_ONLY') expect(row['roleType']).toBe('MAKER');
    const fee = this.#fee(row, order);
    const shut =
      opposite !== undefined && (closes || this.#mode === 'ONE_WAY')
        ? Decimal.min(qty, opposite.qty)
        : ZERO;
    const realised =
      shut.isZero() || opposite === undefined
        ? ZERO
        : this.#close(opposite, {
            qty: shut,
            price: num(row, 'price'),
            fee: fee.times(shut).div(qty),
          });
    near(num(row, 'realizedPNL'), realised, 'realised profit of a trade');
    const rest = qty.minus(shut);
    if (rest.gt(0))
      this.#openMore(symbol, buys ? 'BUY' : 'SELL', {
        qty: rest,
        price: num(row, 'price'),
        fee: fee.times(rest).div(qty),
      });
    this.wallet = this.wallet.plus(realised).minus(fee);
  }

  /** The role's rate on what was filled; an exchange's own liquidation takes no more than what is left. */
  #fee(row: Json, order: Json): Decimal {
    const role = row['roleType'] === 'MAKER' ? 'MAKER' : 'TAKER';
    const full = num(row, 'qty').times(num(row, 'price')).times(RATE[role]);
    const paid = num(row, 'fee');
    const liquidation =
      order['type'] !== 'LIMIT' && order['effect'] === 'FOK' && order['price'] === 'market';
    if (liquidation) expect(paid.lte(full.plus(ROUNDING))).toBe(true);
    else near(paid, full, `fee of a ${role}`);
    return paid;
  }

  #find(symbol: string, side: Entry['side']): Entry | undefined {
    return this.open.find((each) => each.symbol === symbol && each.side === side);
  }

  #openMore(
    symbol: string,
    side: Entry['side'],
    part: { qty: Decimal; price: Decimal; fee: Decimal },
  ): void {
    let entry = this.#find(symbol, side);
    if (entry === undefined) {
      const none = { qty: ZERO, cost: ZERO, maxQty: ZERO, openedQty: ZERO, openedValue: ZERO };
      const past = { closedQty: ZERO, closedValue: ZERO, realised: ZERO, fee: ZERO, funding: ZERO };
      entry = { symbol, side, ...none, ...past };
      this.open.push(entry);
    }
    const value = part.qty.times(part.price);
    entry.qty = entry.qty.plus(part.qty);
    entry.cost = entry.cost.plus(value);
    entry.openedQty = entry.openedQty.plus(part.qty);
    entry.openedValue = entry.openedValue.plus(value);
    entry.maxQty = Decimal.max(entry.maxQty, entry.qty);
    entry.fee = entry.fee.plus(part.fee);
  }

  #close(entry: Entry, part: { qty: Decimal; price: Decimal; fee: Decimal }): Decimal {
    const cost = entry.cost.times(part.qty).div(entry.qty);
    const value = part.qty.times(part.price);
    const realised = entry.side === 'BUY' ? value.minus(cost) : cost.minus(value);
    entry.qty = entry.qty.minus(part.qty);
    entry.cost = entry.cost.minus(cost);
    entry.closedQty = entry.closedQty.plus(part.qty);
    entry.closedValue = entry.closedValue.plus(value);
    entry.realised = entry.realised.plus(realised);
    entry.fee = entry.fee.plus(part.fee);
    if (entry.qty.isZero()) {
      this.open.splice(this.open.indexOf(entry), 1);
      this.closed.push(entry);
    }
    return realised;
  }
}

const net = (entry: Entry): Decimal => entry.realised.minus(entry.fee).plus(entry.funding);

/** Compares every figure that the account, the positions and their history show with the books. */
function expectAsBooked(wire: Wire, books: Books): void {
  const marks = new Map(
    asList(wire.call('market/tickers', {})).map((row) => [row['symbol'], num(row, 'markPrice')]),
  );
  const open = wire.rows('position/get_pending_positions');
  expect(open.length).toBe(books.open.length);
  let profit = ZERO;
  for (const entry of books.open) {
    const row = open.find((one) => one['symbol'] === entry.symbol && one['side'] === entry.side);
    if (row === undefined) throw new Error(`${entry.side} ${entry.symbol} is not listed`);
    expect(num(row, 'qty').eq(entry.qty)).toBe(true);
    near(num(row, 'entryValue'), entry.cost, 'entry value');
    near(
      num(row, 'avgOpenPrice').times(entry.qty).div(entry.cost),
      new Decimal(1),
      'average entry',
    );
    near(num(row, 'fee'), entry.fee, `fee of ${entry.side} ${entry.symbol}`);
    near(num(row, 'funding'), entry.funding, 'funding');
    near(num(row, 'realizedPNL'), net(entry), 'realised net');
    const worth = entry.qty.times(marks.get(entry.symbol) ?? ZERO);
    const gain = entry.side === 'BUY' ? worth.minus(entry.cost) : entry.cost.minus(worth);
    near(num(row, 'unrealizedPNL'), gain, 'open profit');
    profit = profit.plus(gain);
  }
  expectClosedAsBooked(wire, books);
  const account = asObject(wire.call('account', { marginCoin: 'USDT' }));
  const wallet = num(account, 'available')
    .plus(num(account, 'frozen'))
    .plus(num(account, 'margin'));
  const paidIn = new Decimal(String(wire.paidIn)).div('1e12');
  near(wallet, books.wallet.plus(paidIn), 'wallet');
  const shown = num(account, 'crossUnrealizedPNL').plus(num(account, 'isolationUnrealizedPNL'));
  near(wallet.plus(shown), books.wallet.plus(paidIn).plus(profit), 'equity');
}

function expectClosedAsBooked(wire: Wire, books: Books): void {
  const rows = wire.rows('position/get_history_positions', 'positionList').toReversed();
  expect(rows.length).toBe(books.closed.length);
  rows.forEach((row, at) => {
    const entry = books.closed[at];
    if (entry === undefined) throw new Error('a row too many');
    expect([row['symbol'], row['side']]).toEqual([entry.symbol, entry.side]);
    expect(num(row, 'maxQty').eq(entry.maxQty)).toBe(true);
    expect(num(row, 'qty').eq(entry.closedQty)).toBe(true);
    expect(entry.openedQty.eq(entry.closedQty)).toBe(true);
    near(
      num(row, 'entryPrice').div(entry.openedValue).times(entry.openedQty),
      new Decimal(1),
      'entry',
    );
    near(
      num(row, 'closePrice').div(entry.closedValue).times(entry.closedQty),
      new Decimal(1),
      'exit',
    );
    near(num(row, 'fee'), entry.fee, 'fee of a closed position');
    near(num(row, 'funding'), entry.funding, 'funding of a closed position');
    near(num(row, 'realizedPNL'), net(entry), 'result of a closed position');
  });
}

/** Isolated margin is the notional at entry over the leverage, and what the owner added by hand, whatever else is changed. */
function expectMarginAsBooked(wire: Wire): void {
  const account = asObject(wire.call('account', { marginCoin: 'USDT' }));
  const open = wire.rows('position/get_pending_positions');
  const sum = open.reduce((all, row) => all.plus(num(row, 'margin')), ZERO);
  near(num(account, 'margin'), sum, 'margin');
  for (const row of open) {
    const least = num(row, 'entryValue').div(String(row['leverage']));
    if (row['marginMode'] === 'CROSS') near(num(row, 'margin'), least, 'cross margin');
    else expect(num(row, 'margin').gte(least.minus(ROUNDING))).toBe(true);
  }
}

const happening = fc.oneof({ weight: 7, arbitrary: step }, { weight: 1, arbitrary: waiting });

describe('an accountant who is shown the API alone', () => {
  it.each(['HEDGE', 'ONE_WAY'] as const)(
    'finds no difference after any step, in %s mode',
    (mode) => {
      const seen = { funded: 0, closed: 0, part: 0 };
      fc.assert(
        fc.property(fc.array(happening, { minLength: 10, maxLength: 30 }), (steps) => {
          const wire = new Wire(mode);
          const books = new Books(mode);
          for (const one of steps) {
            one(wire);
            books.follow(wire);
            expectAsBooked(wire, books);
            expectMarginAsBooked(wire);
          }
          seen.closed += books.closed.length;
          const all = [...books.closed, ...books.open];
          seen.funded += all.filter((each) => !each.funding.isZero()).length;
          seen.part += books.open.filter((each) => each.closedQty.gt(0)).length;
        }),
        // Drawn once and for all, so that what has to have happened in them has.
        { numRuns: 40, seed: 20251010 },
      );
      expect(seen.closed).toBeGreaterThan(20);
      expect(seen.funded).toBeGreaterThan(1);
      expect(seen.part).toBeGreaterThan(1);
    },
  );
});

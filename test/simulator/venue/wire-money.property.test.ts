import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dec, formatDec, fromNumber, type Dec } from '../../../src/simulator/venue/decimal.ts';
import { newAccount, type Account } from '../../../src/simulator/venue/engine/account.ts';
import { Engine } from '../../../src/simulator/venue/engine/engine.ts';
import { Faults } from '../../../src/simulator/venue/faults.ts';
import { generatedMarket } from '../../../src/simulator/venue/market/generated-source.ts';
import { LIVE_QUIRKS } from '../../../src/simulator/venue/quirks.ts';
import { VenueError } from '../../../src/simulator/venue/venue-error.ts';
import { ROUTES } from '../../../src/simulator/venue/wire/rest-server.ts';
import { asList, asObject, START, type Json } from './venue-client.ts';

/** In the order of the market's contracts. */
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
const MINUTE = 60_000;
/** Orders of this worth fill in parts. */
const PARTS_ABOVE = 1_500;

/** An account as a client of the API sees and uses it: the endpoints' own handlers, without sockets and signatures. */
class Wire {
  readonly engine: Engine;
  readonly account: Account;
  paidIn: Dec = dec('2000');

  constructor(positionMode: 'HEDGE' | 'ONE_WAY') {
    const fees = { feeTaker: dec('0.0006'), feeMaker: dec('0.0002') };
    const own = { uid: '1', apiKey: 'k', balance: this.paidIn };
    this.account = newAccount({ ...own, positionMode, ...fees });
    this.engine = new Engine({
      market: generatedMarket({ seed: 3, symbols: 4, from: START }),
      quirks: { ...LIVE_QUIRKS, partialFillAbove: PARTS_ABOVE },
      faults: new Faults(),
      time: START,
      accounts: [this.account],
      onEvent: () => undefined,
    });
  }

  /** The `data` of an answer; undefined when it is refused. */
  call(name: string, params: Json): unknown {
    const route = ROUTES.get(name);
    if (route === undefined) throw new Error(`no ${name}`);
    const rest = { engine: this.engine, faults: new Faults() };
    try {
      const text = JSON.stringify(route.handle(rest, params, this.account) ?? null);
      return JSON.parse(text);
    } catch (error) {
      if (error instanceof VenueError) return undefined;
      throw error;
    }
  }

  rows(name: string, list?: string, filter: Json = {}): Json[] {
    const all: Json[] = [];
    for (let skip = 0; ; skip += 100) {
      const data = this.call(name, { ...filter, skip, limit: 100 });
      const page = asList(list === undefined ? data : asObject(data)[list]);
      all.push(...page);
      if (list === undefined || page.length < 100) return all;
    }
  }

  price(symbol: string): number {
    const index = this.engine.ctx.market.indexOf(symbol);
    return Number(
      formatDec((index === undefined ? undefined : this.engine.lastPrice(index)) ?? 0n),
    );
  }
}

type Step = (wire: Wire) => void;
const share = fc.double({ min: 0.05, max: 1, noNaN: true });
const symbol = fc.constantFrom(...SYMBOLS);

const round = (value: number, decimals: number): string => value.toFixed(decimals);
const decimalsOf = (wire: Wire, name: string) => {
  const instrument = wire.engine.ctx.market.instruments.find((each) => each.symbol === name);
  return { qty: instrument?.basePrecision ?? 0, price: instrument?.quotePrecision ?? 0 };
};

/** A market or limit order with or without legs. */
const placing: fc.Arbitrary<Step> = fc
  .record({
    symbol,
    buys: fc.boolean(),
    notional: fc.integer({ min: 30, max: 4_000 }),
    at: fc.option(fc.double({ min: 0.985, max: 1.015, noNaN: true })),
    effect: fc.constantFrom('GTC', 'IOC', 'FOK', 'POST_ONLY'),
    stop: fc.boolean(),
    reduceOnly: fc.boolean(),
  })
  .map((order) => (wire) => {
    const price = wire.price(order.symbol);
    const digits = decimalsOf(wire, order.symbol);
    const body: Json = {
      symbol: order.symbol,
      side: order.buys ? 'BUY' : 'SELL',
      qty: round(order.notional / price, digits.qty),
      orderType: order.at === null ? 'MARKET' : 'LIMIT',
      effect: order.effect,
    };
    if (order.at !== null) body['price'] = round(price * order.at, digits.price);
    if (order.stop) body['slPrice'] = round(price * (order.buys ? 0.96 : 1.04), digits.price);
    if (wire.account.positionMode === 'HEDGE') body['tradeSide'] = 'OPEN';
    else body['reduceOnly'] = order.reduceOnly;
    wire.call('trade/place_order', body);
  });

/** Something done to one of the open positions. */
const onPosition: fc.Arbitrary<Step> = fc
  .record({
    which: fc.nat({ max: 5 }),
    how: fc.constantFrom('part', 'flash', 'stop', 'margin', 'leverage'),
    share,
  })
  .map(({ which, how, share: part }) => (wire) => {
    const all = wire.rows('position/get_pending_positions');
    const row = all[which % Math.max(1, all.length)];
    if (row === undefined) return;
    const { symbol: name, positionId, side } = row;
    const digits = decimalsOf(wire, String(name));
    const qty = round(Number(row['qty']) * part, digits.qty);
    const price = wire.price(String(name));
    const long = side === 'BUY';
    switch (how) {
      case 'part': {
        const hedge = wire.account.positionMode === 'HEDGE';
        const closes = hedge
          ? { side, tradeSide: 'CLOSE', positionId }
          : { side: long ? 'SELL' : 'BUY', reduceOnly: true };
        wire.call('trade/place_order', { symbol: name, qty, orderType: 'MARKET', ...closes });
        return;
      }
      case 'flash':
        wire.call('trade/flash_close_position', { positionId });
        return;
      case 'stop': {
        const level = round(price * (long ? 0.99 : 1.01), digits.price);
        wire.call('tpsl/place_order', { symbol: name, positionId, slPrice: level, slQty: qty });
        return;
      }
      case 'margin': {
        const amount = round(part * 40 - 10, 4);
        const body = { symbol: name, marginCoin: 'USDT', positionId, amount };
        wire.call('account/adjust_position_margin', body);
        return;
      }
      case 'leverage':
        wire.call('account/change_leverage', {
          symbol: name,
          marginCoin: 'USDT',
          leverage: 1 + Math.floor(part * 49),
        });
    }
  });

const settings: fc.Arbitrary<Step> = fc
  .record({
    symbol,
    marginMode: fc.constantFrom('ISOLATION', 'CROSS'),
    leverage: fc.integer({ min: 1, max: 100 }),
  })
  .map((wish) => (wire) => {
    wire.call('account/change_margin_mode', { ...wish, marginCoin: 'USDT' });
    wire.call('account/change_leverage', { ...wish, marginCoin: 'USDT' });
  });

/** A position with much leverage, and a market that goes against it at once. */
const gamble: fc.Arbitrary<Step> = fc
  .record({
    at: fc.nat({ max: 2 }),
    buys: fc.boolean(),
    marginMode: fc.constantFrom('ISOLATION', 'CROSS'),
    times: fc.integer({ min: 5, max: 40 }),
  })
  .map(({ at, buys, marginMode, times }) => (wire) => {
    const name = SYMBOLS[at] ?? '';
    wire.call('account/change_margin_mode', { symbol: name, marginCoin: 'USDT', marginMode });
    wire.call('account/change_leverage', { symbol: name, marginCoin: 'USDT', leverage: 50 });
    const qty = round((times * 1_000) / wire.price(name), decimalsOf(wire, name).qty);
    const body = { symbol: name, side: buys ? 'BUY' : 'SELL', qty, orderType: 'MARKET' };
    wire.call('trade/place_order', { ...body, tradeSide: 'OPEN' });
    wire.engine.move(at, buys ? 0.9 : 1.11);
  });

const world: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ at: fc.nat({ max: 2 }), percent: fc.integer({ min: -45, max: 60 }) }).map(
    ({ at, percent }): Step =>
      (wire) =>
        wire.engine.move(at, 1 + percent / 100),
  ),
  fc.integer({ min: 1, max: 700 }).map(
    (minutes): Step =>
      (wire) =>
        wire.engine.advance(wire.engine.ctx.time + minutes * MINUTE),
  ),
  fc.integer({ min: -100, max: 300 }).map((amount): Step => (wire) => {
    wire.engine.deposit(wire.account, fromNumber(amount));
    wire.paidIn += fromNumber(amount);
  }),
  fc.constant<Step>((wire) => void wire.call('trade/cancel_all_orders', {})),
  fc.constant<Step>((wire) => void wire.call('trade/close_all_position', {})),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: placing },
  { weight: 4, arbitrary: onPosition },
  { weight: 4, arbitrary: settings },
  { weight: 5, arbitrary: world },
  { weight: 2, arbitrary: gamble },
);

const sum = (rows: readonly Json[], key: string): Dec =>
  rows.reduce((total, row) => total + dec(String(row[key])), 0n);

/** What a client can add up for itself from the rows that it is shown. */
function expectToAddUp(wire: Wire): void {
  const account = asObject(wire.call('account', { marginCoin: 'USDT' }));
  const open = wire.rows('position/get_pending_positions');
  const closed = wire.rows('position/get_history_positions', 'positionList');
  const trades = wire.rows('trade/get_history_trades', 'tradeList');
  const figure = (key: string): Dec => dec(String(account[key]));
  const all = [...open, ...closed];

  const wallet = figure('available') + figure('frozen') + figure('margin');
  // Realised profit of a position is net of its fees and funding.
  expect(wallet).toBe(wire.paidIn + sum(all, 'realizedPNL'));
  // That of a trade is gross, and its fee stands beside it.
  const gross = sum(trades, 'realizedPNL');
  expect(wallet).toBe(wire.paidIn + gross - sum(trades, 'fee') + sum(all, 'funding'));
  expect(sum(trades, 'fee')).toBe(sum(all, 'fee'));

  expect(sum(open, 'margin')).toBe(figure('margin'));
  const profit = figure('crossUnrealizedPNL') + figure('isolationUnrealizedPNL');
  expect(sum(open, 'unrealizedPNL')).toBe(profit);
  for (const mode of ['CROSS', 'ISOLATION'])
    expect(
      sum(
        open.filter((row) => row['marginMode'] === mode),
        'unrealizedPNL',
      ),
    ).toBe(figure(mode === 'CROSS' ? 'crossUnrealizedPNL' : 'isolationUnrealizedPNL'));
  const state = wire.engine.accounts[0];
  expect(state?.wallet).toBe(wallet);
}

/** Each fill pays its role's share of its worth, a liquidation at most that; each order holds what its fills came to. */
function expectOrdersToAddUp(wire: Wire): void {
  const trades = wire.rows('trade/get_history_trades', 'tradeList');
  const liquidated = new Set(
    [...wire.account.positionHistory, ...wire.account.positions.values()]
      .filter(({ liqQty }) => liqQty > 0n)
      .map((each) => each.symbol),
  );
  for (const { qty, price, fee, roleType, symbol: name } of trades) {
    const rate = roleType === 'MAKER' ? 2n : 6n;
    // To eight decimals each: the worth, then the fee.
    const worth = halfUp(dec(String(qty)) * dec(String(price)), 10n ** 16n);
    const full = halfUp(worth * rate, 10n ** 4n) * 10n ** 4n;
    const paid = dec(String(fee));
    if (liquidated.has(String(name))) expect(paid <= full).toBe(true);
    else expect(paid).toBe(full);
  }
  const orders = [
    ...wire.rows('trade/get_pending_orders', 'orderList'),
    ...wire.rows('trade/get_history_orders', 'orderList'),
    ...wire.rows('trade/get_history_orders', 'orderList', { queryCanceled: 'true' }),
  ];
  const each = new Map(orders.map((order) => [order['orderId'], order]));
  for (const key of ['realizedPNL', 'fee'])
    expect(sum([...each.values()], key)).toBe(sum(trades, key));
}

const halfUp = (value: bigint, unit: bigint): bigint => (value + unit / 2n) / unit;

/** What happened over all sequences: a property over accounts to which nothing happens shows nothing. */
interface Seen {
  liquidated: number;
  funded: number;
  maker: number;
  taker: number;
  isolated: number;
  cross: number;
  shorts: number;
  longs: number;
  partClosed: number;
}

function note(seen: Seen, wire: Wire): void {
  const closed = wire.rows('position/get_history_positions', 'positionList');
  const open = wire.rows('position/get_pending_positions');
  const trades = wire.rows('trade/get_history_trades', 'tradeList');
  const many = (rows: readonly Json[], fits: (row: Json) => boolean): number =>
    rows.filter(fits).length;
  seen.liquidated += many(closed, (row) => row['liqQty'] !== '0');
  seen.funded += many([...closed, ...open], (row) => row['funding'] !== '0');
  seen.maker += many(trades, (row) => row['roleType'] === 'MAKER');
  seen.taker += many(trades, (row) => row['roleType'] === 'TAKER');
  seen.isolated += many([...closed, ...open], (row) => row['marginMode'] === 'ISOLATION');
  seen.cross += many([...closed, ...open], (row) => row['marginMode'] === 'CROSS');
  seen.longs += many([...closed, ...open], (row) => row['side'] === 'BUY');
  seen.shorts += many([...closed, ...open], (row) => row['side'] === 'SELL');
  const held = [...wire.account.positions.values()];
  seen.partClosed += held.filter((each) => each.closedQty > 0n).length;
}

describe('the rows that a client is shown', () => {
  it.each(['HEDGE', 'ONE_WAY'] as const)(
    'add up to the last digit after any sequence, in %s mode',
    (positionMode) => {
      const seen: Seen = {
        liquidated: 0,
        funded: 0,
        maker: 0,
        taker: 0,
        isolated: 0,
        cross: 0,
        shorts: 0,
        longs: 0,
        partClosed: 0,
      };
      fc.assert(
        fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
          const wire = new Wire(positionMode);
          for (const one of steps) {
            one(wire);
            expectToAddUp(wire);
          }
          expectOrdersToAddUp(wire);
          note(seen, wire);
        }),
        { numRuns: 60, seed: 20_251_010 },
      );
      for (const [what, times] of Object.entries(seen))
        expect(times, `${what} in ${JSON.stringify(seen)}`).toBeGreaterThan(3);
    },
    60_000,
  );
});

import fc from 'fast-check';
import { dec, formatDec, fromNumber, type Dec } from '../../../src/simulator/venue/decimal.ts';
import { newAccount, type Account } from '../../../src/simulator/venue/engine/account.ts';
import { deleverage } from '../../../src/simulator/venue/engine/positions/deleverage.ts';
import { Engine } from '../../../src/simulator/venue/engine/engine.ts';
import { Faults } from '../../../src/simulator/venue/faults.ts';
import { generatedMarket } from '../../../src/simulator/venue/market/generated-source.ts';
import { LIVE_QUIRKS, type Quirks } from '../../../src/simulator/venue/quirks.ts';
import { VenueError } from '../../../src/simulator/venue/venue-error.ts';
import { ROUTES } from '../../../src/simulator/venue/wire/rest-server.ts';
import { asList, asObject, START, type Json } from './venue-client.ts';

/** In the order of the market's contracts. */
export const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
const MINUTE = 60_000;
/** Nobody trades in the very millisecond of a settlement: what it then pays for is nobody's to say. */
const PAST_THE_HOUR = 7;
/** Orders of this worth fill in parts. */
const PARTS_ABOVE = 1_500;

/** An account as a client of the API sees and uses it: the endpoints' own handlers, without sockets and signatures. */
export class Wire {
  readonly engine: Engine;
  readonly account: Account;
  /** The moment at which the account began, Unix ms. */
  readonly began = START;
  paidIn: Dec = dec('2000');

  constructor(positionMode: 'HEDGE' | 'ONE_WAY', quirks: Partial<Quirks> = {}) {
    const fees = { feeTaker: dec('0.0006'), feeMaker: dec('0.0002') };
    const own = { uid: '1', apiKey: 'k', balance: this.paidIn };
    this.account = newAccount({ ...own, positionMode, ...fees });
    this.engine = new Engine({
      market: generatedMarket({ seed: 3, symbols: 4, from: START }),
      quirks: { ...LIVE_QUIRKS, partialFillAbove: PARTS_ABOVE, ...quirks },
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

export type Step = (wire: Wire) => void;
const share = fc.double({ min: 0.05, max: 1, noNaN: true });
const symbol = fc.constantFrom(...SYMBOLS);

const round = (value: number, decimals: number): string => value.toFixed(decimals);
const decimalsOf = (wire: Wire, name: string) => {
  const instrument = wire.engine.ctx.market.instruments.find((each) => each.symbol === name);
  return { qty: instrument?.basePrecision ?? 0, price: instrument?.quotePrecision ?? 0 };
};

/** A market or limit order with or without legs. */
export const placing: fc.Arbitrary<Step> = fc
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
export const onPosition: fc.Arbitrary<Step> = fc
  .record({
    which: fc.nat({ max: 5 }),
    how: fc.constantFrom(
      'part',
      'flash',
      'rest',
      'stop',
      'limit target',
      'turn',
      'margin',
      'leverage',
      'adl',
    ),
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
    const closes =
      wire.account.positionMode === 'HEDGE'
        ? { side, tradeSide: 'CLOSE', positionId }
        : { side: long ? 'SELL' : 'BUY', reduceOnly: true };
    switch (how) {
      case 'part':
        wire.call('trade/place_order', { symbol: name, qty, orderType: 'MARKET', ...closes });
        return;
      case 'rest': {
        const at = round(price * (long ? 1 + part / 50 : 1 - part / 50), digits.price);
        const whole = { symbol: name, qty: row['qty'], orderType: 'LIMIT', price: at };
        wire.call('trade/place_order', { ...whole, ...closes });
        return;
      }
      case 'limit target': {
        const at = round(price * (long ? 1 + part / 50 : 1 - part / 50), digits.price);
        const leg = { tpPrice: at, tpQty: qty, tpOrderType: 'LIMIT', tpOrderPrice: at };
        wire.call('tpsl/place_order', { symbol: name, positionId, ...leg });
        return;
      }
      case 'turn': {
        const more = round(Number(row['qty']) * (1 + part), digits.qty);
        const body = { symbol: name, qty: more, orderType: 'MARKET', tradeSide: 'OPEN' };
        const stop = round(price * (long ? 1.04 : 0.96), digits.price);
        wire.call('trade/place_order', { ...body, side: long ? 'SELL' : 'BUY', slPrice: stop });
        return;
      }
      case 'adl': {
        const position = wire.account.positions.get(String(positionId));
        if (position === undefined || Number(qty) === 0) return;
        deleverage({ ctx: wire.engine.ctx, account: wire.account }, position, { qty: dec(qty) });
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

/** Another size and price for one of the resting orders, or its end. */
const onOrder: fc.Arbitrary<Step> = fc
  .record({
    which: fc.nat({ max: 5 }),
    times: fc.constantFrom(0, 0.5, 1, 1, 3),
    at: fc.double({ min: 0.985, max: 1.015, noNaN: true }),
  })
  .map(({ which, times, at }) => (wire) => {
    const all = wire.rows('trade/get_pending_orders', 'orderList');
    const row = all[which % Math.max(1, all.length)];
    if (row === undefined) return;
    const { symbol: name, orderId } = row;
    const digits = decimalsOf(wire, String(name));
    if (times === 0) {
      wire.call('trade/cancel_orders', { symbol: name, orderList: [{ orderId }] });
      return;
    }
    const qty = round(Number(row['qty']) * times, digits.qty);
    const price = round(wire.price(String(name)) * at, digits.price);
    wire.call('trade/modify_order', { orderId, qty, price });
  });

const settings: fc.Arbitrary<Step> = fc
  .record({
    symbol,
    marginMode: fc.constantFrom('ISOLATION', 'CROSS'),
    leverage: fc.integer({ min: 1, max: 100 }),
  })
  .map((request) => (wire) => {
    wire.call('account/change_margin_mode', { ...request, marginCoin: 'USDT' });
    wire.call('account/change_leverage', { ...request, marginCoin: 'USDT' });
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

/** Time that passes, with the settlements in it. */
export const waiting: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 700 }).map(
  (minutes): Step =>
    (wire) =>
      wire.engine.advance(wire.engine.ctx.time + minutes * MINUTE + PAST_THE_HOUR),
);

const world: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ at: fc.nat({ max: 2 }), percent: fc.integer({ min: -45, max: 60 }) }).map(
    ({ at, percent }): Step =>
      (wire) =>
        wire.engine.move(at, 1 + percent / 100),
  ),
  waiting,
  fc.integer({ min: -100, max: 300 }).map((amount): Step => (wire) => {
    wire.engine.deposit(wire.account, fromNumber(amount));
    wire.paidIn += fromNumber(amount);
  }),
  fc.constant<Step>((wire) => void wire.call('trade/cancel_all_orders', {})),
  fc.constant<Step>((wire) => void wire.call('trade/close_all_position', {})),
);

/** Anything that a client, the owner or the market may do next. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: placing },
  { weight: 6, arbitrary: onPosition },
  { weight: 3, arbitrary: onOrder },
  { weight: 4, arbitrary: settings },
  { weight: 5, arbitrary: world },
  { weight: 2, arbitrary: gamble },
);

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dec, type Dec } from '../../../src/simulator/venue/decimal.ts';
import { step, Wire } from './trading-wire.ts';
import { asObject, type Json } from './venue-client.ts';

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
  );
});

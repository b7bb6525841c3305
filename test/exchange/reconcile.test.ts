import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountSnapshot } from '../../src/app/ports.ts';
import type { Account } from '../../src/domain/account.ts';
import { price, qty, usd, ZERO_USD } from '../../src/domain/money.ts';
import type { Order } from '../../src/domain/order.ts';
import type { ClosedPosition, Position, ProtectiveOrder } from '../../src/domain/position.ts';
import { reconcile, type Known } from '../../src/exchange/reconcile.ts';

const account: Account = {
  marginCoin: 'USDT',
  available: usd('900'),
  frozen: ZERO_USD,
  margin: usd('100'),
  unrealisedPnl: usd('5'),
  bonus: ZERO_USD,
  positionMode: 'hedge',
  at: 1_000,
};

const position: Position = {
  id: '1',
  symbol: 'BTCUSDT',
  side: 'long',
  qty: qty('0.01'),
  entryPrice: price('60000'),
  leverage: 6,
  marginMode: 'isolated',
  margin: usd('100'),
  unrealisedPnl: usd('5'),
  realisedGross: ZERO_USD,
  fees: usd('0.36'),
  funding: ZERO_USD,
  openedAt: 500,
  updatedAt: 500,
};

const stop: ProtectiveOrder = {
  id: '7',
  positionId: '1',
  symbol: 'BTCUSDT',
  stopPrice: price('58000'),
};

const order: Order = {
  id: '9',
  clientId: 'own1',
  symbol: 'BTCUSDT',
  side: 'buy',
  type: 'limit',
  qty: qty('0.01'),
  filledQty: qty('0'),
  reduceOnly: false,
  status: 'new',
  createdAt: 900,
};

const closed: ClosedPosition = {
  id: '1',
  symbol: 'BTCUSDT',
  side: 'long',
  maxQty: qty('0.01'),
  entryPrice: price('60000'),
  closePrice: price('60500'),
  leverage: 6,
  fees: usd('0.72'),
  funding: usd('-0.1'),
  gross: usd('5'),
  net: usd('4.18'),
  liquidated: false,
  openedAt: 500,
  closedAt: 1_500,
};

const snapshot = (change: Partial<AccountSnapshot> = {}): AccountSnapshot => ({
  account,
  positions: [position],
  protections: [stop],
  openOrders: [],
  at: 1_000,
  ...change,
});
const withWallet = (available: string): Account => ({ ...account, available: usd(available) });
const nothing: Known = { clientIds: new Set(), positionIds: new Set(), closed: [] };
const kinds = (
  before: AccountSnapshot,
  after: AccountSnapshot,
  known: Partial<Known> = {},
): string[] => reconcile(before, after, { ...nothing, ...known }).map((each) => each.kind);

describe('two reads of the account', () => {
  it('that are the same have no difference', () => {
    expect(kinds(snapshot(), snapshot({ at: 2_000 }))).toEqual([]);
  });

  it('show a position that Vigil did not open', () => {
    const before = snapshot({ positions: [], protections: [] });
    const after = snapshot({ account: withWallet('899.64') });
    expect(kinds(before, after)).toEqual(['opened-elsewhere']);
    expect(kinds(before, after, { positionIds: new Set(['1']) })).toEqual(['opened']);
  });

  it('show a position that is gone, with how it ended when the history has it', () => {
    const after = snapshot({ positions: [], protections: [], account: withWallet('904.54') });
    expect(kinds(snapshot(), after, { closed: [closed] })).toEqual(['closed']);
    expect(kinds(snapshot(), after, { closed: [{ ...closed, liquidated: true }] })).toEqual([
      'liquidated',
    ]);
  });

  it('say nothing of the wallet while the history does not have the position that is gone', () => {
    const after = snapshot({ positions: [], protections: [], account: withWallet('500') });
    expect(kinds(snapshot(), after)).toEqual(['closed']);
  });

  it('show a stop that vanished, and not one that was never there', () => {
    expect(kinds(snapshot(), snapshot({ protections: [] }))).toEqual(['stop-vanished']);
    expect(kinds(snapshot({ protections: [] }), snapshot({ protections: [] }))).toEqual([]);
    expect(
      kinds(
        snapshot(),
        snapshot({ protections: [{ ...stop, id: '8', stopPrice: price('59000') }] }),
      ),
    ).toEqual([]);
  });

  it('show a size that grew past what its stop covers', () => {
    const sized = { ...stop, stopQty: qty('0.01') };
    const larger = { ...position, qty: qty('0.03') };
    const before = snapshot({ protections: [sized] });
    expect(kinds(before, snapshot({ positions: [larger], protections: [sized] }))).toEqual([
      'stop-shrunk',
      'size-changed',
    ]);
    expect(kinds(snapshot(), snapshot({ positions: [larger] }))).toEqual(['size-changed']);
  });

  it('show orders that Vigil did not place, and orders that are gone', () => {
    const after = snapshot({ openOrders: [order] });
    expect(kinds(snapshot(), after)).toEqual(['order-unknown']);
    expect(kinds(snapshot(), after, { clientIds: new Set(['own1']) })).toEqual([]);
    expect(kinds(after, snapshot())).toEqual(['order-gone']);
  });

  it.each([
    ['1000', 'deposit', '100'],
    ['700', 'withdrawal', '-200'],
  ])('show that the wallet went to %s by a %s', (available, kind, amount) => {
    const after = snapshot({ account: withWallet(available) });
    expect(reconcile(snapshot(), after, nothing)).toEqual([{ kind, amount: usd(amount) }]);
  });

  it('do not take fees, funding, profit or rounding for a deposit', () => {
    const funded = { ...position, funding: usd('-3'), fees: usd('0.5'), realisedGross: usd('20') };
    const after = snapshot({ positions: [funded], account: withWallet('916.87') });
    expect(kinds(snapshot(), after)).toEqual([]);
  });

  it('find each deposit beside any trading, to the cent', () => {
    const cents = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(cents, cents, cents, cents, (gross, fees, funding, paid) => {
        const text = (value: number): string => (value / 100).toFixed(2);
        const traded: Position = {
          ...position,
          realisedGross: usd(text(gross)),
          fees: usd(text(36 + Math.abs(fees))),
          funding: usd(text(funding)),
        };
        const wallet = 90_000 + gross - 36 - Math.abs(fees) + 36 + funding + paid;
        const after = snapshot({ positions: [traded], account: withWallet(text(wallet)) });
        const before = snapshot({ positions: [{ ...position, fees: usd('0.36') }] });
        const found = reconcile(before, after, nothing);
        if (Math.abs(paid) <= 1) expect(found).toEqual([]);
        else
          expect(found).toEqual([
            { kind: paid > 0 ? 'deposit' : 'withdrawal', amount: usd(text(paid)) },
          ]);
      }),
    );
  });
});

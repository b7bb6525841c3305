import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dec, fromNumber, type Dec } from '../../../src/simulator/venue/decimal.ts';
import { newAccount, type Account } from '../../../src/simulator/venue/engine/account.ts';
import { balanceOf } from '../../../src/simulator/venue/engine/orders/book.ts';
import { Engine } from '../../../src/simulator/venue/engine/engine.ts';
import {
  changeLeverage,
  changeMarginMode,
  closeAll,
} from '../../../src/simulator/venue/engine/orders/order-actions.ts';
import { openByHand } from '../../../src/simulator/venue/engine/positions/open-by-hand.ts';
import { Faults } from '../../../src/simulator/venue/faults.ts';
import { generatedMarket } from '../../../src/simulator/venue/market/generated-source.ts';
import { LIVE_QUIRKS } from '../../../src/simulator/venue/quirks.ts';
import { VenueError } from '../../../src/simulator/venue/venue-error.ts';
import { START } from './venue-client.ts';

type Step =
  | {
      readonly do: 'open';
      readonly symbol: number;
      readonly long: boolean;
      readonly notional: number;
      readonly leverage: number;
    }
  | { readonly do: 'isolate'; readonly symbol: number; readonly leverage: number }
  | { readonly do: 'move'; readonly symbol: number; readonly percent: number }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'close' }
  | { readonly do: 'deposit'; readonly amount: number };

const symbol = fc.integer({ min: 0, max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('open' as const),
    symbol,
    long: fc.boolean(),
    notional: fc.integer({ min: 20, max: 6_000 }),
    leverage: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({
    do: fc.constant('isolate' as const),
    symbol,
    leverage: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({
    do: fc.constant('move' as const),
    symbol,
    percent: fc.integer({ min: -40, max: 60 }),
  }),
  fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ do: fc.constant('close' as const) }),
  fc.record({ do: fc.constant('deposit' as const), amount: fc.integer({ min: 1, max: 500 }) }),
);

function act(engine: Engine, account: Account, one: Step): void {
  const desk = { ctx: engine.ctx, account };
  const name = (at: number): string => engine.ctx.market.instruments[at]?.symbol ?? '';
  switch (one.do) {
    case 'open':
      openByHand(desk, {
        symbol: name(one.symbol),
        side: one.long ? 'LONG' : 'SHORT',
        notional: fromNumber(one.notional),
        leverage: one.leverage,
      });
      return;
    case 'isolate':
      changeMarginMode(desk, { symbol: name(one.symbol), marginMode: 'ISOLATION' });
      changeLeverage(desk, { symbol: name(one.symbol), leverage: one.leverage });
      return;
    case 'move':
      engine.move(one.symbol, 1 + one.percent / 100);
      return;
    case 'wait':
      engine.advance(engine.ctx.time + one.minutes * 60_000);
      return;
    case 'close':
      closeAll(desk, undefined);
      return;
    case 'deposit':
      engine.deposit(account, fromNumber(one.amount));
  }
}

function sum(values: Iterable<Dec>): Dec {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}

describe('money', () => {
  it('adds up after any sequence: equity is deposits plus realised minus fees plus funding plus open profit', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.constantFrom('HEDGE' as const, 'ONE_WAY' as const),
        (steps, positionMode) => {
          const fees = { feeTaker: dec('0.0006'), feeMaker: dec('0.0002') };
          const account = newAccount({
            uid: '1',
            apiKey: 'k',
            balance: dec('1000'),
            positionMode,
            ...fees,
          });
          const market = generatedMarket({ seed: 3, symbols: 6, from: START });
          const engine = new Engine({
            market,
            quirks: LIVE_QUIRKS,
            faults: new Faults(),
            time: START,
            accounts: [account],
            onEvent: () => undefined,
          });
          for (const one of steps) {
            try {
              act(engine, account, one);
            } catch (error) {
              if (!(error instanceof VenueError)) throw error;
            }
            const balance = balanceOf({ ctx: engine.ctx, account });
            const profit = balance.crossProfit + balance.isolatedProfit;
            expect(balance.equity).toBe(
              account.deposits +
                account.realizedTotal -
                account.feeTotal +
                account.fundingTotal +
                profit,
            );
            expect(balance.equity >= 0n).toBe(true);
            expect(balance.available + balance.frozen + balance.margin).toBe(account.wallet);
            const positions = [...account.positions.values(), ...account.positionHistory];
            for (const { side, realized, closedValue, openedValue, entryValue } of positions) {
              const gain = closedValue - (openedValue - entryValue);
              expect(realized).toBe(side === 'LONG' ? gain : -gain);
            }
            expect(sum(positions.map((p) => p.realized))).toBe(account.realizedTotal);
            expect(sum(positions.map((p) => p.fee))).toBe(account.feeTotal);
            expect(sum(positions.map((p) => p.funding))).toBe(account.fundingTotal);
            expect(sum(account.trades.map((t) => t.realized))).toBe(account.realizedTotal);
            for (const position of account.positions.values())
              expect(position.qty).toBeGreaterThan(0n);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

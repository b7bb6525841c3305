import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, sub, toNumber, usd, ZERO_USD, type Usd } from '../../src/domain/money.ts';
import { isTighter, transitionMode, type ModeState } from '../../src/domain/trading-mode.ts';
import { dayLossOf, drawdownOf } from '../../src/risk/day-loss.ts';
import { evaluateStop, type StopInput } from '../../src/risk/emergency-stop.ts';
import { DEFAULT_LIMITS } from '../../src/risk/limits.ts';
import { updateRiskState, type RiskState } from '../../src/risk/risk-state.ts';
import { account, NORMAL, NOW, riskState } from '../risk/fixtures.ts';

const amount = (from: number, to: number): fc.Arbitrary<Usd> =>
  fc
    .integer({ min: from * 1_000, max: to * 1_000 })
    .map((value) => usd((value / 1_000).toFixed(3)));

const stopInput = (over: Partial<StopInput>): StopInput => ({
  state: riskState(),
  account: account(),
  positions: [],
  health: { accountReadAt: NOW, failedReads: 0, priceAt: new Map() },
  limits: DEFAULT_LIMITS,
  mode: NORMAL,
  now: NOW,
  ...over,
});

describe('a gain', () => {
  it('never trips a loss limit and never warns', () => {
    fc.assert(
      fc.property(amount(1, 5_000), amount(0, 5_000), amount(0, 5_000), (base, gain, more) => {
        const equity = add(base, gain);
        const state = riskState({
          dayStartEquity: base,
          peakEquity: sub(equity, more < gain ? more : gain),
        });
        const report = evaluateStop(stopInput({ state, account: account({ available: equity }) }));
        expect([report.tightenings, report.warnings]).toEqual([[], []]);
      }),
    );
  });
});

interface Move {
  /** Market move of the equity in thousandths. */
  readonly move: number;
  /** Deposit or withdrawal as a share of the equity in thousandths. */
  readonly flow: number;
}

const anyMove: fc.Arbitrary<Move> = fc.record({
  move: fc.integer({ min: -60, max: 60 }),
  flow: fc.oneof(fc.constant(0), fc.integer({ min: -900, max: 3_000 })),
});

/** The state and equity after the moves, with or without the flows between them. */
function play(
  moves: readonly Move[],
  withFlows: boolean,
): { readonly state: RiskState; readonly equity: Usd } {
  let state: RiskState | undefined;
  let equity = usd('1000');
  const read = (now: number, cashFlow?: Usd): void => {
    state = updateRiskState(
      state,
      {
        account: account({ available: equity, at: now }),
        positions: [],
        closed: [],
        now,
        ...(cashFlow === undefined ? {} : { cashFlow }),
      },
      DEFAULT_LIMITS,
    ).state;
  };
  read(NOW);
  moves.forEach((each, n) => {
    equity = ((equity * BigInt(1_000 + each.move)) / 1_000n) as Usd;
    const flow = withFlows ? (((equity * BigInt(each.flow)) / 1_000n) as Usd) : ZERO_USD;
    equity = add(equity, flow);
    read(NOW + (n + 1) * 1_000, flow);
  });
  if (state === undefined) throw new Error('nothing was read');
  return { state, equity };
}

describe('random deposits and withdrawals', () => {
  it('leave the loss of the day and the drawdown unchanged to 1e-9', () => {
    fc.assert(
      fc.property(fc.array(anyMove, { minLength: 1, maxLength: 30 }), (moves) => {
        const still = play(moves, false);
        const flowing = play(moves, true);
        const shares = ({ state, equity }: ReturnType<typeof play>): number[] => [
          toNumber(dayLossOf(state, equity, DEFAULT_LIMITS).fraction),
          toNumber(drawdownOf(state, equity, DEFAULT_LIMITS).fraction),
        ];
        const want = shares(still);
        for (const [n, share] of shares(flowing).entries()) {
          expect(Math.abs(share - (want[n] ?? Number.NaN))).toBeLessThan(1e-9);
        }
      }),
    );
  });

  it('never count as profit or loss of the day in money', () => {
    fc.assert(
      fc.property(amount(-900, 4_000), (flow) => {
        const { state } = play([], false);
        const equity = add(usd('1000'), flow);
        const reading = {
          account: account({ available: equity }),
          positions: [],
          closed: [],
          now: NOW,
          cashFlow: flow,
        };
        const after = updateRiskState(state, reading, DEFAULT_LIMITS).state;
        expect(dayLossOf(after, equity, DEFAULT_LIMITS).pnl).toBe(0n);
      }),
    );
  });
});

describe('the mode', () => {
  const anyReading = fc.record({
    equity: amount(-100, 2_000),
    readAge: fc.integer({ min: 0, max: 120_000 }),
    failedReads: fc.integer({ min: 0, max: 8 }),
    streak: fc.integer({ min: 0, max: 6 }),
    known: fc.boolean(),
  });

  it('is never lowered by any sequence of readings: only a person does', () => {
    fc.assert(
      fc.property(fc.array(anyReading, { maxLength: 30 }), (readings) => {
        let mode: ModeState = NORMAL;
        for (const each of readings) {
          const report = evaluateStop(
            stopInput({
              mode,
              state: each.known ? riskState({ lossStreak: each.streak }) : undefined,
              account: account({ available: each.equity }),
              health: {
                accountReadAt: NOW - each.readAge,
                failedReads: each.failedReads,
                priceAt: new Map(),
              },
            }),
          );
          for (const event of report.tightenings) {
            const next = transitionMode(mode, event);
            expect(isTighter(mode.mode, next.mode)).toBe(false);
            mode = next;
          }
          expect(report.tighten === undefined || !isTighter(report.tighten.to, mode.mode)).toBe(
            true,
          );
        }
      }),
    );
  });

  it('is halted after every reading that breaks a loss limit', () => {
    fc.assert(
      fc.property(anyReading, (each) => {
        const state = riskState({ lossStreak: each.streak });
        const report = evaluateStop(
          stopInput({ state, account: account({ available: each.equity }) }),
        );
        const broken = each.equity <= usd('970') || each.streak >= DEFAULT_LIMITS.lossStreak;
        expect(report.tighten?.to === 'halted').toBe(broken);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  price,
  toNumber,
  toText,
  usd,
  ZERO_USD,
  type Usd,
} from '../../src/domain/money/money.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { isTighter, transitionMode, type ModeState } from '../../src/domain/trading-mode.ts';
import { dayLossOf, drawdownOf } from '../../src/risk/state/day-loss.ts';
import { evaluateStop, type StopInput } from '../../src/risk/stop/emergency-stop.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { updateRiskState, type RiskState } from '../../src/risk/state/risk-state.ts';
import { lossConditions } from '../../src/risk/stop/stop-conditions.ts';
import { account, closed, gateInput, NORMAL, NOW, riskState } from '../risk/fixtures.ts';

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

const markAt = (at: number) => ({ price: price('100'), at });

const LOSSES = ['daily-loss', 'weekly-loss', 'drawdown', 'loss-streak', 'balance-floor'];

/** A day's worth of luck: prices rise, trades close in profit, funding and deposits come in, days pass. */
interface Luck {
  readonly gain: Usd;
  readonly closes: boolean;
  readonly deposit: Usd;
  readonly hours: number;
}

const anyLuck: fc.Arbitrary<Luck> = fc.record({
  gain: amount(0, 500),
  closes: fc.boolean(),
  deposit: fc.oneof(fc.constant(ZERO_USD), amount(0, 5_000)),
  hours: fc.integer({ min: 0, max: 40 }),
});

describe('a gain', () => {
  it('never trips a loss limit, never warns and never refuses, over days of profits, closes and deposits', () => {
    fc.assert(
      fc.property(amount(1, 5_000), fc.array(anyLuck, { maxLength: 12 }), (start, days) => {
        let now = NOW;
        let equity = start;
        let state: RiskState | undefined;
        for (const [n, { gain, closes, deposit, hours }] of days.entries()) {
          now += hours * HOUR;
          equity = add(add(equity, gain), deposit);
          const read = account({ available: equity, at: now });
          const won = closed(`c${n}`, toText(add(gain, usd('0.001'))), { closedAt: now });
          const reading = { account: read, positions: [], closed: closes ? [won] : [], now };
          ({ state } = updateRiskState(state, { ...reading, cashFlow: deposit }, DEFAULT_LIMITS));
          const health = { accountReadAt: now, failedReads: 0, priceAt: new Map() };
          const report = evaluateStop(stopInput({ state, account: read, health, now }));
          expect([report.tightenings, report.warnings]).toEqual([[], []]);
          for (const each of report.readings.filter(({ id }) => LOSSES.includes(id)))
            expect([each.id, each.usedPercent]).toEqual([each.id, 0]);
          // The number of trades a day counts winners too.
          const limits = { ...DEFAULT_LIMITS, maxTradesPerDay: 100 };
          const verdict = checkEntry(
            gateInput({ state, account: read, now, limits, mark: markAt(now) }),
          );
          expect(verdict.kind === 'refused' ? verdict.refusals : []).toEqual([]);
        }
      }),
    );
  });

  it('never uses more of any loss limit than less equity does', () => {
    const anyState = fc.record({
      dayStartEquity: amount(0, 2_000),
      peakEquity: amount(0, 2_000),
      lossStreak: fc.integer({ min: 0, max: 6 }),
    });
    fc.assert(
      fc.property(anyState, amount(-500, 3_000), amount(0, 3_000), (over, equity, gain) => {
        const state = riskState(over);
        const less = lossConditions(state, equity, DEFAULT_LIMITS);
        const more = lossConditions(state, add(equity, gain), DEFAULT_LIMITS);
        expect(less.map((each) => each.id)).toEqual(LOSSES);
        for (const [n, each] of more.entries()) {
          expect(each.usedPercent).toBeLessThanOrEqual(less[n]?.usedPercent ?? Number.NaN);
          expect(each.tripped && less[n]?.tripped === false).toBe(false);
        }
      }),
    );
  });
});

interface Move {
  /** Market move of the equity in thousandths. */
  readonly move: number;
  /** Deposit or withdrawal as a share of the equity in thousandths. */
  readonly flow: number;
  readonly minutes: number;
}

const anyMove: fc.Arbitrary<Move> = fc.record({
  move: fc.integer({ min: -60, max: 60 }),
  flow: fc.oneof(fc.constant(0), fc.integer({ min: -900, max: 3_000 })),
  minutes: fc.constantFrom(0, 1, 30, 800),
});

/** A cent: less cannot be taken out and still be an account. */
const LEAST = usd('0.01');

/** The day's loss and the drawdown after every move, with or without the flows between them. */
function play(start: Usd, moves: readonly Move[], withFlows: boolean): number[] {
  let state: RiskState | undefined;
  let equity = start;
  let now = NOW;
  const shares: number[] = [];
  const read = (cashFlow: Usd): void => {
    const reading = { account: account({ available: equity, at: now }), positions: [], closed: [] };
    ({ state } = updateRiskState(state, { ...reading, now, cashFlow }, DEFAULT_LIMITS));
    shares.push(
      toNumber(dayLossOf(state, equity, DEFAULT_LIMITS).fraction),
      toNumber(drawdownOf(state, equity, DEFAULT_LIMITS).fraction),
    );
  };
  read(ZERO_USD);
  for (const each of moves) {
    now += each.minutes * MINUTE + 1;
    equity = ((equity * BigInt(1_000 + each.move)) / 1_000n) as Usd;
    const request = ((equity * BigInt(each.flow)) / 1_000n) as Usd;
    const flow = withFlows && add(equity, request) >= LEAST ? request : ZERO_USD;
    equity = add(equity, flow);
    read(flow);
  }
  return shares;
}

describe('random deposits and withdrawals', () => {
  it('leave the loss of the day and the drawdown unchanged to 1e-9, over days, for a cent and for a billion', () => {
    const anyStart = fc.constantFrom(usd('0.02'), usd('1000'), usd('1000000000'));
    fc.assert(
      fc.property(anyStart, fc.array(anyMove, { minLength: 1, maxLength: 30 }), (start, moves) => {
        const want = play(start, moves, false);
        for (const [n, share] of play(start, moves, true).entries())
          expect(Math.abs(share - (want[n] ?? Number.NaN))).toBeLessThan(1e-9);
      }),
    );
  });

  it('never count as profit or loss of the day in money', () => {
    fc.assert(
      fc.property(amount(-900, 4_000), (flow) => {
        const at = (equity: Usd) => ({
          account: account({ available: equity }),
          positions: [],
          closed: [],
          now: NOW,
        });
        const { state } = updateRiskState(undefined, at(usd('1000')), DEFAULT_LIMITS);
        const equity = add(usd('1000'), flow);
        const reading = { ...at(equity), cashFlow: flow };
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

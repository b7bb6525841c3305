import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qty, ratio, toNumber, usd } from '../../src/domain/money/money.ts';
import type { RiskTier } from '../../src/domain/instrument.ts';
import { DAY, dayStart, MINUTE } from '../../src/domain/time.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import type { Candidate } from '../../src/risk/gate/gate-facts.ts';
import { DEFAULT_LIMITS, type RiskLimits } from '../../src/risk/terms/limits.ts';
import { updateRiskState, type RiskState } from '../../src/risk/state/risk-state.ts';
import { gateInput, instrument, NORMAL, NOW } from '../risk/fixtures.ts';
import { AccountModel, type ByHand } from './account-model.ts';
import { anyCandidate } from './arbitraries.ts';
import { anyLadder } from './situations.ts';

/** The counts are opened wide, so that only the money limits stand between the sequence and the day's loss. */
const MANY: RiskLimits = {
  ...DEFAULT_LIMITS,
  riskPerTrade: ratio('0.015'),
  maxPositions: 50,
  maxTradesPerDay: 500,
  maxCorrelated: 50,
};
const COSTS = { fee: toNumber(MANY.takerFee), slippage: toNumber(MANY.slippage) };
const LIMIT = toNumber(MANY.dailyLoss);
const START = 1_000;
/** The model counts in doubles. */
const DUST = 1e-8;

type Step =
  | { readonly kind: 'enter'; readonly candidate: Candidate; readonly step: string }
  | {
      readonly kind: 'on position';
      readonly act: Act;
      readonly which: number;
      readonly share: number;
    }
  | { readonly kind: 'order lands' | 'next day' }
  | { readonly kind: 'cash flow'; readonly share: number }
  | { readonly kind: 'by hand'; readonly order: ByHand };
type Act = 'move' | 'stop-out' | 'close' | 'close a part' | 'fund';

const enters = fc.record({
  kind: fc.constant('enter' as const),
  candidate: anyCandidate,
  step: fc.constantFrom('0.0001', '0.01', '1'),
});
const lands = fc.constant({ kind: 'order lands' as const });
const acts = (...of: Act[]): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constant('on position' as const),
    act: fc.constantFrom(...of),
    which: fc.nat({ max: 9 }),
    share: fc.double({ min: 0.001, max: 1.2, noNaN: true }),
  });

/** What trades alone do: entries, fills, prices, stops and closes. */
const TRADES: readonly fc.Arbitrary<Step>[] = [
  enters,
  enters,
  lands,
  acts('move', 'move', 'stop-out', 'close', 'close a part'),
];
/** What else happens to an account: it may cost what no gate can foresee. */
const LIFE: readonly fc.Arbitrary<Step>[] = [
  acts('fund'),
  fc.constant({ kind: 'next day' as const }),
  fc.record({
    kind: fc.constant('cash flow' as const),
    share: fc.double({ min: -0.8, max: 2, noNaN: true }),
  }),
  fc
    .record({
      side: fc.constantFrom('long' as const, 'short' as const),
      away: fc.double({ min: 0.002, max: 0.06, noNaN: true }),
      size: fc.double({ min: 0.1, max: 6, noNaN: true }),
      leverage: fc.constantFrom(1, 5, 20),
    })
    .map(({ side, away, size: amount, leverage }) => {
      const against = side === 'long' ? -1 : 1;
      const levels = {
        entry: 100,
        stop: 100 * (1 + against * away),
        target: 100 * (1 - against * away),
      };
      const order = { symbol: 'HANDUSDT', side, leverage, qty: amount, ...levels };
      return { kind: 'by hand' as const, order };
    }),
];

/** What became of an account. */
interface Day {
  readonly approved: number;
  /** Loss of the day as a share of its base, when everything had stopped out at the end. */
  readonly loss: number;
  /** By how much funding, hands, withdrawals and the turn of a day pushed the planned loss past the limit, as such shares. */
  readonly excess: number;
}

/** Plays the steps over the real gate and the real memory. Fails at an approval that plans a day beyond its limit. */
function play(steps: readonly Step[], tiers: readonly RiskTier[]): Day {
  const model = new AccountModel(START, COSTS);
  let now = NOW;
  let base = START;
  let approved = 0;
  let excess = 0;
  let cashFlow = 0;
  let state: RiskState | undefined;
  const planned = (): number => 1 - model.worst / base;
  const read = (): void => {
    now += MINUTE;
    const reading = {
      account: model.account(now),
      positions: model.positions(now),
      closed: [],
      now,
    };
    const flow = cashFlow === 0 ? {} : { cashFlow: usd(cashFlow.toFixed(12)) };
    ({ state } = updateRiskState(state, { ...reading, ...flow }, MANY));
    cashFlow = 0;
  };
  const enter = ({ candidate, step }: Extract<Step, { kind: 'enter' }>): void => {
    const verdict = checkEntry(
      gateInput({
        candidate,
        account: model.account(now),
        positions: model.positions(now),
        protections: model.protections(),
        inFlight: model.onTheWay(),
        instrument: instrument({ symbol: candidate.symbol, step: qty(step), minQty: qty(step) }),
        tiers,
        mark: { price: candidate.entry, at: now },
        state,
        mode: NORMAL,
        correlatedSameSide: 0,
        limits: MANY,
        now,
      }),
    );
    if (verdict.kind === 'refused') return;
    model.send(verdict.entry);
    approved += 1;
    expect(planned()).toBeLessThanOrEqual(LIMIT + DUST);
  };
  const actOn = ({ act, which, share }: Extract<Step, { kind: 'on position' }>): void => {
    const id = model.ids[which % Math.max(1, model.ids.length)];
    if (id === undefined) return;
    if (act === 'move') model.move(id, share);
    else if (act === 'stop-out') model.stopOut(id);
    else if (act === 'close') model.close(id, 1);
    else if (act === 'close a part') model.close(id, share / 2);
    else model.fund(id, (share - 0.4) / 100);
  };
  const flow = (share: number): void => {
    const before = model.equity;
    // Nobody can take out what is bound in positions or lost.
    const amount = before * share;
    if (before <= 1 || before + amount < 1) return;
    model.wallet += amount;
    cashFlow += amount;
    base *= model.equity / before;
  };
  read();
  for (const step of steps) {
    const before = Math.max(LIMIT, planned());
    if (step.kind === 'enter') enter(step);
    else if (step.kind === 'order lands') model.land(now);
    else if (step.kind === 'on position') actOn(step);
    else if (step.kind === 'cash flow') flow(step.share);
    else if (step.kind === 'by hand') model.openByHand(step.order, now);
    else {
      now = dayStart(now) + DAY;
      base = model.equity;
      excess = 0;
    }
    read();
    const pushed = Math.max(0, planned() - Math.max(before, LIMIT));
    const byTrade = step.kind === 'enter' || step.kind === 'order lands';
    const byMarket = step.kind === 'on position' && step.act !== 'fund';
    // What trades and prices do never raises the planned loss; a limit that was passed stays passed until the day ends.
    if (byTrade || byMarket) expect(pushed).toBeLessThanOrEqual(DUST);
    else excess = step.kind === 'next day' ? Math.max(0, planned() - LIMIT) : excess + pushed;
  }
  while (model.onTheWay().length > 0) model.land(now);
  for (const id of model.ids) model.stopOut(id);
  return { approved, loss: 1 - model.equity / base, excess };
}

const sequence = (steps: readonly fc.Arbitrary<Step>[]): fc.Arbitrary<Step[]> =>
  fc.array(fc.oneof(...steps), { minLength: 5, maxLength: 40 });

/** A closing by hand at the mark costs slippage and a fee that no stop planned; it is at worst what the stop would cost. */
describe('the day whose stops fill at stop plus the assumed slippage', () => {
  it('never loses more than the limit, whatever was entered at once, moved, stopped, closed or closed in part before', () => {
    let approvals = 0;
    fc.assert(
      fc.property(sequence(TRADES), anyLadder, (steps, tiers) => {
        const { approved, loss, excess } = play(steps, tiers);
        approvals += approved;
        expect(excess).toBe(0);
        expect(loss).toBeLessThanOrEqual(LIMIT + DUST);
      }),
      { numRuns: 200 },
    );
    expect(approvals).toBeGreaterThan(200);
  });

  it('loses more only by what funding, hands, withdrawals and profit carried over midnight added, and nothing is approved meanwhile', () => {
    let approvals = 0;
    fc.assert(
      fc.property(sequence([...TRADES, ...TRADES, ...LIFE]), anyLadder, (steps, tiers) => {
        const { approved, loss, excess } = play(steps, tiers);
        approvals += approved;
        expect(loss).toBeLessThanOrEqual(LIMIT + excess + DUST);
      }),
      { numRuns: 200 },
    );
    expect(approvals).toBeGreaterThan(200);
  });

  it('would lose more without the daily budget: two full stops alone do', () => {
    const losing = (day: RiskLimits): number => {
      const model = new AccountModel(START, COSTS);
      for (const symbol of ['AUSDT', 'BUSDT', 'CUSDT']) {
        const candidate = { ...gateInput().candidate, symbol, category: symbol };
        const account = model.account(NOW);
        const input = { candidate, account, instrument: instrument({ symbol }), limits: day };
        const verdict = checkEntry(gateInput(input));
        if (verdict.kind === 'approved') model.send(verdict.entry);
        model.land(NOW);
        for (const id of model.ids) model.stopOut(id);
      }
      return 1 - model.equity / START;
    };
    expect(losing(MANY)).toBeLessThanOrEqual(LIMIT);
    expect(losing({ ...MANY, dailyLoss: ratio('0.9') })).toBeGreaterThan(LIMIT);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equityOf } from '../../src/domain/account.ts';
import { add, qty, ratio, scaleBy, sub, usd } from '../../src/domain/money.ts';
import { check } from '../../src/risk/gate.ts';
import type { Candidate } from '../../src/risk/gate-input.ts';
import { DEFAULT_LIMITS, type RiskLimits } from '../../src/risk/limits.ts';
import { gateInput, instrument, NOW, riskState } from '../risk/fixtures.ts';
import { AccountModel } from './account-model.ts';
import { anyCandidate } from './arbitraries.ts';

type Step =
  | { readonly kind: 'enter'; readonly candidate: Candidate }
  | {
      readonly kind: 'move' | 'stop-out' | 'close';
      readonly which: number;
      readonly share: number;
    };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: anyCandidate.map((candidate) => ({ kind: 'enter' as const, candidate })),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'move' as const,
        'move' as const,
        'stop-out' as const,
        'close' as const,
      ),
      which: fc.nat({ max: 9 }),
      share: fc.double({ min: 0.001, max: 1.2, noNaN: true }),
    }),
  },
);

/** Fees are rounded fill by fill, the limit once: some 1e-18 apart. */
const DUST = usd('0.000000000001');

/** The counts are opened wide, so that only the money limits stand between the sequence and the day's loss. */
const MANY: RiskLimits = {
  ...DEFAULT_LIMITS,
  maxPositions: 50,
  maxTradesPerDay: 500,
  maxCorrelated: 50,
};

function enter(model: AccountModel, candidate: Candidate, start: ReturnType<typeof usd>): boolean {
  const verdict = check(
    gateInput({
      candidate,
      account: model.account(),
      positions: model.positions(),
      protections: model.protections(),
      instrument: instrument({
        symbol: candidate.symbol,
        step: qty('0.0001'),
        minQty: qty('0.0001'),
      }),
      mark: { price: candidate.entry, at: NOW },
      state: riskState({ dayStartEquity: start, peakEquity: start }),
      correlatedSameSide: 0,
      limits: MANY,
    }),
  );
  if (verdict.kind === 'approved') model.open(verdict.entry);
  return verdict.kind === 'approved';
}

function run(steps: readonly Step[]): { readonly approved: number; readonly model: AccountModel } {
  const start = usd('1000');
  const model = new AccountModel(start, MANY);
  let approved = 0;
  for (const step of steps) {
    if (step.kind === 'enter') {
      approved += enter(model, step.candidate, start) ? 1 : 0;
      continue;
    }
    const id = model.ids[step.which % Math.max(1, model.ids.length)];
    if (id === undefined) continue;
    if (step.kind === 'move') model.move(id, step.share);
    else if (step.kind === 'stop-out') model.stopOut(id);
    else model.close(id);
  }
  for (const id of model.ids) model.stopOut(id);
  return { approved, model };
}

/** A closing by hand at the mark costs slippage and a fee that no stop planned; it is at worst what the stop would cost. */
describe('the day whose stops fill at stop plus the assumed slippage', () => {
  it('never loses more than the limit, whatever was entered, moved, stopped or closed before', () => {
    let approvals = 0;
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 5, maxLength: 40 }), (steps) => {
        const { approved, model } = run(steps);
        approvals += approved;
        const loss = sub(usd('1000'), equityOf(model.account()));
        expect(loss <= add(scaleBy(usd('1000'), MANY.dailyLoss, 'down'), DUST)).toBe(true);
      }),
      { numRuns: 400 },
    );
    expect(approvals).toBeGreaterThan(400);
  });

  it('would lose more without the remaining daily budget: two full stops alone do', () => {
    const losing = (day: RiskLimits): bigint => {
      const model = new AccountModel(usd('1000'), day);
      for (const symbol of ['AUSDT', 'BUSDT', 'CUSDT']) {
        const candidate = gateInput().candidate;
        const verdict = check(
          gateInput({
            candidate: { ...candidate, symbol, category: symbol },
            account: model.account(),
            instrument: instrument({ symbol }),
            limits: day,
          }),
        );
        if (verdict.kind === 'approved') model.open(verdict.entry);
        for (const id of model.ids) model.stopOut(id);
      }
      return sub(usd('1000'), equityOf(model.account()));
    };
    expect(losing(MANY) <= usd('30')).toBe(true);
    expect(losing({ ...MANY, dailyLoss: ratio('0.9') }) > usd('30')).toBe(true);
  });
});

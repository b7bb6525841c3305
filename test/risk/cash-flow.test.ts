import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abs, sub, toText, usd, type Usd } from '../../src/domain/money/money.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { answerWithdrawal, tradingAlone, unexplainedSum } from '../../src/risk/state/cash-flow.ts';
import { dayLossOf, drawdownOf } from '../../src/risk/state/day-loss.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import {
  updateRiskState,
  type RiskReading,
  type RiskState,
} from '../../src/risk/state/risk-state.ts';
import { account, NOW, riskState } from './fixtures.ts';

const reading = (equity: Usd, now: number, over: Partial<RiskReading> = {}): RiskReading => ({
  account: account({ available: equity, at: now }),
  positions: [],
  closed: [],
  now,
  ...over,
});
const next = (state: RiskState, each: RiskReading): RiskState =>
  updateRiskState(state, each, DEFAULT_LIMITS).state;
const far = (a: Usd, b: Usd): number => Number(toText(abs(sub(a, b))));
const cents = (amount: number): Usd => usd((amount / 100).toFixed(2));

/** What happens to an account, in cents, and the hours before it. */
const event = fc.record({
  hours: fc.integer({ min: 0, max: 9 }),
  kind: fc.constantFrom('trade' as const, 'trade' as const, 'deposit' as const, 'left' as const),
  parts: fc.integer({ min: 1, max: 400 }),
  gain: fc.boolean(),
});
const events = fc.array(event, { minLength: 1, maxLength: 25 });

/** Two memories of one account: one knows every withdrawal at once, the other is told of each only later. */
function lives(list: readonly (typeof event extends fc.Arbitrary<infer E> ? E : never)[]) {
  let known = riskState({ accountAt: NOW - 1 });
  let asked = known;
  let equity = usd('1000');
  let now = NOW;
  for (const { hours, kind, parts, gain } of list) {
    now += hours * HOUR + 1;
    const share = ((equity * BigInt(parts)) / 1_000n) as Usd;
    const amount = kind === 'left' || (kind === 'trade' && !gain) ? (-share as Usd) : share;
    const flow = kind === 'trade' ? undefined : amount;
    equity = (equity + amount) as Usd;
    if (flow !== undefined) {
      // The first reading that shows it is in doubt, the second one confirms it.
      const suspect = reading(equity, now, { suspect: true });
      known = next(known, suspect);
      asked = next(asked, suspect);
      now += 5_000;
    }
    const plain = reading(equity, now);
    known = next(known, flow === undefined ? plain : { ...plain, cashFlow: flow });
    asked = next(
      asked,
      flow === undefined
        ? plain
        : { ...plain, ...(flow < 0n ? { unexplained: flow } : { cashFlow: flow }) },
    );
  }
  return { known, asked, equity };
}

const answered = (state: RiskState, order: 'oldest' | 'newest'): RiskState => {
  let so = state;
  while (so.steps.length > 0) {
    const step = order === 'oldest' ? so.steps[0] : so.steps.at(-1);
    so = answerWithdrawal(so, step?.id ?? '') ?? so;
  }
  return so;
};

describe('money that left and is explained later', () => {
  it.each(['oldest', 'newest'] as const)(
    'leaves day and drawdown as if it had been known at once, whatever happened between, %s answered first',
    (order) => {
      fc.assert(
        fc.property(events, (list) => {
          const { known, asked, equity } = lives(list);
          const later = answered(asked, order);
          expect(later.dayStart).toBe(known.dayStart);
          expect(far(later.dayStartEquity, known.dayStartEquity)).toBeLessThan(1e-9);
          expect(far(later.peakEquity, known.peakEquity)).toBeLessThan(1e-9);
          const pnl = (of: RiskState) => dayLossOf(of, equity, DEFAULT_LIMITS).pnl;
          expect(far(pnl(later), pnl(known))).toBeLessThan(1e-9);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('counts as a loss until then, and never as more than a loss', () => {
    const left = next(riskState(), reading(usd('600'), NOW, { unexplained: usd('-400') }));
    const measured = (of: RiskState) => toText(dayLossOf(of, usd('600'), DEFAULT_LIMITS).fraction);
    expect(measured(left)).toBe('0.4');
    expect(toText(unexplainedSum(left))).toBe('-400');
    expect(measured(answerWithdrawal(left, left.steps[0]?.id ?? '') ?? left)).toBe('0');
    expect(measured(tradingAlone(left))).toBe('0');
  });

  it('is answered once: the second answer finds no question', () => {
    const left = next(riskState(), reading(usd('600'), NOW, { unexplained: usd('-400') }));
    const id = left.steps[0]?.id ?? '';
    const once = answerWithdrawal(left, id);
    expect(once?.steps).toEqual([]);
    expect(once === undefined ? 1 : answerWithdrawal(once, id)).toBeUndefined();
  });

  it('does not touch a day that began after it', () => {
    const left = next(riskState(), reading(usd('600'), NOW, { unexplained: usd('-400') }));
    const tomorrow = next(left, reading(usd('600'), NOW + DAY));
    const after = answerWithdrawal(tomorrow, left.steps[0]?.id ?? '');
    expect(after === undefined ? '' : toText(after.dayStartEquity)).toBe('600');
    expect(
      after === undefined ? '' : toText(drawdownOf(after, usd('600'), DEFAULT_LIMITS).fall),
    ).toBe('0');
  });
});

describe('the answer about money that left', () => {
  const step = { id: 's', amount: usd('-400'), equity: usd('600'), highSince: usd('0') };
  const answeredAt = (at: number, over: Partial<RiskState> = {}): RiskState | undefined =>
    answerWithdrawal(riskState({ ...over, steps: [{ ...step, at }] }), 's');

  it('restates a day from its first millisecond on, and no day that began later', () => {
    const start = riskState().dayStart;
    const first = [start, start - 1].map((at) => answeredAt(at)?.dayStartEquity ?? 0n);
    expect(first.map((each) => toText(each as Usd))).toEqual(['600', '1000']);
  });

  it('makes equity from before it incomparable, and keeps a later moment of that kind', () => {
    expect(answeredAt(NOW)?.flowAt).toBe(NOW);
    expect(answeredAt(NOW, { flowAt: NOW - 1 })?.flowAt).toBe(NOW);
    expect(answeredAt(NOW, { flowAt: NOW + 1 })?.flowAt).toBe(NOW + 1);
  });
});

describe('a reading in doubt', () => {
  it('raises no high-water mark: a deposit that is seen in parts is no drawdown later', () => {
    let state = riskState();
    const seen = ['1500', '1700'].map((each, n) =>
      reading(usd(each), NOW + n * 5_000, { suspect: true }),
    );
    for (const each of seen) state = next(state, each);
    expect(toText(state.peakEquity)).toBe('1000');
    state = next(state, reading(usd('1700'), NOW + 10_000, { cashFlow: cents(70_000) }));
    expect(toText(state.peakEquity)).toBe('1700');
  });

  it('begins no day: the next one does', () => {
    const evening = riskState({ accountAt: NOW + 12 * HOUR - 5_000 });
    const suspect = next(evening, reading(usd('1500'), NOW + 12 * HOUR, { suspect: true }));
    expect(suspect.dayStart).toBe(evening.dayStart);
    const sure = next(
      suspect,
      reading(usd('1500'), NOW + 12 * HOUR + 5_000, { cashFlow: usd('500') }),
    );
    expect([sure.dayStart, toText(sure.dayStartEquity)]).toEqual([NOW + 12 * HOUR, '1500']);
  });
});

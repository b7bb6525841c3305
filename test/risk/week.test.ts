import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, toText, usd, ZERO_USD, type Usd } from '../../src/domain/money/money.ts';
import { DAY, HOUR, MINUTE, type Timestamp } from '../../src/domain/time.ts';
import { answerWithdrawal } from '../../src/risk/state/cash-flow.ts';
import { weekLossOf } from '../../src/risk/state/day-loss.ts';
import { rebuildRiskState } from '../../src/risk/state/rebuild.ts';
import {
  updateRiskState,
  type RiskReading,
  type RiskState,
} from '../../src/risk/state/risk-state.ts';
import { weekBase, withMark, type EquityMark } from '../../src/risk/state/week.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { account, closed, NOW, position, riskState } from './fixtures.ts';

const at = (
  equity: string | Usd,
  now: Timestamp,
  over: Partial<RiskReading> = {},
): RiskReading => ({
  account: account({ available: typeof equity === 'string' ? usd(equity) : equity, at: now }),
  positions: [],
  closed: [],
  now,
  ...over,
});
const after = (readings: readonly RiskReading[], from?: RiskState): RiskState => {
  let state = from;
  for (const each of readings) ({ state } = updateRiskState(state, each, DEFAULT_LIMITS));
  if (state === undefined) throw new Error('no reading');
  return state;
};
const WEEKLY = { weeklyLoss: DEFAULT_LIMITS.drawdown };
const loss = (state: RiskState, equity: Usd = state.lastEquity): string =>
  toText(weekLossOf(state, equity, WEEKLY).loss);

describe('the equity of 7 days ago', () => {
  const START = NOW;
  const hourly = (equityAt: (hour: number) => string, hours: number): RiskReading[] =>
    Array.from({ length: hours + 1 }, (_, hour) => at(equityAt(hour), START + hour * HOUR));

  it('rolls on hour by hour, and is the oldest that is known until there are 7 days', () => {
    const rising = after(hourly((hour) => `${1000 + hour}`, 7 * 24 - 1));
    expect(weekBase(rising.week ?? [], rising.accountAt)).toEqual({
      at: START,
      equity: usd('1000'),
      short: true,
    });
    const whole = after(hourly((hour) => `${1000 + hour}`, 7 * 24));
    expect(weekBase(whole.week ?? [], whole.accountAt)?.short).toBe(false);
    const later = after(hourly((hour) => `${1000 + hour}`, 7 * 24 + 5));
    expect(weekBase(later.week ?? [], later.accountAt)).toEqual({
      at: START + 5 * HOUR,
      equity: usd('1005'),
      short: false,
    });
  });

  it('forgets a loss that is older than 7 days, and not a millisecond before', () => {
    const state = after([at('1000', START), at('900', START + HOUR)]);
    const end = START + HOUR + 7 * DAY;
    expect(loss(after([at('900', end - 1)], state))).toBe('100');
    expect(loss(after([at('900', end)], state))).toBe('0');
  });

  it('is the higher of both sides of a gap', () => {
    const across = (before: string) =>
      weekBase(
        [
          { at: START - 9 * DAY, equity: usd(before) },
          { at: START - 5 * DAY, equity: usd('1000') },
        ],
        START,
      )?.equity;
    expect(across('900')).toBe(usd('1000'));
    expect(across('1100')).toBe(usd('1100'));
  });

  it('takes the first good reading of an hour alone', () => {
    const state = after([
      at('1000', START),
      at('990', START + 30 * MINUTE),
      at('0', START + HOUR),
      at('500', START + HOUR + 1, { suspect: true }),
      at('980', START + HOUR + 2),
      at('970', START + HOUR + 3),
    ]);
    expect(state.week?.map(({ equity }) => toText(equity))).toEqual(['1000', '980']);
  });

  it('has a bounded number of marks, oldest first, whatever is read when', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 * DAY }), { maxLength: 300 }), (gaps) => {
        let marks: readonly EquityMark[] = [];
        let now = START;
        for (const gap of gaps) {
          now += gap;
          marks = withMark(marks, { at: now, equity: usd('1') }, now);
          const old = marks.filter((each) => each.at <= now - 7 * DAY);
          expect(old.length).toBeLessThanOrEqual(1);
          expect(marks.length).toBeLessThanOrEqual(7 * 24 + 2);
        }
        expect([...marks].toSorted((a, b) => a.at - b.at)).toEqual(marks);
      }),
    );
  });
});

describe('money that comes and goes', () => {
  const cents = (min: number, max: number) =>
    fc.integer({ min: min * 100, max: max * 100 }).map((n) => usd((n / 100).toFixed(2)));

  it('moves no percentage of the week, whatever it is', () => {
    fc.assert(
      fc.property(cents(500, 2_000), cents(-400, 5_000), (equity, cashFlow) => {
        const before = after([at('1000', NOW), at(equity, NOW + 2 * HOUR)]);
        const reading = at(add(equity, cashFlow), NOW + 2 * HOUR + 1, { cashFlow });
        const then = after([reading], before);
        const share = (state: RiskState): number =>
          Number(weekLossOf(state, state.lastEquity, WEEKLY).fraction) / 1e18;
        expect(share(then)).toBeCloseTo(share(before), 12);
      }),
    );
  });

  it('counts as a loss while nobody explains it, and not once the owner says that they took it', () => {
    const gone = at('800', NOW + 2 * HOUR, { unexplained: usd('-200') });
    const asked = after([at('1000', NOW), gone, at('800', NOW + 4 * HOUR)]);
    expect(loss(asked)).toBe('200');
    const answered = answerWithdrawal(asked, `${NOW + 2 * HOUR}`);
    expect(answered?.week?.map(({ equity }) => toText(equity))).toEqual(['800', '800', '800']);
    // A week later its hour's mark is what the loss is measured against: as before the money left.
    const week = after([at('800', NOW + 2 * HOUR + 7 * DAY)], asked);
    expect(loss(week)).toBe('200');
  });
});

describe('where the week was not kept', () => {
  it('counts from the start of the day in a state of the version before', () => {
    const state = riskState({ dayStartEquity: usd('1000'), lastEquity: usd('950') });
    expect(weekLossOf(state, usd('950'), WEEKLY)).toMatchObject({
      loss: usd('50'),
      base: { at: state.dayStart, equity: usd('1000'), short: true },
    });
    const next = after([at('950', NOW + 1)], state);
    expect(next.week?.map(({ equity }) => toText(equity))).toEqual(['1000', '950']);
  });

  it('is rebuilt from closed trades: a loss of the last 7 days counts, an older one does not', () => {
    const history = {
      account: account({ available: usd('900'), at: NOW }),
      positions: [],
      closed: [
        closed('new', '-60', { openedAt: NOW - 4 * DAY, closedAt: NOW - 3 * DAY }),
        closed('old', '-40', { openedAt: NOW - 9 * DAY, closedAt: NOW - 8 * DAY }),
      ],
      fills: [],
      startPrices: new Map(),
      now: NOW,
    };
    const { state } = rebuildRiskState(history, DEFAULT_LIMITS);
    expect(loss(state)).toBe('60');
    expect(loss(after([at('900', NOW + 4 * DAY + 1)], state))).toBe('0');
  });

  it('takes all of a loss and no gain of what was open 7 days ago', () => {
    const spans = { openedAt: NOW - 9 * DAY, closedAt: NOW - DAY };
    const history = {
      account: account({ available: usd('1000'), at: NOW }),
      positions: [position({ openedAt: NOW - 8 * DAY, unrealisedPnl: ZERO_USD, fees: ZERO_USD })],
      closed: [closed('lost', '-30', spans), closed('won', '50', spans)],
      fills: [],
      startPrices: new Map(),
      now: NOW,
    };
    const { state } = rebuildRiskState(history, DEFAULT_LIMITS);
    expect(toText(state.week?.[0]?.equity ?? ZERO_USD)).toBe('1030');
  });

  it('is measured against no less than a Vigil that watched would measure against', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: -90, max: 90 })), {
          minLength: 1,
          maxLength: 40,
        }),
        (trades) => {
          let now = NOW;
          let equity = usd('10000');
          let watched = after([at(equity, now)]);
          const rows = trades.map(([hours, net], index) => {
            const openedAt = now + 1;
            now += hours * HOUR;
            const amount = usd(`${net}`);
            equity = add(equity, amount);
            watched = after([at(equity, now)], watched);
            return closed(`t${index}`, `${net}`, { openedAt, closedAt: now });
          });
          const history = {
            account: account({ available: equity, at: now }),
            positions: [],
            closed: rows,
            fills: [],
            startPrices: new Map(),
            now,
          };
          const { state } = rebuildRiskState(history, DEFAULT_LIMITS);
          const base = (of: RiskState): Usd => weekLossOf(of, equity, WEEKLY).base.equity;
          expect(base(state) >= base(watched)).toBe(true);
        },
      ),
    );
  });
});

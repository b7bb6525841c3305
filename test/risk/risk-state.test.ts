import { describe, expect, it } from 'vitest';
import { qty, toText, usd, type Usd } from '../../src/domain/money/money.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { dayLossOf, drawdownOf } from '../../src/risk/state/day-loss.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import {
  rebasePeak,
  updateRiskState,
  type RiskReading,
  type RiskState,
} from '../../src/risk/state/risk-state.ts';
import { account, closed, DAY_START, NOW, position, riskState } from './fixtures.ts';

const reading = (equity: string, over: Partial<RiskReading> = {}): RiskReading => {
  const now = over.now ?? NOW;
  return {
    account: account({ available: usd(equity), at: now }),
    positions: [],
    closed: [],
    now,
    ...over,
  };
};

const after = (state: RiskState | undefined, ...readings: RiskReading[]): RiskState => {
  let next = state;
  for (const each of readings) next = updateRiskState(next, each, DEFAULT_LIMITS).state;
  if (next === undefined) throw new Error('no reading');
  return next;
};

const kinds = (state: RiskState | undefined, each: RiskReading): string[] =>
  updateRiskState(state, each, DEFAULT_LIMITS).events.map((event) => event.kind);

describe('the first reading', () => {
  it('starts day and high-water mark at its equity', () => {
    const state = after(undefined, reading('1000'));
    expect([state.dayStart, toText(state.dayStartEquity), toText(state.peakEquity)]).toEqual([
      DAY_START,
      '1000',
      '1000',
    ]);
  });

  it('counts what history already shows of the day', () => {
    const state = after(
      undefined,
      reading('1000', { positions: [position()], closed: [closed('old', '-3')] }),
    );
    expect([state.tradesToday, state.lossStreak]).toEqual([2, 1]);
  });
});

describe('the day', () => {
  const lastOfDay = DAY_START + DAY - 5_000;

  it('does not roll a millisecond before 00:00 UTC and rolls at it', () => {
    expect(after(riskState(), reading('990', { now: DAY_START + DAY - 1 })).dayStart).toBe(
      DAY_START,
    );
    expect(after(riskState(), reading('990', { now: DAY_START + DAY })).dayStart).toBe(
      DAY_START + DAY,
    );
  });

  it('begins at the higher of the last and the first reading, so that a bad first one hides no loss', () => {
    const evening = after(riskState(), reading('990', { now: lastOfDay }));
    const morning = after(evening, reading('700', { now: DAY_START + DAY }));
    expect(toText(morning.dayStartEquity)).toBe('990');
    expect(toText(dayLossOf(morning, usd('700'), DEFAULT_LIMITS).loss)).toBe('290');
  });

  it('begins at the first reading when the last one is old', () => {
    const morning = after(
      riskState({ accountAt: DAY_START }),
      reading('700', { now: DAY_START + DAY }),
    );
    expect(toText(morning.dayStartEquity)).toBe('700');
  });

  it.each([
    [10 * MINUTE, '990'],
    [10 * MINUTE + 1, '700'],
  ])('counts a last reading that is %d ms older than its beginning with %s', (age, first) => {
    const evening = riskState({ accountAt: DAY_START + DAY - age, lastEquity: usd('990') });
    const morning = after(evening, reading('700', { now: DAY_START + DAY }));
    expect(toText(morning.dayStartEquity)).toBe(first);
  });

  it('begins with the book of what is open: longs less shorts, to the last digit', () => {
    const long = position({ id: 'p1', qty: qty('0.3') });
    const short = position({ id: 'p2', side: 'short', qty: qty('0.1') });
    const morning = after(
      riskState(),
      reading('1000', { now: DAY_START + DAY, positions: [long, short] }),
    );
    expect(morning.dayBook.rows.map((row) => [row.symbol, toText(row.qty)])).toEqual([
      ['BTCUSDT', '0.2'],
    ]);
  });

  it('does not begin on an equity of zero', () => {
    const state = after(riskState(), reading('0', { now: DAY_START + DAY + 1 }));
    expect([state.dayStart, toText(state.dayStartEquity)]).toEqual([DAY_START, '1000']);
  });

  it('clears the trades of the day and nothing else', () => {
    const busy = riskState({
      tradesToday: 3,
      entriesCounted: ['a', 'b', 'c'],
      lossStreak: 4,
      peakEquity: usd('1200'),
    });
    const next = after(busy, reading('990', { now: DAY_START + DAY }));
    expect([next.tradesToday, next.lossStreak, toText(next.peakEquity)]).toEqual([0, 4, '1200']);
  });

  it('begins at another hour where the limits say so', () => {
    const limits = { ...DEFAULT_LIMITS, dayStartOffsetMs: 6 * HOUR };
    const start = updateRiskState(undefined, reading('1000', { now: DAY_START + 5 * HOUR }), limits)
      .state.dayStart;
    expect(start).toBe(DAY_START - 18 * HOUR);
  });
});

describe('the high-water mark', () => {
  it('rises only to what two readings in a row agree on', () => {
    const spiked = after(riskState(), reading('9000'));
    expect(toText(spiked.peakEquity)).toBe('1000');
    expect(toText(after(spiked, reading('1010')).peakEquity)).toBe('1010');
    expect(toText(after(riskState(), reading('1100'), reading('1100')).peakEquity)).toBe('1100');
  });

  it('never falls by itself, and starts anew when a person accepts the drawdown', () => {
    const low = after(riskState(), reading('800'), reading('800', { now: NOW + 40 * DAY }));
    expect(toText(low.peakEquity)).toBe('1000');
    expect(toText(rebasePeak(low).peakEquity)).toBe('800');
  });
});

describe('deposits and withdrawals', () => {
  it('that are asked about put the last reading on the footing of this one before the marks rise', () => {
    const unexplained = usd('-400');
    const state = after(
      riskState({ lastEquity: usd('1000'), peakEquity: usd('500') }),
      reading('700', { unexplained }),
    );
    // 1000 before is 636.36 without what left; that this reading says 700 counts when the next one agrees.
    expect(toText(state.peakEquity).slice(0, 6)).toBe('636.36');
    expect(toText(after(state, reading('700', { now: NOW + 5_000 })).peakEquity)).toBe('700');
  });

  const measured = (state: RiskState, equity: Usd): string[] => [
    toText(dayLossOf(state, equity, DEFAULT_LIMITS).fraction),
    toText(drawdownOf(state, equity, DEFAULT_LIMITS).fraction),
    toText(dayLossOf(state, equity, DEFAULT_LIMITS).pnl),
  ];

  it('leave the loss of the day, the drawdown and the result of the day as they were', () => {
    const lost = after(riskState({ peakEquity: usd('1100') }), reading('980'));
    const deposited = after(lost, reading('1960', { cashFlow: usd('980') }));
    const withdrawn = after(lost, reading('490', { cashFlow: usd('-490') }));
    expect(measured(deposited, usd('1960'))).toEqual(measured(lost, usd('980')));
    expect(measured(withdrawn, usd('490'))).toEqual(measured(lost, usd('980')));
  });

  it('move the baselines by the amount where nothing was there before', () => {
    const empty = riskState({
      dayStartEquity: usd('0'),
      peakEquity: usd('0'),
      lastEquity: usd('0'),
    });
    const funded = after(empty, reading('500', { cashFlow: usd('500') }));
    expect([toText(funded.dayStartEquity), toText(funded.peakEquity)]).toEqual(['500', '500']);
  });

  it('are events: a known flow is told, money that left unexplained is asked about', () => {
    expect(kinds(riskState(), reading('1500', { cashFlow: usd('500') }))).toEqual(['cash-flow']);
    expect(kinds(riskState(), reading('600', { unexplained: usd('-400') }))).toEqual([
      'unexplained-withdrawal',
    ]);
  });
});

describe('trades of the day', () => {
  it('are counted once per position, whoever opened it, also when it closed between two readings', () => {
    const once = after(riskState(), reading('1000', { positions: [position()] }));
    const twice = after(
      once,
      reading('1000', { positions: [position()], closed: [closed('quick', '1')] }),
    );
    expect([once.tradesToday, twice.tradesToday]).toEqual([1, 2]);
  });

  it('leave out positions of earlier days', () => {
    const held = position({ openedAt: DAY_START - 1 });
    expect(after(riskState(), reading('1000', { positions: [held] })).tradesToday).toBe(0);
    const today = position({ openedAt: DAY_START });
    expect(after(riskState(), reading('1000', { positions: [today] })).tradesToday).toBe(1);
  });
});

describe('losses in a row', () => {
  const losses = (count: number) =>
    Array.from({ length: count }, (_, n) => closed(`l${n}`, '-1', { closedAt: NOW - 10_000 + n }));

  it('count closed trades by id, so that the same history twice changes nothing', () => {
    const page = { closed: losses(3) };
    expect(after(riskState(), reading('997', page), reading('997', page)).lossStreak).toBe(3);
  });

  it('end with a net profit and not with an exact zero', () => {
    expect(
      after(riskState({ lossStreak: 3 }), reading('1000', { closed: [closed('a', '0')] }))
        .lossStreak,
    ).toBe(3);
    expect(
      after(riskState({ lossStreak: 3 }), reading('1000', { closed: [closed('a', '0.01')] }))
        .lossStreak,
    ).toBe(0);
  });

  const UNIT = '0.000000000000000001';
  it.each([
    ['0', 3, ['ETHUSDT'], []],
    [UNIT, 0, [], []],
    [`-${UNIT}`, 4, ['ETHUSDT', 'BTCUSDT'], ['BTCUSDT']],
  ])(
    'after a close with %s: a streak of %d, losers %j, paused %j',
    (net, streak, losers, paused) => {
      const before = { symbol: 'ETHUSDT', side: 'long', net: usd('-1'), at: NOW - HOUR } as const;
      const state = after(
        riskState({ lossStreak: 3, losers: [before] }),
        reading('1000', { closed: [closed('a', net)] }),
      );
      expect([
        state.lossStreak,
        state.losers.map((each) => each.symbol),
        Object.keys(state.lossCloses),
      ]).toEqual([streak, losers, paused]);
    },
  );

  it('belong to the day in which they closed, from its first millisecond on', () => {
    const page = {
      closed: [
        closed('a', '-1', { closedAt: DAY_START - 1 }),
        closed('b', '-2', { closedAt: DAY_START }),
      ],
    };
    const { dayResults } = after(riskState(), reading('1000', page));
    expect(Object.values(dayResults).map(toText)).toEqual(['-2']);
  });

  it('keep the pause of a symbol for a day longer than it lasts, and no longer', () => {
    const since = NOW - DEFAULT_LIMITS.symbolCoolDownMs - DAY;
    const remembered = riskState({ lossCloses: { ETHUSDT: since, SOLUSDT: since - 1 } });
    const state = after(remembered, reading('1000', { closed: [closed('a', '1')] }));
    expect(state.lossCloses).toEqual({ ETHUSDT: since });
  });

  it('is no gain while its costs are unknown, and a loss all the same', () => {
    const seen = (net: string, unknown: object) => {
      const row = { ...closed('a', net), ...unknown };
      const state = after(riskState({ lossStreak: 2 }), reading('1000', { closed: [row] }));
      const { lossStreak, dayResults, losers, lossCloses } = state;
      const result = Number(dayResults['BTCUSDT']);
      return [lossStreak, result, losers.length, Object.keys(lossCloses).length];
    };
    const unknown = { costsUnknown: true as const };
    expect(seen('5', {})).toEqual([0, 5e18, 0, 0]);
    expect(seen('5', unknown)).toEqual([2, 0, 0, 0]);
    expect(seen('-5', unknown)).toEqual([3, -5e18, 1, 1]);
  });

  it('are taken in the order of closing whatever the order of the page', () => {
    const win = closed('win', '5', { closedAt: NOW - 9_000 });
    const loss = closed('loss', '-5', { closedAt: NOW - 8_000 });
    expect(after(riskState(), reading('1000', { closed: [loss, win] })).lossStreak).toBe(1);
  });

  it('start a pause of 24 h at the fifth and begin anew after it', () => {
    const four = after(riskState(), reading('996', { closed: losses(4) }));
    const five = after(four, reading('995', { closed: losses(5) }));
    const fifthAt = NOW - 10_000 + 4;
    expect([four.coolOffUntil, five.coolOffUntil]).toEqual([undefined, fifthAt + DAY]);
    const waiting = after(five, reading('995', { now: fifthAt + DAY - 1 }));
    expect([waiting.lossStreak, waiting.coolOffUntil]).toEqual([5, fifthAt + DAY]);
    const over = after(five, reading('995', { now: fifthAt + DAY }));
    expect([over.lossStreak, over.coolOffUntil]).toEqual([0, undefined]);
  });

  it('do not lengthen the pause by a trade that ends at exactly zero', () => {
    const paused = riskState({ lossStreak: 5, coolOffUntil: NOW + 1_000 });
    const zero = after(paused, reading('1000', { closed: [closed('z', '0', { closedAt: NOW })] }));
    expect(zero.coolOffUntil).toBe(NOW + 1_000);
    const lost = after(paused, reading('999', { closed: [closed('z', '-1', { closedAt: NOW })] }));
    expect(lost.coolOffUntil).toBe(NOW + DAY);
  });

  it('pause the symbol of a losing close or a liquidation, not of a winning one', () => {
    const page = {
      closed: [
        closed('a', '-1'),
        closed('b', '1', { symbol: 'ETHUSDT' }),
        closed('c', '0', { symbol: 'SOLUSDT', liquidated: true }),
      ],
    };
    const state = after(riskState(), reading('1000', page));
    expect(Object.keys(state.lossCloses).toSorted()).toEqual(['BTCUSDT', 'SOLUSDT']);
  });

  it('remember a bounded number of closes', () => {
    const many = Array.from({ length: 1_200 }, (_, n) =>
      closed(`m${n}`, '1', { closedAt: NOW - 5_000 + n }),
    );
    const state = after(riskState(), reading('1000', { closed: many }));
    expect(state.closesCounted).toHaveLength(500);
    expect(state.closesCounted.at(-1)).toBe('m1199');
  });
});

describe('readings', () => {
  it('that failed count until a good one', () => {
    const failed = { ...riskState(), failedReads: 2 };
    expect(after(failed, reading('1000')).failedReads).toBe(0);
  });

  it('that are older than the last one are ignored', () => {
    const state = riskState();
    expect(after(state, reading('1', { now: NOW - 1 }))).toBe(state);
  });
});

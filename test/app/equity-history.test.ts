import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWithdrawals, tookItOut } from '../../src/app/account/answer-withdrawal.ts';
import { clearedHistory, type CurvePoint } from '../../src/app/account/equity-history.ts';
import type { EquityPoint } from '../../src/app/ports/account-store.ts';
import { readPnl } from '../../src/app/views/read-pnl.ts';
import { readStatus } from '../../src/app/views/read-status.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { describeEquity } from '../../src/bot/charts/equity-chart.ts';
import { ratioFromNumber, toNumber, usd, type Usd } from '../../src/domain/money/money.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { percentText } from '../../src/domain/words/words.ts';
import { answerWithdrawal } from '../../src/risk/state/cash-flow.ts';
import { drawdownOf } from '../../src/risk/state/day-loss.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import {
  updateRiskState,
  type RiskReading,
  type RiskState,
} from '../../src/risk/state/risk-state.ts';
import { account, NOW } from '../risk/fixtures.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { openVigil } from './vigil.ts';

/** One thing that happens: trading changes equity by a share, or money comes or goes. `later`: the owner explains it n steps on. */
const event = fc.record({
  kind: fc.constantFrom('trade' as const, 'deposit' as const, 'withdrawal' as const),
  share: fc.integer({ min: 1, max: 300 }),
  gain: fc.boolean(),
  later: fc.integer({ min: 0, max: 3 }),
});
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

const read = (
  state: RiskState | undefined,
  equity: Usd,
  now: number,
  over: Partial<RiskReading> = {},
): RiskState =>
  updateRiskState(
    state,
    { account: account({ available: equity, at: now }), positions: [], closed: [], now, ...over },
    DEFAULT_LIMITS,
  ).state;

/** The account with its flows beside a twin that only trades, and what was recorded of it, reading by reading. */
function live(list: readonly Event[]) {
  let now = NOW;
  let equity = usd('10000');
  let twin = 10_000;
  let state = read(undefined, equity, now);
  const points: EquityPoint[] = [];
  const twins: number[] = [];
  const note = (): void => {
    points.push({ at: now, equity: toNumber(equity), peak: toNumber(state.peakEquity) });
    twins.push(twin);
  };
  note();
  const open: { id: string; steps: number }[] = [];
  for (const { kind, share, gain, later } of list) {
    now += MINUTE;
    const part = ((equity * BigInt(share)) / 1_000n) as Usd;
    if (kind === 'trade') {
      const change = gain ? part : (-part as Usd);
      twin *= 1 + toNumber(change) / toNumber(equity);
      equity = (equity + change) as Usd;
      state = read(state, equity, now);
    } else {
      const amount = kind === 'deposit' ? part : (-part as Usd);
      equity = (equity + amount) as Usd;
      state = read(state, equity, now, { suspect: true });
      now += 5_000;
      const asked = kind === 'withdrawal' && later > 0;
      state = read(state, equity, now, asked ? { unexplained: amount } : { cashFlow: amount });
      if (asked) open.push({ id: `${now}`, steps: later });
    }
    note();
    for (const each of open) {
      each.steps -= 1;
      if (each.steps === 0) state = answerWithdrawal(state, each.id) ?? state;
    }
  }
  for (const each of open) if (each.steps > 0) state = answerWithdrawal(state, each.id) ?? state;
  return { state, points, twins, equity };
}

const last = (points: readonly CurvePoint[]): CurvePoint => {
  const point = points.at(-1);
  if (point === undefined) throw new Error('there is no point');
  return point;
};

describe('equity cleared of deposits and withdrawals', () => {
  it('is what the twin that only trades has made, point by point, and its drawdown is the risk state’s', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 25 }), (list) => {
        const { state, points, twins, equity } = live(list);
        const cleared = clearedHistory(points, state).points;
        expect(cleared).toHaveLength(points.length);
        const scale = last(cleared).equity / (twins.at(-1) ?? 1);
        cleared.forEach((each, i) => {
          expect(each.equity / ((twins[i] ?? 0) * scale)).toBeCloseTo(1, 9);
        });
        expect(last(cleared).equity).toBe(toNumber(equity));
        const { fraction } = drawdownOf(state, equity, DEFAULT_LIMITS);
        expect(-(last(cleared).drawdown ?? 1)).toBeCloseTo(100 * toNumber(fraction), 7);
        const peaks = twins.map((_each, i) => Math.max(...twins.slice(0, i + 1)));
        cleared.forEach((each, i) => {
          // A new high counts in the risk state once a second reading confirms it.
          const floor = ((twins[i] ?? 0) / (peaks[i] ?? 1) - 1) * 100;
          expect(each.drawdown).toBeGreaterThanOrEqual(floor - 1e-6);
          expect(each.drawdown).toBeLessThanOrEqual(0);
        });
      }),
      { numRuns: 300 },
    );
  });

  const at = (minutes: number): number => NOW + minutes * MINUTE;
  const flow = (minutes: number, amount: string, equity: string) => ({
    at: at(minutes),
    amount: usd(amount),
    equity: usd(equity),
    countedFrom: at(minutes),
  });

  it('leaves out what was recorded before anybody wrote flows down, the first moment included', () => {
    const points = [0, 1, 2].map((minutes) => ({ at: at(minutes), equity: 100 }));
    const of = (state: Parameters<typeof clearedHistory>[1]) =>
      clearedHistory(points, state).points.map((each) => (each.at - NOW) / MINUTE);
    expect(of({ flows: { since: at(1), list: [] } })).toEqual([1, 2]);
    expect(of({ flowAt: at(2) })).toEqual([2]);
    expect(of({})).toEqual([0, 1, 2]);
    expect(of(undefined)).toEqual([]);
    expect(of({ flows: { since: at(3), list: [] } })).toEqual([]);
  });

  it('names the money that moved inside the window, and not what moved at its first point', () => {
    const points = [0, 1, 2].map((minutes) => ({ at: at(minutes), equity: 100, peak: 100 }));
    const flows = { since: at(-9), list: [flow(0, '50', '100'), flow(2, '-25', '100')] };
    expect(clearedHistory(points, { flows })).toEqual({
      points: [
        { at: at(0), equity: 80, drawdown: 0 },
        { at: at(1), equity: 80, drawdown: 0 },
        { at: at(2), equity: 100, drawdown: 0 },
      ],
      moved: [{ at: at(2), amount: -25 }],
    });
  });

  it('measures a fall from the mark that was kept then, and from the curve where none was', () => {
    const flows = { since: 0, list: [] };
    const curve = (points: readonly EquityPoint[]) =>
      clearedHistory(points, { flows }).points.map((each) => each.drawdown);
    expect(curve([{ at: at(0), equity: 90, peak: 120 }])).toEqual([-25]);
    const plain = [100, 120, 90].map((equity, i) => ({ at: at(i), equity }));
    expect(curve(plain)).toEqual([0, 0, -25]);
    expect(curve([{ at: at(0), equity: -5 }])).toEqual([undefined]);
  });
});

describe('the picture of /pnl and /status', () => {
  let redis: RealRedis;
  beforeAll(async () => {
    redis = await openRedis();
  });
  afterAll(() => redis.close());

  it.each([
    ['a deposit, then a loss', ['5000', 'loss']],
    ['a loss, then a deposit', ['loss', '5000']],
    ['a withdrawal, then a loss', ['-3000', 'loss']],
    ['a loss, then a withdrawal', ['loss', '-3000']],
    ['a deposit and a withdrawal around a loss', ['2000', 'loss', '-4000']],
  ])('tell one drawdown after %s, and no gain', async (_name, happenings) => {
    const vigil = await openVigil({ redis, venue: { speed: 20 } });
    try {
      const { ports } = vigil;
      await refreshAccount(ports);
      await vigil.leap(HOUR);
      for (const each of happenings) {
        if (each === 'loss') {
          await vigil.control('position', {
            symbol: 'ETHUSDT',
            side: 'LONG',
            notional: '3000',
            leverage: 10,
          });
          await vigil.control('price', { symbol: 'ETHUSDT', percent: -8 });
        } else await vigil.control('deposit', { amount: each });
        await refreshAccount(ports);
        await refreshAccount(ports);
        for (const { id } of await openWithdrawals(ports)) await tookItOut(ports, id);
        await vigil.leap(2 * MINUTE);
      }
      await vigil.control('speed', { speed: 0 });
      await refreshAccount(ports);
      const [status, reading] = [await readStatus(ports), await readPnl(ports)];
      if (reading.kind !== 'live') throw new Error(reading.kind);
      const { history } = reading.value;
      const told = status.limits.find((each) => each.id === 'drawdown')?.text ?? '';
      const drawn = last(history.points).drawdown ?? 1;
      expect(`${percentText(ratioFromNumber(-drawn / 100))} of 10 %`).toBe(told);
      const text = describeEquity({ ...history, title: 'Equity', currency: 'USDT' });
      expect(text).toContain(`now ${told.replace(' of 10 %', '')} below the peak`);
      const first = history.points[0]?.equity ?? 0;
      const change = last(history.points).equity / first - 1;
      expect(change).toBeCloseTo(drawn / 100, 6);
      expect(change).toBeLessThan(-0.01);
      expect(text).toContain('Deposits and withdrawals are taken out');
    } finally {
      await vigil.close();
    }
  });
});

it('a reading whose money is in doubt is no point of the curve', async () => {
  const redis = await openRedis();
  const vigil = await openVigil({ redis, venue: { speed: 20 } });
  try {
    const { ports } = vigil;
    await refreshAccount(ports);
    await vigil.leap(2 * MINUTE);
    await vigil.control('deposit', { amount: '5000' });
    const points = async (): Promise<number> => (await ports.accounts.equity(0)).length;
    await refreshAccount(ports);
    expect((await ports.accounts.snapshot())?.ledger?.doubted).toBeDefined();
    expect(await points()).toBe(1);
    await refreshAccount(ports);
    expect(await points()).toBe(2);
  } finally {
    await vigil.close();
    await redis.close();
  }
});

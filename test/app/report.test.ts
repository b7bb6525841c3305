/** The report of the day: when it comes, what it tells, and its days in the owner's zone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { positionClosed } from '../../src/alerts/rules/position-closed.ts';
import { reminderOf } from '../../src/alerts/remind.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { barsOf, graveOf, readReport } from '../../src/app/report/read-report.ts';
import { reportLines } from '../../src/app/report/report-lines.ts';
import { sendReport } from '../../src/app/report/send-report.ts';
import { setTelling } from '../../src/app/telling/change-telling.ts';
import type { Alert, Finding } from '../../src/domain/alert.ts';
import { price, usd } from '../../src/domain/money/money.ts';
import { closedPosition, NOW } from '../alerts/fixtures.ts';
import { DAY } from '../../src/domain/time.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { byHand } from './by-hand.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
beforeAll(async () => {
  redis = await openRedis();
  vigil = await openVigil({ redis });
});
afterAll(async () => {
  await vigil.close();
  await redis.close();
});

const reports = async () =>
  (await vigil.ports.telling.recent(50)).filter(({ key }) => key.startsWith('report:'));

describe('the report of the day', () => {
  it('comes once a day at the hour that the owner named, also late and where nothing happened, and not at the first look', async () => {
    const { ports } = vigil;
    await refreshAccount(ports);
    await sendReport(ports);
    expect(await reports()).toEqual([]);
    await ports.telling.noteReport('2000-01-01');
    await sendReport(ports);
    const [told] = await reports();
    const text = told?.lines.join('\n') ?? '';
    expect(text).toMatch(/Equity 10,000\.00 USDT/);
    expect(text).toContain('Nothing was closed.');
    expect(text).toContain('Nothing is open.');
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    await sendReport(ports);
    expect(await reports()).toHaveLength(1);
  });

  it('comes at the next due moment after one that was told, by the clock of the zone', async () => {
    const { ports } = vigil;
    const day = Date.UTC(2026, 5, 10);
    const at = (hour: number) => ({
      ...ports,
      clock: { now: () => day + hour * 3_600_000, speed: 1 },
    });
    await setTelling(ports, 'zone Asia/Tokyo');
    await setTelling(ports, 'report 7:30');
    await ports.telling.noteReport('2026-06-10');
    const before = (await reports()).length;
    // 22:29 in UTC is 7:29 of the next day in Tokyo.
    await sendReport(at(22 + 29 / 60));
    expect(await reports()).toHaveLength(before);
    await sendReport(at(22.5));
    expect((await reports())[0]?.key).toBe('report:2026-06-11');
    await setTelling(ports, 'report off');
    await ports.telling.noteReport('2000-01-01');
    await sendReport(at(60));
    expect(await reports()).toHaveLength(before + 1);
  });

  it('names what is open with its stop, and says of each part that cannot be read that it cannot', async () => {
    const { ports } = vigil;
    await vigil.control('position', {
      symbol: 'ETHUSDT',
      side: 'LONG',
      notional: '1000',
      leverage: 2,
    });
    await refreshAccount(ports);
    const whole = reportLines(await readReport(ports, 'weekly')).join('\n');
    expect(whole).toMatch(/• ETHUSDT long .* NO STOP is resting\./);
    const broken = () => Promise.reject(new Error('gone'));
    const without = {
      ...ports,
      account: { ...ports.account, closedPositions: broken, positions: broken },
    };
    const lines = reportLines(await readReport(without, 'daily')).join('\n');
    expect(lines).toContain('Result: cannot be read');
    expect(lines).toContain('Equity');
  });

  it.each(['25:00', 'soon', ''])('keeps its hour where "%s" is no time', async (text) => {
    expect(await setTelling(vigil.ports, `report ${text}`)).toHaveProperty('refused');
  });
});

describe('results by day and week', () => {
  const zone = 'Europe/Berlin';
  const to = Date.UTC(2025, 9, 27, 12);

  it('count by the date of the zone, each day once also across a change of summer time', () => {
    // 23:30 UTC on the 25th is 1:30 on the 26th in Berlin, the day of 25 hours.
    const late = { at: Date.UTC(2025, 9, 25, 23, 30), net: usd('5'), part: false };
    const early = { at: Date.UTC(2025, 9, 25, 21, 30), net: usd('-2'), part: false };
    const { bars } = barsOf([late, early], { to, zone, step: 'day', count: 4 });
    expect(bars.map(({ date }) => date)).toEqual([
      '2025-10-24',
      '2025-10-25',
      '2025-10-26',
      '2025-10-27',
    ]);
    expect(bars.map(({ net, closed }) => [net, closed])).toEqual([
      [usd('0'), 0],
      [usd('-2'), 1],
      [usd('5'), 1],
      [usd('0'), 0],
    ]);
  });

  it('are of weeks that begin on Monday, and what was closed in part counts when it was', () => {
    // 22:30 UTC on Sunday is 23:30 in Berlin; an hour later it is Monday there.
    const sunday = { at: Date.UTC(2025, 9, 26, 22, 30), net: usd('-3'), part: false };
    const monday = { at: Date.UTC(2025, 9, 26, 23, 30), net: usd('4'), part: true };
    const shown = barsOf([sunday, monday], { to, zone, step: 'week', count: 3 });
    expect(shown).toEqual({
      step: 'week',
      bars: [
        { date: '2025-10-13', net: usd('0'), closed: 0, parts: 0 },
        { date: '2025-10-20', net: usd('-3'), closed: 1, parts: 0 },
        { date: '2025-10-27', net: usd('4'), closed: 0, parts: 1 },
      ],
    });
  });
});

describe('what the report says apart', () => {
  it('is each happening once, however often it was told', () => {
    const at = NOW;
    const closed = closedPosition({ net: usd('-20'), openedAt: at - 3_600_000, closedAt: at });
    const known = { stop: price('2900'), stops: [price('2900')] };
    const numbered = (found: Finding, number: number): Alert => ({
      ...found,
      number,
      status: 'sent',
      attempts: 1,
    });
    const end = positionClosed(closed, known);
    const reached = {
      key: end.revises?.[0]?.key ?? '',
      kind: 'stop-hit',
      severity: 'warning',
      stakes: 'cost',
      title: 'ETHUSDT long: stop at 2,900 reached, and filled',
      lines: [],
      at,
    } as const;
    const other = { ...reached, key: 'stop-hit:8', title: 'ETHUSDT long: stop at 2,900 reached' };
    const naked = {
      key: 'unprotected:7',
      kind: 'unprotected',
      severity: 'critical',
      title: 'ETHUSDT long has no stop',
      lines: [],
      state: { id: 'unprotected:7', name: 'ETHUSDT long has no stop', lines: [] },
      at,
    } as const;
    const first = numbered(naked, 4);
    const again = reminderOf({ id: 'unprotected:7', told: [first] }, undefined, at + 300_000);
    if (again === undefined) throw new Error('it is due');
    const alerts = [numbered(reached, 1), numbered(end, 2), numbered(other, 3), first];
    const grave = graveOf([...alerts, numbered(again, 5)]);
    expect(grave.map(({ number }) => number)).toEqual([2, 3, 4]);
  });

  it('is what came in by hand, and a part that was closed of what is open still', async () => {
    const own = await openVigil({ redis });
    try {
      const { ports } = own;
      await refreshAccount(ports);
      const held = { symbol: 'ETHUSDT', side: 'LONG', notional: '1000', leverage: 2 };
      await own.control('position', held);
      await refreshAccount(ports);
      await own.control('deposit', { amount: '500' });
      for (let read = 0; read < 3; read += 1) await refreshAccount(ports);
      const state = await ports.accounts.riskState();
      expect(state?.flows?.list).toHaveLength(1);
      const young = {
        ...ports.accounts,
        equity: () => Promise.resolve([{ at: ports.clock.now() - 2 * DAY, equity: 10_000 }]),
      };
      // The record of what moved is younger than a day.
      const known = reportLines(await readReport({ ...ports, accounts: young }, 'daily'));
      expect(known[0]).toMatch(/USDT, deposits and withdrawals included\.$/);
      const later = {
        ...ports,
        clock: { ...ports.clock, now: () => (state?.flows?.since ?? 0) + DAY + 1 },
        accounts: {
          ...ports.accounts,
          equity: () => Promise.resolve([{ at: state?.flows?.since ?? 0, equity: 10_000 }]),
        },
      };
      const told = reportLines(await readReport(later, 'daily')).join('\n');
      expect(told).toMatch(/: 500\.00 USDT paid in, [-+]?\d+\.\d\d USDT by trading\./);
      const [position] = (await own.truth()).positions;
      const part = { symbol: 'ETHUSDT', qty: '0.1', side: 'BUY', tradeSide: 'CLOSE' };
      const market = { orderType: 'MARKET', positionId: position?.positionId };
      await byHand(own, 'trade/place_order', { ...part, ...market });
      await refreshAccount(ports);
      const report = await readReport(ports, 'daily');
      const bars = typeof report.result === 'string' ? [] : report.result.shown.bars;
      expect(bars.at(-1)).toMatchObject({ closed: 0, parts: 1 });
      expect(bars.at(-1)?.net).not.toBe(usd('0'));
    } finally {
      await own.close();
    }
  });
});

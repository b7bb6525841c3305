/** The report of the day: when it comes, what it tells, and its days in the owner's zone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { daysOf, readReport } from '../../src/app/report/read-report.ts';
import { reportLines } from '../../src/app/report/report-lines.ts';
import { sendReport } from '../../src/app/report/send-report.ts';
import { setTelling } from '../../src/app/telling/change-telling.ts';
import { usd } from '../../src/domain/money/money.ts';
import { closedPosition } from '../alerts/fixtures.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
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

describe('results by day', () => {
  it('count by the date of the zone, each day once also across a change of summer time', () => {
    const to = Date.UTC(2025, 9, 27, 12);
    const zone = 'Europe/Berlin';
    // 23:30 UTC on the 25th is 1:30 on the 26th in Berlin, the day of 25 hours.
    const late = closedPosition({ closedAt: Date.UTC(2025, 9, 25, 23, 30), net: usd('5') });
    const early = closedPosition({ closedAt: Date.UTC(2025, 9, 25, 21, 30), net: usd('-2') });
    const days = daysOf([late, early], { to, zone, bars: 4 });
    expect(days.map(({ date }) => date)).toEqual([
      '2025-10-24',
      '2025-10-25',
      '2025-10-26',
      '2025-10-27',
    ]);
    expect(days.map(({ net, closed }) => [net, closed])).toEqual([
      [usd('0'), 0],
      [usd('-2'), 1],
      [usd('5'), 1],
      [usd('0'), 0],
    ]);
  });
});

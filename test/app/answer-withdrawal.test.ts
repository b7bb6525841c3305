import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  notMe,
  openWithdrawals,
  previewWithdrawal,
  tookItOut,
} from '../../src/app/account/answer-withdrawal.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { resume } from '../../src/app/halt/resume.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { toFixed, toNumber } from '../../src/domain/money/money.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { openVigil, shownToResume, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

async function open(): Promise<void> {
  vigil = await openVigil({ redis, venue: { speed: 20 } });
  ({ ports } = vigil);
  await refreshAccount(ports);
}
const pay = async (amount: string): Promise<void> => {
  await vigil.control('deposit', { amount });
  await refreshAccount(ports);
  await refreshAccount(ports);
};
const questions = async (): Promise<readonly Alert[]> =>
  (await vigil.alerts()).filter((each) => each.title.includes('left your account'));
const idOf = async (n = 0): Promise<string> => (await openWithdrawals(ports))[n]?.id ?? 'none';

describe('a withdrawal', () => {
  it('is asked about once, with two buttons, and counts as a loss until it is answered', async () => {
    await open();
    await pay('-400');
    await refreshAccount(ports);
    const [question, ...more] = await questions();
    expect(more).toEqual([]);
    expect(question).toMatchObject({
      severity: 'critical',
      title: '400.00 USDT left your account, and no trade explains it',
      buttons: [
        [
          { label: 'I took it out', action: 'took-it-out', id: await idOf() },
          { label: 'Not me', action: 'not-me', id: await idOf() },
        ],
      ],
    });
    expect((await ports.mode.read())?.mode).toBe('halted');
  });

  it('that the owner took out is no loss, and nothing stands against resuming', async () => {
    await open();
    await pay('-400');
    const preview = await previewWithdrawal(ports, await idOf());
    expect(
      preview === undefined ? [] : [preview.asLoss.day, preview.asWithdrawal.day].map(toNumber),
    ).toEqual([expect.closeTo(0.04, 4), 0]);
    expect(await resume(ports, await shownToResume(ports))).toMatchObject({
      kind: 'refused',
      reasons: [expect.stringContaining('say whether you took it out')],
    });
    expect(await tookItOut(ports, await idOf())).toBe(true);
    await refreshAccount(ports);
    const state = await ports.accounts.riskState();
    expect(state === undefined ? '' : toFixed(state.dayStartEquity, 2)).toBe('9600.00');
    expect((await ports.mode.read())?.mode).toBe('halted');
    expect(await resume(ports, await shownToResume(ports))).toMatchObject({ kind: 'resumed' });
    const [closed] = await questions();
    expect(closed).toBeUndefined();
    const edited = (await vigil.alerts()).find((each) => each.title === 'You took out 400.00 USDT');
    expect(edited?.buttons ?? []).toEqual([]);
  });

  it('is answered once: a second answer of either kind changes nothing', async () => {
    await open();
    await pay('-400');
    const id = await idOf();
    expect(await tookItOut(ports, id)).toBe(true);
    const state = await ports.accounts.riskState();
    expect([await tookItOut(ports, id), await notMe(ports, id)]).toEqual([false, false]);
    expect(await previewWithdrawal(ports, id)).toBeUndefined();
    expect(await ports.accounts.riskState()).toEqual(state);
    expect(await tookItOut(ports, 'never-asked')).toBe(false);
  });

  it('that was not the owner halts at once with what to do, and stays a loss', async () => {
    await open();
    await pay('-100');
    expect((await ports.mode.read())?.mode).toBe('normal');
    const id = await idOf();
    expect(await notMe(ports, id)).toBe(true);
    expect(await ports.mode.read()).toMatchObject({
      mode: 'halted',
      reasons: [{ trigger: 'money-taken' }],
    });
    const told = (await vigil.alerts()).find((each) => each.title.startsWith('Somebody may have'));
    expect(told).toMatchObject({ severity: 'critical' });
    expect(told?.lines.join(' ')).toMatch(/change your password.*delete every API key/);
    expect(await tookItOut(ports, id)).toBe(false);
    const state = await ports.accounts.riskState();
    expect(state === undefined ? '' : toFixed(state.dayStartEquity, 2)).toBe('10000.00');
  });

  it('that follows another one is a question of its own, and each is answered apart', async () => {
    await open();
    await pay('-100');
    await pay('-50');
    expect(await questions()).toHaveLength(2);
    const [first, second] = [await idOf(0), await idOf(1)];
    expect(await tookItOut(ports, second)).toBe(true);
    expect((await openWithdrawals(ports)).map((each) => each.id)).toEqual([first]);
    expect(await tookItOut(ports, first)).toBe(true);
    const state = await ports.accounts.riskState();
    expect(state === undefined ? '' : toFixed(state.dayStartEquity, 2)).toBe('9850.00');
  });

  it('is recognised after a restart during which it happened, and the question survives one', async () => {
    await open();
    // Nobody looks while the money leaves; the ledger in the store knows what was there before.
    await vigil.control('deposit', { amount: '-400' });
    await vigil.leap(3 * 3_600_000);
    await refreshAccount(ports);
    await refreshAccount(ports);
    const stored = await vigil.wiring.redis.get(vigil.wiring.store.keys.riskState);
    expect(stored).toContain(await idOf());
    expect(await tookItOut(ports, await idOf())).toBe(true);
  });
});

describe('a deposit', () => {
  it('is no question: it is told, and day and drawdown keep their percentages', async () => {
    await open();
    await pay('500');
    expect(await openWithdrawals(ports)).toEqual([]);
    const told = (await vigil.alerts()).map((each) => [each.severity, each.title]);
    expect(told).toEqual([
      ['info', '500.00 USDT came into your account, and no trade explains it'],
    ]);
  });
});

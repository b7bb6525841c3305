import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { halt } from '../../src/app/halt/halt.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { previewResume, resume } from '../../src/app/halt/resume.ts';
import { usd } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';
import type { RiskState } from '../../src/risk/state/risk-state.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { failing, first } from './failing.ts';
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
  vigil = await openVigil({ redis });
  ({ ports } = vigil);
  await refreshAccount(ports);
}
async function remember(change: Partial<RiskState>): Promise<RiskState> {
  const state = await ports.accounts.riskState();
  if (state === undefined) throw new Error('nothing is stored');
  await ports.accounts.reviseRiskState(() => ({ ...state, ...change }));
  return { ...state, ...change };
}
const shown = (rebase = false) => shownToResume(ports, rebase);
const mode = async (): Promise<string | undefined> => (await ports.mode.read())?.mode;

describe('resuming', () => {
  it('after a halt by hand goes back to normal, and is journalled', async () => {
    await open();
    await halt(ports, 1);
    expect(await previewResume(ports)).toMatchObject({ standing: [], needsRebase: false });
    expect(await mode()).toBe('halted');
    expect((await resume(ports, await shown())).kind).toBe('resumed');
    expect(await ports.mode.read()).toMatchObject({ mode: 'normal', reasons: [] });
  });

  it('is refused while the day has lost too much, and allowed when it no longer has', async () => {
    await open();
    await remember({ dayStartEquity: usd('10400') });
    await refreshAccount(ports);
    expect(await mode()).toBe('halted');
    const preview = await previewResume(ports);
    expect(preview.standing).toEqual([expect.stringContaining("Today's loss is")]);
    expect(preview.needsRebase).toBe(false);
    expect(await resume(ports, await shown())).toMatchObject({ kind: 'refused' });
    expect(await resume(ports, await shown(true))).toMatchObject({ kind: 'refused' });
    expect(await mode()).toBe('halted');
    await remember({ dayStartEquity: usd('10100') });
    expect(await resume(ports, await shown())).toMatchObject({ kind: 'resumed' });
  });

  it('cannot be had by a deposit: not in the seconds before it is recognised, and not after', async () => {
    await open();
    await remember({ dayStartEquity: usd('10400') });
    await refreshAccount(ports);
    await vigil.control('deposit', { amount: '5000' });
    const again = async () => resume(ports, await shown());
    expect(await again()).toMatchObject({
      kind: 'refused',
      reasons: [expect.stringContaining('no trade explains it yet')],
    });
    await refreshAccount(ports);
    expect(await again()).toMatchObject({ kind: 'refused' });
    await refreshAccount(ports);
    const loss = expect.stringContaining("Today's loss is 600.00 USDT = 3.85 %");
    expect(await again()).toMatchObject({ kind: 'refused', reasons: [loss] });
  });

  it('from a drawdown needs the high-water mark to be set anew, which then stays', async () => {
    await open();
    await remember({ peakEquity: usd('12000') });
    await refreshAccount(ports);
    expect(await mode()).toBe('halted');
    expect(await previewResume(ports)).toMatchObject({
      standing: [expect.stringContaining('under its high of')],
      needsRebase: true,
    });
    expect(await resume(ports, await shown())).toMatchObject({ kind: 'refused' });
    expect(await resume(ports, await shown(true))).toMatchObject({ kind: 'resumed' });
    await refreshAccount(ports);
    expect(await mode()).toBe('normal');
    expect((await ports.accounts.riskState())?.peakEquity).toBe(usd('10000'));
  });

  it('that is refused changes nothing, not even the high-water mark', async () => {
    await open();
    const before = await remember({ peakEquity: usd('12000'), dayStartEquity: usd('10400') });
    expect(await resume(ports, await shown(true))).toMatchObject({ kind: 'refused' });
    expect(await ports.accounts.riskState()).toEqual(before);
  });

  it('after losses in a row waits for the pause to end, then starts the count anew', async () => {
    await open();
    const coolOffUntil = ports.clock.now() + HOUR;
    await remember({ lossStreak: 5, coolOffUntil });
    await refreshAccount(ports);
    expect(await mode()).toBe('halted');
    const refused = await resume(ports, await shown());
    expect(JSON.stringify(refused)).toContain('Cool-off after losses until');
    await vigil.leap(HOUR + 60_000);
    expect(JSON.stringify(await resume(ports, await shown()))).toContain(
      'nobody guards your limits',
    );
    await refreshAccount(ports);
    expect(await resume(ports, await shown())).toMatchObject({ kind: 'resumed' });
    expect((await ports.accounts.riskState())?.lossStreak).toBe(0);
  });

  it('gives way to a halt that came after the card, while it is judged, or just before it is stored', async () => {
    await open();
    await halt(ports, 1);
    await remember({ lossStreak: 5 });
    const before = await ports.accounts.riskState();
    const refused = {
      kind: 'refused',
      reasons: expect.arrayContaining(['Halted by you (user 1).']),
    };
    const halting = async () => void (await halt(ports, 1));
    const old = await shown();
    // Another millisecond of the venue's clock, or the two halts would be one.
    await vigil.leap(1_000);
    await halting();
    expect(await resume(ports, old)).toMatchObject(refused);
    await vigil.leap(1_000);
    const judging: Ports = { ...ports, market: first(ports.market, 'tickers', halting) };
    expect(await resume(judging, await shown(true))).toMatchObject(refused);
    await vigil.leap(1_000);
    const storing: Ports = { ...ports, mode: first(ports.mode, 'apply', halting) };
    expect(await resume(storing, await shown())).toMatchObject(refused);
    expect(await ports.accounts.riskState()).toEqual(before);
    expect(await mode()).toBe('halted');
    expect(await resume(ports, await shown())).toMatchObject({ kind: 'resumed' });
    const told = (await vigil.alerts()).map((each) => each.title);
    expect(told.filter((each) => each === 'New trades are possible again')).toHaveLength(1);
  });

  it('changes mode and memory together or neither, and is not undone by a read that is under way', async () => {
    await open();
    await remember({ peakEquity: usd('12000') });
    await refreshAccount(ports);
    const { riskState } = vigil.wiring.store.keys;
    const gone = first(
      ports.mode,
      'apply',
      async () => void (await vigil.wiring.redis.del(riskState)),
    );
    await expect(resume({ ...ports, mode: gone }, await shown(true))).rejects.toThrow('risk state');
    expect(await mode()).toBe('halted');
    await refreshAccount(ports);
    await remember({ peakEquity: usd('12000') });
    await refreshAccount(ports);
    const resuming = async () =>
      expect(await resume(ports, await shown(true))).toMatchObject({ kind: 'resumed' });
    const reading: Ports = { ...ports, account: first(ports.account, 'account', resuming) };
    await expect(refreshAccount(reading)).rejects.toThrow('the next read counts');
    expect(await mode()).toBe('normal');
    expect((await ports.accounts.riskState())?.peakEquity).toBe(usd('10000'));
  });

  it('is refused while the account cannot be read or nothing is known of it', async () => {
    await open();
    await halt(ports, 1);
    const blind: Ports = { ...ports, account: failing(ports.account, 'account') };
    expect((await previewResume(blind)).standing).toEqual([
      'The account cannot be read: no answer.',
    ]);
    await expect(resume(blind, await shown())).rejects.toThrow('no answer');
    await vigil.wiring.redis.del(vigil.wiring.store.keys.riskState);
    expect(await resume(ports, await shown(true))).toMatchObject({
      kind: 'refused',
      reasons: ['The risk state is not known yet.'],
    });
    expect(await mode()).toBe('halted');
  });
});

describe('a halt', () => {
  it('is stored before it returns and keeps every reason', async () => {
    await open();
    expect(await halt(ports, 7)).toMatchObject({
      kind: 'stored',
      state: { mode: 'halted', reasons: [{ trigger: 'owner' }] },
    });
    expect((await ports.mode.read())?.reasons[0]?.evidence).toContain('user 7');
  });

  it('needs no exchange', async () => {
    await open();
    await vigil.venue.stop();
    expect(await halt(ports, 7)).toMatchObject({ state: { mode: 'halted' } });
  });
});

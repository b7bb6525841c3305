import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports/ports.ts';
import { halt } from '../../src/app/halt/halt.ts';
import { readStatus } from '../../src/app/views/read-status.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { watchHealth } from '../../src/app/account/watch-health.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { equityOf } from '../../src/domain/account.ts';
import { price, toFixed, usd } from '../../src/domain/money/money.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { statusView } from '../../src/bot/views/status.ts';
import { refuseForeign } from '../../src/exchange/bitunix/read/sub-account.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { rebasePeak } from '../../src/risk/state/risk-state.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { answering, failing, first } from './failing.ts';
import { aSignal, gateInputFor } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

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
const kinds = async (): Promise<string[]> => (await vigil.alerts()).map((each) => each.kind);
const alertOf = async (kind: string): Promise<Alert | undefined> =>
  (await vigil.alerts()).find((each) => each.kind === kind);
const byHand = (side: 'LONG' | 'SHORT', notional: string, over: object = {}): Promise<void> =>
  vigil.control('position', { symbol: 'ETHUSDT', side, notional, leverage: 10, ...over });
const move = (percent: number, symbol = 'ETHUSDT'): Promise<void> =>
  vigil.control('price', { symbol, percent });
const mode = async (): Promise<string | undefined> => (await ports.mode.read())?.mode;
/** Codes of what the gate has against an entry now. */
async function entryRefusals(): Promise<readonly string[]> {
  const signal = await aSignal(ports, { symbol: 'SOLUSDT' });
  const verdict = checkEntry(await gateInputFor(ports, signal, undefined));
  return verdict.kind === 'approved' ? [] : verdict.refusals.map((each) => each.code);
}

describe('an account read', () => {
  it('stores what the exchange says, and its equity', async () => {
    await open();
    await byHand('LONG', '2000');
    await refreshAccount(ports);
    const snapshot = await ports.accounts.snapshot();
    if (snapshot === undefined) throw new Error('nothing is stored');
    const truth = await vigil.truth();
    expect(snapshot.positions).toHaveLength(1);
    const equity = Number(toFixed(equityOf(snapshot.account), 6));
    expect(Math.abs(equity - Number(truth.equity))).toBeLessThan(20);
    const points = await ports.accounts.equity(0);
    expect(points.at(-1)?.equity).toBeCloseTo(equity, 5);
  });

  it('tells a position that was opened by hand, once', async () => {
    await open();
    await byHand('SHORT', '1000', { stop: '6000' });
    await refreshAccount(ports);
    await refreshAccount(ports);
    expect(await kinds()).toEqual(['position-opened']);
    const told = await alertOf('position-opened');
    expect(told?.title).toContain('ETHUSDT short');
    expect(told?.lines[0]).toBe('Stop resting at 6,000.');
  });

  it('says first that an opened position has no stop', async () => {
    await open();
    await byHand('LONG', '1000');
    await refreshAccount(ports);
    expect((await alertOf('position-opened'))?.lines[0]).toBe('NO STOP is resting.');
  });

  it('does not tell what was there at the first look', async () => {
    vigil = await openVigil({
      redis,
      venue: { open: [{ symbol: 'ETHUSDT', side: 'LONG', notional: '1000', stop: '4900' }] },
    });
    await refreshAccount(vigil.ports);
    expect(await kinds()).toEqual([]);
    expect((await vigil.ports.accounts.snapshot())?.positions).toHaveLength(1);
  });

  it('tells a stop that was filled, with the result', async () => {
    await open();
    await byHand('LONG', '2000', { stop: '5000' });
    await refreshAccount(ports);
    await move(-2);
    await refreshAccount(ports);
    const closed = await alertOf('position-closed');
    expect(closed?.title).toMatch(/ETHUSDT long stop filled: -/);
    expect(await mode()).toBe('normal');
  });

  it('tells a position without a stop when it has been open for a while', async () => {
    await open();
    await byHand('LONG', '2000');
    await refreshAccount(ports);
    expect(await kinds()).not.toContain('unprotected');
    await vigil.leap(20_000);
    await refreshAccount(ports);
    await refreshAccount(ports);
    const alerts = (await vigil.alerts()).filter((each) => each.kind === 'unprotected');
    expect(alerts).toMatchObject([{ severity: 'critical' }]);
  });

  it('raises the baselines by a deposit, so that it hides no loss', async () => {
    await open();
    await vigil.control('deposit', { amount: '5000' });
    await refreshAccount(ports);
    await refreshAccount(ports);
    const state = await ports.accounts.riskState();
    expect(state === undefined ? '' : toFixed(state.dayStartEquity, 0)).toBe('15000');
    expect((await vigil.alerts()).map((each) => each.title)).toEqual([
      '5,000.00 USDT came into your account, and no trade explains it',
    ]);
    expect(await mode()).toBe('normal');
  });

  it('counts a withdrawal as a loss until a person says otherwise', async () => {
    await open();
    await vigil.control('deposit', { amount: '-400' });
    await refreshAccount(ports);
    expect(await mode()).toBe('halted');
  });

  it('halts and tells it when the store was emptied under it', async () => {
    await open();
    const { redis: store, store: names } = vigil.wiring;
    await store.del(names.keys.mode);
    await refreshAccount(ports);
    expect(await mode()).toBe('halted');
    const told = await alertOf('halt');
    expect(told?.severity).toBe('critical');
    expect(told?.lines.join(' ')).toContain('What Vigil had stored is gone.');
  });

  it('does not undo what a person changed while it was under way', async () => {
    await open();
    const stored = await ports.accounts.riskState();
    if (stored === undefined) throw new Error('nothing is stored');
    const changed = { ...rebasePeak(stored), lossStreak: 2 };
    const change = async () => void (await ports.accounts.reviseRiskState(() => changed));
    const slow: Ports = { ...ports, account: first(ports.account, 'account', change) };
    await expect(refreshAccount(slow)).rejects.toThrow('the next read counts');
    expect(await ports.accounts.riskState()).toEqual(changed);
    await refreshAccount(ports);
    expect((await ports.accounts.riskState())?.lossStreak).toBe(2);
  });
});

describe('the daily loss', () => {
  it('halts, tells it, cancels entry orders and refuses entries afterwards', async () => {
    await open();
    expect(await entryRefusals()).toEqual([]);
    await byHand('LONG', '9000', { stop: '4000' });
    await refreshAccount(ports);
    await move(-3.6);
    await refreshAccount(ports);
    expect(await mode()).toBe('halted');
    const halt = await alertOf('halt');
    expect(halt).toMatchObject({ severity: 'critical', title: 'Trading is halted' });
    expect(halt?.lines.join(' ')).toMatch(/Today's loss is 3\d\d\.\d\d USDT = 3\.\d+ % of/);
    expect(await entryRefusals()).toContain('mode-halted');
    const [job] = await vigil.jobs('orders');
    expect(job?.data).toMatchObject({ by: 'emergency-stop', closePositions: false });
    expect((await vigil.truth()).positions).toHaveLength(1);
  });

  it('cancels entry orders after a crash between its steps, and where the owner has halted before', async () => {
    await open();
    await halt(ports, 1);
    await byHand('LONG', '9000', { stop: '4000' });
    await move(-3.6);
    await expect(
      refreshAccount({ ...ports, mode: failing(ports.mode, 'apply') }),
    ).rejects.toThrow();
    const cancelling = { by: 'emergency-stop', closePositions: false };
    expect((await vigil.jobs('orders')).map((each) => each.data)).toMatchObject([cancelling]);
    await refreshAccount(ports);
    expect(await alertOf('halt')).toMatchObject({ severity: 'critical' });
  });

  it('halts also where nobody can be asked to cancel', async () => {
    await open();
    await byHand('LONG', '9000', { stop: '4000' });
    await move(-3.6);
    await expect(
      refreshAccount({ ...ports, work: failing(ports.work, 'flatten') }),
    ).rejects.toThrow();
    expect(await mode()).toBe('halted');
  });

  it('is told and journalled once while it stays broken', async () => {
    await open();
    await byHand('LONG', '9000', { stop: '4000' });
    await move(-3.6);
    for (let reads = 0; reads < 4; reads += 1) await refreshAccount(ports);
    expect((await kinds()).filter((each) => each === 'halt')).toHaveLength(1);
    expect((await ports.mode.read())?.reasons).toHaveLength(1);
    expect(await vigil.jobs('orders')).toHaveLength(1);
  });

  it('never trips by a gain, however large', async () => {
    await open();
    await byHand('LONG', '9000', { stop: '4000' });
    await refreshAccount(ports);
    for (const percent of [5, 10, 40]) {
      await move(percent);
      await refreshAccount(ports);
    }
    expect(await mode()).toBe('normal');
    expect(await kinds()).not.toContain('halt');
    const warned = (await vigil.alerts()).filter((each) => each.kind === 'limit-warning');
    expect(warned.map((each) => each.key)).toEqual([expect.stringContaining(':heat:')]);
  });
});

describe('a limit that is nearly used', () => {
  it('is known with the figures of each reading, and left with the stop that was moved', async () => {
    await open();
    await byHand('LONG', '9000', { stop: '4000' });
    const heat = async () => {
      await refreshAccount(ports);
      return (await ports.accounts.snapshot())?.nearLimits?.get('heat');
    };
    expect(await heat()).toMatchObject({ id: 'heat', sentence: expect.stringContaining('USDT') });
    const [held] = await ports.account.positions();
    if (held === undefined) throw new Error('nothing is open');
    const { symbol, id: positionId } = held;
    await ports.trading?.placeProtection({ symbol, positionId, stop: price('4990') });
    expect(await heat()).toBeUndefined();
  });
});

describe('failed reads', () => {
  it('are counted, hold entries from the fifth on, are told, and the return is told', async () => {
    await open();
    await byHand('LONG', '2000', { stop: '4900' });
    await refreshAccount(ports);
    const deaf: Ports = { ...ports, account: failing(ports.account, 'positions') };
    for (let failed = 1; failed <= 4; failed += 1) {
      await refreshAccount(deaf);
      expect(await ports.accounts.failedReads()).toBe(failed);
    }
    expect(await mode()).toBe('normal');
    await refreshAccount(deaf);
    await refreshAccount(deaf);
    expect(await mode()).toBe('reduceOnly');
    const lost = (await vigil.alerts()).filter((each) => each.kind === 'connection-lost');
    expect(lost).toMatchObject([{ severity: 'critical' }]);
    expect(await entryRefusals()).toContain('mode-reduce-only');
    await vigil.leap(2 * MINUTE);
    await refreshAccount(ports);
    expect(await ports.accounts.failedReads()).toBe(0);
    expect((await alertOf('connection-back'))?.title).toContain('Connection is back: account');
    expect(await mode()).toBe('reduceOnly');
  });

  it('from the start on say that nothing is known, once, with the reason', async () => {
    vigil = await openVigil({ redis, venue: { speed: 20 } });
    const deaf: Ports = { ...vigil.ports, account: failing(vigil.ports.account, 'positions') };
    for (let failed = 1; failed <= 8; failed += 1) await refreshAccount(deaf);
    const lost = (await vigil.alerts()).filter((each) => each.kind === 'connection-lost');
    expect(lost).toMatchObject([{ severity: 'critical' }]);
    expect(lost[0]?.title).toContain('account never read');
    expect(lost[0]?.lines).toContain('Whether positions are open is not known.');
    expect(lost[0]?.lines.some((each) => each.startsWith('The reason: '))).toBe(true);
  });

  it('because the key is refused say that, and what to look at', async () => {
    await open();
    await byHand('LONG', '2000', { stop: '4900' });
    await refreshAccount(ports);
    await vigil.control('fault', { fault: 'bad-sign', forMs: 60_000, path: 'position/' });
    for (let failed = 0; failed < 5; failed += 1) await refreshAccount(ports);
    const lost = await alertOf('connection-lost');
    expect(lost?.severity).toBe('critical');
    expect(lost?.title).toBe("The exchange refuses Vigil's API key: account not read");
    expect(lost?.lines.join(' ')).toContain("exchange's page of API keys");
    await vigil.control('fault', { fault: 'clear' });
  });

  it('because rows name a sub-account say what to do, in the alert and in /status', async () => {
    await open();
    const positions = async (): Promise<readonly []> => {
      refuseForeign([{ subAccountId: '77' }], undefined, 'positions');
      return [];
    };
    const foreign: Ports = { ...ports, account: answering(ports.account, { positions }) };
    for (let failed = 0; failed < 5; failed += 1) await refreshAccount(foreign);
    const lost = await alertOf('connection-lost');
    expect(lost?.title).toMatch(/^The exchange's answers cannot be used: account not read for/);
    expect(lost?.lines.join(' ')).toContain('set BITUNIX_SUB_ACCOUNT=77 and start Vigil again');
    const status = statusView(await readStatus(foreign), '');
    expect(status.text).toContain('set BITUNIX_SUB_ACCOUNT=77 and start Vigil again');
  });

  it('leave the last figures as they were, with their age', async () => {
    await open();
    const before = await ports.accounts.snapshot();
    await vigil.venue.stop();
    await refreshAccount(ports);
    expect(await ports.accounts.snapshot()).toEqual(before);
    expect(await ports.accounts.failedReads()).toBe(1);
    expect(await ports.accounts.equity(0)).toHaveLength(1);
    for (let more = 0; more < 4; more += 1) await refreshAccount(ports);
    expect(await mode()).toBe('reduceOnly');
    expect(await kinds()).toContain('connection-lost');
  });
});

describe('a read that hangs', () => {
  it('holds entries when the last good one is too old', async () => {
    await open();
    await watchHealth(ports);
    expect(await mode()).toBe('normal');
    await vigil.leap(21 * MINUTE);
    await watchHealth(ports);
    expect(await mode()).toBe('reduceOnly');
    expect((await alertOf('halt'))?.title).toBe('New trades are paused');
  });

  it('says that other coins stand behind an account whose USDT are gone while a position is open', async () => {
    await open();
    await byHand('LONG', '2000');
    await refreshAccount(ports);
    const told = async (): Promise<number> =>
      (await vigil.alerts()).filter(({ title }) => title.startsWith('Coins other')).length;
    expect(await told()).toBe(0);
    await vigil.control('fault', { fault: 'negative-available', amount: 12_000, forMs: 60_000 });
    for (let again = 0; again < 3; again += 1) await refreshAccount(ports);
    expect(await told()).toBe(1);
    expect((await entryRefusals()).length).toBeGreaterThan(0);
  });
});

describe('one reading that is far too low', () => {
  it('halts for good, is told to stand alone by the next, and moves no baseline', async () => {
    await open();
    const before = await ports.accounts.riskState();
    const read = async () => ({ ...(await ports.account.account()), available: usd('6000') });
    const low: Ports = { ...ports, account: answering(ports.account, { account: read }) };
    await refreshAccount(low);
    expect(await mode()).toBe('halted');
    const titles = async () => (await vigil.alerts()).map((each) => each.title);
    const alone = 'The reading that halted trading was not confirmed by the next';
    expect(await titles()).not.toContain(alone);
    await refreshAccount(ports);
    await refreshAccount(ports);
    expect((await titles()).filter((each) => each === alone)).toHaveLength(1);
    const told = (await vigil.alerts()).find((each) => each.title === alone);
    expect(told?.lines[0]).toMatch(
      /your equity read 6,000\.00 USDT; .* later it reads 10,000\.00 USDT, with which the limit for daily loss, weekly loss and drawdown is not reached\.$/,
    );
    expect(told?.lines[1]).toContain('/resume');
    expect(await mode()).toBe('halted');
    const { dayStartEquity, peakEquity, lastEquity } = (await ports.accounts.riskState()) ?? {};
    expect([dayStartEquity, peakEquity, lastEquity]).toEqual([
      before?.dayStartEquity,
      before?.peakEquity,
      before?.lastEquity,
    ]);
  });

  it('is not told to stand alone where the next one says the same', async () => {
    await open();
    await vigil.control('deposit', { amount: '-400' });
    await refreshAccount(ports);
    await refreshAccount(ports);
    expect(await mode()).toBe('halted');
    expect((await vigil.alerts()).map((each) => each.title)).not.toContain(
      'The reading that halted trading was not confirmed by the next',
    );
  });
});

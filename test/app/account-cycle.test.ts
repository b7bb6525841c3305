/** The parts of an account cycle by themselves: what is lost, what is read beside the account, and what a reading makes of it. In memory. */
import { describe, expect, it } from 'vitest';
import { decideCycle } from '../../src/app/account/cycle/decide-cycle.ts';
import { bootedWithout, readMemory, whatIsLost } from '../../src/app/account/cycle/memory.ts';
import { readCycle } from '../../src/app/account/cycle/read-cycle.ts';
import { nextRiskState } from '../../src/app/account/next-risk-state.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import type { AccountCommit, AccountSnapshot } from '../../src/app/ports/account-store.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { ExchangeFailure, StoreUnreadable } from '../../src/domain/failure.ts';
import { usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import type { ModeState } from '../../src/domain/trading-mode.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { createFakeWorld, portsOf } from '../bot/fakes.ts';
import { ACCOUNT, CLOSED, NOW, POSITION, PROTECTION, RISK_STATE } from '../bot/samples.ts';
import { failing, fails } from './failing.ts';

const NORMAL: ModeState = { mode: 'normal', reasons: [], since: NOW };
const LEDGER = { closedNet: ZERO_USD, base: usd('10000'), bonus: ZERO_USD };
const snapshotOf = (over: Partial<AccountSnapshot> = {}): AccountSnapshot => ({
  account: { ...ACCOUNT, margin: ZERO_USD, available: usd('10000'), unrealisedPnl: ZERO_USD },
  positions: [],
  protections: [],
  openOrders: [],
  at: NOW,
  ...over,
});
const HELD = snapshotOf({ account: ACCOUNT, positions: [POSITION], protections: [PROTECTION] });

describe('what is lost', () => {
  const whole = { before: snapshotOf(), state: RISK_STATE, damaged: false };

  it('is said for each part that is gone, and nothing where all or, at a first start, none of it was there', () => {
    expect(whatIsLost(whole, NORMAL)).toBeUndefined();
    const first = { before: undefined, state: undefined, damaged: false };
    expect(whatIsLost(first, NORMAL)).toBeUndefined();
    expect(whatIsLost(whole, undefined)).toContain('is gone');
    expect(whatIsLost({ ...whole, damaged: true }, NORMAL)).toContain('is damaged');
    expect(whatIsLost({ ...whole, state: undefined }, NORMAL)).toContain('your losses is gone');
    expect(whatIsLost({ ...whole, before: undefined }, NORMAL)).toContain('had read last is gone');
  });

  it('was said by the start where that found the store empty', () => {
    const reasons = [{ trigger: 'memory-lost', evidence: 'The store was empty.', at: NOW }];
    const booted: ModeState = { mode: 'halted', reasons, since: NOW };
    expect(bootedWithout({ ...whole, state: undefined }, booted)).toBe('The store was empty.');
    expect(bootedWithout(whole, booted)).toBeUndefined();
    expect(bootedWithout({ ...whole, state: undefined }, NORMAL)).toBeUndefined();
  });

  it('is what is damaged, and nothing is known to be lost while the store is away', async () => {
    const { accounts } = portsOf(createFakeWorld());
    const nonsense = () => Promise.reject(new StoreUnreadable('account', 'nonsense'));
    for (const part of ['snapshot', 'riskState'] as const) {
      const read = readMemory({ accounts: { ...accounts, [part]: nonsense } });
      expect((await read).damaged).toBe(true);
      await expect(readMemory({ accounts: failing(accounts, part) })).rejects.toThrow('no answer');
    }
  });
});

describe('what one cycle reads', () => {
  /** Everything beside the account fails that may. */
  function scene(over: (ports: Ports) => Partial<Ports> = () => ({})) {
    const world = createFakeWorld();
    world.positions = [POSITION];
    const plain = portsOf(world);
    const ports: Ports = {
      ...plain,
      accounts: { ...plain.accounts, priceTimes: async () => new Map([['ETHUSDT', NOW - 7]]) },
      ...over(plain),
    };
    return { world, ports };
  }
  const memory = { before: HELD, state: { ...RISK_STATE, week: [] }, damaged: false };

  it('lacks only what cannot be read beside the account', async () => {
    const { ports } = scene((plain) => ({
      actions: failing(plain.actions, 'since'),
      market: failing(plain.market, 'tickers', 'instruments', 'riskTiers', 'candles'),
      account: { ...plain.account, protectionEnd: fails },
    }));
    const accounts = failing(ports.accounts, 'equity');
    const reading = await readCycle({ ...ports, accounts }, memory);
    expect(reading.snapshot.positions).toEqual([POSITION]);
    expect([reading.actions, reading.equityPoints]).toEqual([[], []]);
    expect([...reading.priceAt]).toEqual([['ETHUSDT', NOW - 7]]);
    expect(reading.endedStops).toEqual([{ stop: PROTECTION, end: undefined }]);
  });

  it('is none without the account, its lists or what was closed', async () => {
    for (const part of [
      'account',
      'positions',
      'protections',
      'openOrders',
      'closedPositions',
    ] as const) {
      const { ports } = scene((plain) => ({ account: failing(plain.account, part) }));
      await expect(readCycle(ports, memory)).rejects.toThrow('no answer');
    }
  });

  it('has the closes and its own actions since an hour before the last look, and prices of what is held', async () => {
    const asked: number[] = [];
    const saved: string[][] = [];
    const { ports } = scene((plain) => ({
      account: {
        ...plain.account,
        closedPositions: async (since) => (asked.push(since), []),
      },
      actions: { ...plain.actions, since: async (since) => (asked.push(since), []) },
      accounts: {
        ...plain.accounts,
        priceTimes: async () => new Map([['ETHUSDT', NOW - HOUR]]),
        savePriceTimes: async (times) => void saved.push([...times.keys()]),
      },
    }));
    const before = { ...HELD, at: NOW - 60_000 };
    const { priceAt, history } = await readCycle(ports, { ...memory, before });
    expect(asked).toEqual([NOW - 60_000 - HOUR, NOW - 60_000 - HOUR]);
    expect([...priceAt]).toEqual([['ETHUSDT', NOW]]);
    expect(saved).toEqual([['ETHUSDT']]);
    expect(history).toBeUndefined();
    expect((await readCycle(ports, { ...memory, state: undefined })).history).toBeDefined();
  });
});

describe('what a cycle decides', () => {
  const reading = async (over: object = {}) => {
    const world = createFakeWorld();
    world.positions = [POSITION];
    world.protections = [PROTECTION];
    const state = { ...RISK_STATE, week: [] };
    const memory = { before: HELD, state, damaged: false };
    return { ...(await readCycle(portsOf(world), memory)), ...over };
  };
  const decided = async (over: object = {}) =>
    decideCycle({
      limits: DEFAULT_LIMITS,
      clock: { speed: 1, offsetMs: 0 },
      memory: { before: HELD, state: RISK_STATE, damaged: false },
      mode: NORMAL,
      reading: await reading(over),
      lost: undefined,
    });

  it('tells the return of the account where it was told to be lost, and not one failed reading before', async () => {
    const { maxFailedReads } = DEFAULT_LIMITS;
    const back = async (failedBefore: number): Promise<number> =>
      (await decided({ failedBefore })).findings.filter(({ kind }) => kind === 'connection-back')
        .length;
    expect(await back(maxFailedReads)).toBe(1);
    expect(await back(maxFailedReads - 1)).toBe(0);
  });

  it('takes a price that seems to come from the future as new, and holds entries by an old one', async () => {
    const held = async (at: number): Promise<readonly string[]> =>
      (await decided({ priceAt: new Map([['ETHUSDT', at]]) })).stop.tightenings.map(
        ({ reason }) => reason.trigger,
      );
    expect(await held(NOW + 60_000)).toEqual([]);
    expect(await held(NOW - HOUR)).toHaveLength(1);
  });
});

describe('the state after a reading', () => {
  const seen = (wallet: string, closed = [CLOSED], counted: string[] = [], stored = RISK_STATE) => {
    const account = { ...snapshotOf().account, available: usd(wallet) };
    const before = snapshotOf({ at: NOW - 5_000, ledger: LEDGER });
    const state = { ...stored, closesCounted: counted };
    const snapshot = snapshotOf({ account });
    return nextRiskState(state, { before, snapshot, closed }, DEFAULT_LIMITS);
  };

  it('counts a close once in the ledger, however often the history shows it', () => {
    expect(seen('10047').ledger).toEqual({ ...LEDGER, closedNet: usd('47') });
    expect(seen('10000', [CLOSED], [CLOSED.id]).ledger).toEqual(LEDGER);
  });

  it('begins no day and marks no week by money that is in doubt', () => {
    const yesterday = { ...RISK_STATE, dayStart: RISK_STATE.dayStart - DAY, week: [] };
    const after = (wallet: string) => seen(wallet, [], [], yesterday);
    expect(after('15000').ledger.doubted).toBe(usd('15000'));
    expect(after('15000').state).toMatchObject({ dayStart: yesterday.dayStart, week: [] });
    expect(after('10000').state).toMatchObject({
      dayStart: RISK_STATE.dayStart,
      week: [{ equity: usd('10000') }],
    });
  });
});

describe('one cycle', () => {
  async function committed(over: (ports: Ports) => Partial<Ports> = () => ({})) {
    const world = createFakeWorld();
    world.snapshot = snapshotOf({ at: NOW - 5_000, ledger: LEDGER });
    world.account = snapshotOf().account;
    const commits: AccountCommit[] = [];
    const plain = portsOf(world);
    const accounts = {
      ...plain.accounts,
      commit: async (each: AccountCommit) => void commits.push(each),
    };
    const ports = { ...plain, accounts, ...over({ ...plain, accounts }) };
    return { world, commits, ports };
  }

  it('keeps the equity of a reading for the picture, and none while money is in doubt', async () => {
    const calm = await committed();
    await refreshAccount(calm.ports);
    expect(calm.commits[0]?.equity).toMatchObject({ at: NOW, equity: 10_000 });
    const doubted = await committed();
    doubted.world.account = { ...snapshotOf().account, available: usd('15000') };
    await refreshAccount(doubted.ports);
    expect(doubted.commits[0]?.snapshot.ledger?.doubted).toBe(usd('15000'));
    expect(doubted.commits[0]).not.toHaveProperty('equity');
  });

  it.each([
    ['auth', /refuses Vigil's API key/],
    ['account', /refuses Vigil's API key/],
    ['shape', /cannot be used/],
    ['network', /account/],
  ] as const)('that fails for %s too often says so in its own words', async (kind, said) => {
    const failure = new ExchangeFailure('no', { kind, retriable: false });
    const { world, ports } = await committed((plain) => ({
      account: { ...plain.account, positions: () => Promise.reject(failure) },
      accounts: { ...plain.accounts, recordFailedRead: async () => DEFAULT_LIMITS.maxFailedReads },
    }));
    await refreshAccount(ports);
    const [lost] = world.outbox.rows;
    expect(lost?.kind).toBe('connection-lost');
    expect(lost?.title).toMatch(said);
    expect(/refuses|cannot be used/.test(lost?.title ?? '')).toBe(kind !== 'network');
  });
});

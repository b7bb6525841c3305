/** What is read beside the account: history, the week of an old store, contracts, and how old things may be. In memory. */
import { describe, expect, it } from 'vitest';
import { readContracts } from '../../src/app/account/read-contracts.ts';
import { HISTORY_MS, readHistory, withRecordedWeek } from '../../src/app/account/read-history.ts';
import { watchHealth } from '../../src/app/account/watch-health.ts';
import type { AccountSnapshot } from '../../src/app/ports/account-store.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { price, qty, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import type { Fill } from '../../src/domain/order.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { createFakeWorld, portsOf, type FakeWorld, type PortChanges } from '../bot/fakes.ts';
import { ACCOUNT, NOW, POSITION, RISK_STATE } from '../bot/samples.ts';
import { fails } from './failing.ts';

const DAY_START = RISK_STATE.dayStart;
const snapshotOf = (over: Partial<AccountSnapshot> = {}): AccountSnapshot => ({
  account: ACCOUNT,
  positions: [],
  protections: [],
  openOrders: [],
  at: NOW,
  ...over,
});

describe('the history of an account', () => {
  const held = { ...POSITION, openedAt: DAY_START - 2 * HOUR };
  const fill: Fill = {
    id: 'f1',
    orderId: 'o1',
    symbol: 'ETHUSDT',
    side: 'buy',
    price: price('4000'),
    qty: qty('2.5'),
    fee: ZERO_USD,
    realisedGross: ZERO_USD,
    reduceOnly: false,
    role: 'taker',
    at: held.openedAt,
  };
  const candle = (openTime: number, close: number) => ({
    openTime,
    open: close,
    high: close,
    low: close,
    close,
    volume: 1,
  });

  it('has fills up to the reading, and the mark price at which the day began', async () => {
    const plain = portsOf(createFakeWorld());
    const asked: unknown[] = [];
    const of = (openTime: number) => ({
      ...plain,
      account: {
        ...plain.account,
        closedPositions: async (since: number) => (asked.push(since), []),
        fills: async (request: object) => {
          asked.push(request);
          return [fill, { ...fill, id: 'f2', at: NOW }, { ...fill, id: 'f3', at: NOW + 1 }];
        },
      },
      market: {
        ...plain.market,
        candles: async (request: object) => (asked.push(request), [candle(openTime, 3990)]),
        fundingHistory: fails,
      },
    });
    const snapshot = snapshotOf({ positions: [held] });
    const history = await readHistory(of(DAY_START - HOUR), snapshot);
    expect(history.fills.map(({ id }) => id)).toEqual(['f1', 'f2']);
    expect([...history.startPrices]).toEqual([['ETHUSDT', price('3990')]]);
    expect(history.settlements?.get('ETHUSDT')).toEqual([]);
    expect(asked).toEqual([
      NOW - HISTORY_MS,
      { symbol: 'ETHUSDT', since: held.openedAt },
      { symbol: 'ETHUSDT', interval: '1h', limit: 1, endTime: DAY_START, of: 'mark' },
    ]);
    // The candle of another hour does not say what the price was then.
    for (const other of [DAY_START - 2 * HOUR, DAY_START])
      expect((await readHistory(of(other), snapshot)).startPrices.size).toBe(0);
    const blind = of(DAY_START - HOUR);
    const market = { ...blind.market, candles: fails };
    expect((await readHistory({ ...blind, market }, snapshot)).startPrices.size).toBe(0);
  });

  it('is read in whole or not at all: without fills there is none', async () => {
    const plain = portsOf(createFakeWorld());
    const account = { ...plain.account, fills: fails };
    await expect(
      readHistory({ ...plain, account }, snapshotOf({ positions: [held] })),
    ).rejects.toThrow('no answer');
  });
});

describe('a state without its week', () => {
  const { week: _none, ...old } = RISK_STATE;
  const of = (equity: () => Promise<readonly { at: number; equity: number }[]>) => {
    const { accounts } = portsOf(createFakeWorld());
    return withRecordedWeek({ accounts: { ...accounts, equity } }, old, NOW);
  };

  it('takes over what was recorded up to its own reading, and no equity of nothing', async () => {
    const { week } = await of(async () => [
      { at: NOW - 3 * DAY, equity: 10_500 },
      { at: NOW - 2 * DAY, equity: 0 },
      { at: NOW - DAY, equity: 10_200 },
      { at: NOW, equity: 10_100 },
      { at: NOW + HOUR, equity: 9_000 },
    ]);
    expect(week).toEqual([
      { at: NOW - 3 * DAY, equity: usd('10500') },
      { at: NOW - DAY, equity: usd('10200') },
      { at: NOW, equity: usd('10100') },
    ]);
  });

  it('begins with its day where the record is damaged, and waits while the store is away', async () => {
    const damaged = await of(() => Promise.reject(new StoreUnreadable('equity', 'nonsense')));
    expect(damaged.week?.[0]).toMatchObject({ at: DAY_START });
    expect((await of(async () => [])).week).toEqual(damaged.week);
    await expect(of(fails)).rejects.toThrow('no answer');
  });

  it('is left as it is where it has one', async () => {
    const state = { ...old, week: [] };
    const { accounts } = portsOf(createFakeWorld());
    expect(await withRecordedWeek({ accounts: { ...accounts, equity: fails } }, state, NOW)).toBe(
      state,
    );
  });
});

describe('the contracts that are held', () => {
  it('are what the exchange said last while it says nothing, and unknown where it never did', async () => {
    const ports = portsOf(createFakeWorld());
    const blind = { ...ports, market: { ...ports.market, instruments: fails } };
    const before = new Map([['ETHUSDT', { kind: 'open' } as const]]);
    const seen = await readContracts(blind, ['ETHUSDT', 'BTCUSDT'], before);
    expect([...seen]).toEqual([
      ['ETHUSDT', { kind: 'open' }],
      ['BTCUSDT', { kind: 'unknown' }],
    ]);
    expect([...(await readContracts(ports, ['ETHUSDT'], undefined))]).toEqual([
      ['ETHUSDT', { kind: 'open' }],
    ]);
  });
});

describe('the health of the readings', () => {
  const { accountMaxAgeMs, priceMaxAgeMs, maxFailedReads } = DEFAULT_LIMITS;
  interface Ages {
    readonly account?: number;
    readonly price?: number | undefined;
    readonly failed?: number;
    readonly since?: number;
  }
  const LONG_AGO = NOW - DAY;
  /** The mode that watching it leaves, where everything was read so many milliseconds ago. */
  async function after({ account = 0, price: mark, failed = 0, since = LONG_AGO }: Ages) {
    const world: FakeWorld = createFakeWorld();
    world.snapshot = snapshotOf({
      at: NOW - account,
      positions: mark === undefined ? [] : [POSITION],
    });
    const { accounts } = portsOf(world);
    const over: PortChanges = {
      readingsSince: () => since,
      accounts: {
        ...accounts,
        failedReads: async () => failed,
        priceTimes: async () =>
          new Map(mark === undefined || mark === Infinity ? [] : [['ETHUSDT', NOW - mark]]),
      },
    };
    await watchHealth(portsOf(world, over));
    return world.mode?.mode;
  }

  it('holds entries at the age of the account that is allowed, not before', async () => {
    expect(await after({ account: accountMaxAgeMs - 1 })).toBe('normal');
    expect(await after({ account: accountMaxAgeMs })).toBe('reduceOnly');
  });

  it('holds entries by old prices of what is open, and where there never was one', async () => {
    expect(await after({ price: 0 })).toBe('normal');
    expect(await after({ price: 2 * priceMaxAgeMs + MINUTE })).toBe('reduceOnly');
    expect(await after({ price: Infinity })).toBe('reduceOnly');
  });

  it('counts neither from before the start or a time without the store, and takes what seems to come from the future as new', async () => {
    expect(await after({ account: HOUR, price: HOUR, since: NOW })).toBe('normal');
    const since = NOW - accountMaxAgeMs;
    expect(await after({ account: HOUR, since })).toBe('reduceOnly');
    expect(await after({ account: -MINUTE, price: -MINUTE })).toBe('normal');
  });

  it('holds entries at as many failed readings as are allowed', async () => {
    expect(await after({ failed: maxFailedReads - 1 })).toBe('normal');
    expect(await after({ failed: maxFailedReads })).toBe('reduceOnly');
  });
});

/** What counts as one of the two readings that a signed policy needs before it closes anything: in memory, at the boundaries. */
import { describe, expect, it } from 'vitest';
import { flattenByPolicy } from '../../src/app/halt/flatten-by-policy.ts';
import { neg, price, qty, sub, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import type { Fill } from '../../src/domain/order.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { createFakeWorld, portsOf, type FakeWorld, type PortChanges } from '../bot/fakes.ts';
import { ACCOUNT, NOW, POSITION, RISK_STATE, TICKERS } from '../bot/samples.ts';
import { failing } from './failing.ts';

const { priceMaxAgeMs, accountMaxAgeMs } = DEFAULT_LIMITS;
/** More than what a clock may be off before a time in the future counts for nothing. */
const AHEAD_MS = 60_000;

/** One Bitcoin bought today that has lost so much, in an account of `equity` at the day's start. */
function scene(loss: string, equity = '10000'): FakeWorld {
  const world = createFakeWorld();
  const entry = price((27_123.4 + Number(loss)).toFixed(1));
  const margin = usd('100');
  const unrealisedPnl = neg(usd(loss));
  world.account = { ...ACCOUNT, margin, available: sub(usd(equity), margin), unrealisedPnl };
  world.positions = [
    { ...POSITION, symbol: 'BTCUSDT', qty: qty('1'), entryPrice: entry, margin, unrealisedPnl },
  ];
  world.riskState = {
    ...RISK_STATE,
    dayStartEquity: usd(equity),
    dayBook: { at: RISK_STATE.dayStart, equity: usd(equity), rows: [] },
    peakEquity: usd(equity),
  };
  world.snapshot = snapshotOf(world);
  world.policy = { signedBy: 1, signedAt: NOW, triggers: ['daily-loss'], reach: 'all' };
  return world;
}
const snapshotOf = ({ account, positions }: FakeWorld, at = NOW) => ({
  account,
  positions,
  protections: [],
  openOrders: [],
  at,
});
const fillOf = ({ positions: [position] }: FakeWorld): Fill => ({
  id: 'f1',
  orderId: 'o1',
  symbol: 'BTCUSDT',
  side: 'buy',
  price: position?.entryPrice ?? price('0'),
  qty: qty('1'),
  fee: ZERO_USD,
  realisedGross: ZERO_USD,
  reduceOnly: false,
  role: 'taker',
  at: NOW - 60_000,
});
type Without = 'account' | 'fills';
const tickersOf = (at: number) => async () => TICKERS.map((each) => ({ ...each, at }));

/** The sources that speak for the close; none where nothing is closed. */
async function closes(
  world: FakeWorld,
  without?: Without,
  over: (ports: ReturnType<typeof portsOf>) => PortChanges = () => ({}),
): Promise<readonly string[] | undefined> {
  const plain = portsOf(world);
  const account = { ...plain.account, fills: async () => [fillOf(world)] };
  await flattenByPolicy(
    portsOf(world, {
      account: without === undefined ? account : failing(account, without),
      ...over(plain),
    }),
  );
  expect(world.flattened.length).toBeLessThanOrEqual(1);
  return world.flattened[0]?.because?.map((each) => each.split(':')[0] ?? '');
}

describe('a reading', () => {
  it('is one of three, and two are enough', async () => {
    const [account, positions, fills] = [
      'By the account itself',
      'By the open positions',
      "By today's fills",
    ];
    expect(await closes(scene('400'))).toEqual([account, positions, fills]);
    expect(await closes(scene('400'), 'account')).toEqual([positions, fills]);
    expect(await closes(scene('400'), 'fills')).toEqual([account, positions]);
    expect(await closes(scene('200'))).toBeUndefined();
  });

  it('by the account counts for as long as a price does, and none is newer than now', async () => {
    const of = (at: number) => {
      const world = scene('400');
      world.account = { ...world.account, at };
      return closes(world, 'fills');
    };
    expect(await of(NOW - priceMaxAgeMs)).toHaveLength(2);
    expect(await of(NOW - priceMaxAgeMs - 1)).toBeUndefined();
    expect(await of(NOW + AHEAD_MS)).toHaveLength(2);
  });

  it('by the positions counts while the wallet beside them is young enough', async () => {
    const of = (at: number) => {
      const world = scene('400');
      world.snapshot = snapshotOf(world, at);
      return closes(world, 'fills');
    };
    expect(await of(NOW - accountMaxAgeMs)).toHaveLength(2);
    expect(await of(NOW - accountMaxAgeMs - 1)).toBeUndefined();
  });

  it('by the fills is as old as the oldest price', async () => {
    const of = (at: number) =>
      closes(scene('400'), 'account', ({ market }) => ({
        market: { ...market, tickers: tickersOf(at) },
      }));
    expect(await of(NOW - priceMaxAgeMs)).toHaveLength(2);
    expect(await of(NOW - priceMaxAgeMs - 1)).toBeUndefined();
    expect(await of(NOW + AHEAD_MS)).toHaveLength(2);
    const one = closes(scene('400'), 'account', ({ market }) => ({
      market: {
        ...market,
        tickers: async () =>
          TICKERS.map((each, n) => ({ ...each, at: n === 1 ? NOW - priceMaxAgeMs - 1 : NOW })),
      },
    }));
    expect(await one).toBeUndefined();
  });

  it('by the fills leaves out money that the owner took out today', async () => {
    const world = scene('200', '5000');
    const { dayStart } = RISK_STATE;
    world.riskState = {
      ...(world.riskState ?? RISK_STATE),
      dayBook: { at: dayStart, equity: usd('10000'), rows: [] },
      dayCashFlow: usd('-5000'),
    };
    expect(await closes(world, 'account')).toHaveLength(2);
  });
});

describe('nothing is closed', () => {
  it('while nearly everything is gone and nobody knows why: a tenth is too little to measure by', async () => {
    const of = (left: string) => {
      const world = scene(String(Number(left) * 0.08), left);
      const stored = world.riskState ?? RISK_STATE;
      const equity = usd(left);
      const gone = { id: 's', at: NOW - 60_000, equity, highSince: equity };
      const amount = sub(equity, usd('10000'));
      world.riskState = {
        ...stored,
        dayStartEquity: usd('10000'),
        peakEquity: usd('10000'),
        steps: [{ ...gone, amount }],
      };
      return closes(world, 'fills');
    };
    expect(await of('1001')).toHaveLength(2);
    expect(await of('1000')).toBeUndefined();
  });

  it('while the wallet has moved and no trade explains it yet', async () => {
    const world = scene('400');
    const ledger = { closedNet: ZERO_USD, base: usd('10000'), bonus: ZERO_USD };
    world.snapshot = { ...snapshotOf(world), ledger };
    expect(await closes(world)).toHaveLength(3);
    const doubted = scene('400');
    doubted.snapshot = { ...snapshotOf(doubted), ledger: { ...ledger, doubted: usd('9000') } };
    expect(await closes(doubted)).toBeUndefined();
  });

  it('while nobody can say what is open', async () => {
    const world = scene('400');
    const over = ({ account }: ReturnType<typeof portsOf>) => ({
      account: failing(account, 'positions'),
    });
    expect(await closes(world, undefined, over)).toBeUndefined();
  });
});

describe('of several limits that were signed', () => {
  const signed = (loss: string, ...triggers: string[]): FakeWorld => {
    const world = scene(loss);
    world.policy = { signedBy: 1, signedAt: NOW, triggers, reach: 'all' };
    return world;
  };

  it('two that are broken are one close, of what is open', async () => {
    const world = signed('1800', 'daily-loss', 'drawdown');
    expect(await closes(world)).toHaveLength(3);
    expect(world.flattened[0]?.id).toMatch(/^policy-daily-loss-/);
    expect(world.flattened[0]?.only).toEqual(['p1']);
  });

  it('one that holds does not stand before one that is broken', async () => {
    expect(await closes(signed('400', 'drawdown', 'daily-loss'))).toHaveLength(3);
  });
});

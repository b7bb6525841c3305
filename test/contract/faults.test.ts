import { reduceOf } from '../risk/fixtures.ts';
import { afterEach, describe, expect, it } from 'vitest';
import type { WriteOutcome } from '../../src/domain/order.ts';
import { qty, type Price } from '../../src/domain/money/money.ts';
import type { Position } from '../../src/domain/position.ts';
import { accountOf, tradingOf } from './contract-case.ts';
import { placeRestingOrder } from './resting-order.ts';
import { anEntry, levelAt } from './small-entry.ts';
import { venueTarget, type VenueTarget } from './venue-target.ts';
import { lookUp } from '../exchange/support/look-up.ts';
import { PATIENCE_MS } from '../patience.ts';

let open: VenueTarget | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

/** What the exchange does to a request; `path` narrows it to the write under test. */
const FAULTS = [
  { fault: 'lost-reply' },
  { fault: 'network-error' },
  { fault: 'rate-limited', count: 2 },
  { fault: 'bad-sign' },
  { fault: 'bad-sign', count: 2 },
  { fault: 'html-403' },
  { fault: 'slow', amount: 2_500 },
] as const;

/** The state that matters to a write, read back without faults. */
interface Write {
  readonly name: string;
  readonly path: string;
  /** Makes what the write needs and answers how to send it. */
  readonly prepare: (target: VenueTarget) => Promise<() => Promise<WriteOutcome>>;
  /** Whether the exchange shows that it was carried out, exactly once. */
  readonly done: (target: VenueTarget) => Promise<boolean>;
  /** Whether the exchange shows that nothing was done. */
  readonly undone: (target: VenueTarget) => Promise<boolean>;
}

const STOP_AT = 0.93;
const SIZE = qty('0.01');

const positions = (target: VenueTarget): Promise<readonly Position[]> =>
  accountOf(target).positions();

async function standing(target: VenueTarget): Promise<Position> {
  await target.control('position', { symbol: 'BTCUSDT', side: 'LONG', qty: '0.01', leverage: 5 });
  const [position] = await positions(target);
  if (position === undefined) throw new Error('no position');
  return position;
}

const stops = async (target: VenueTarget): Promise<number> =>
  (await accountOf(target).protections()).filter((each) => each.stopPrice !== undefined).length;

const WRITES: readonly Write[] = [
  {
    name: 'an entry',
    path: 'trade/place_order',
    async prepare(target) {
      const entry = await anEntry(target, { side: 'long', qty: SIZE });
      return () => tradingOf(target).placeEntry(entry, 'faulty1');
    },
    done: async (target) =>
      (await positions(target)).every((each) => each.qty === SIZE) &&
      (await positions(target)).length === 1,
    undone: async (target) => (await positions(target)).length === 0,
  },
  {
    name: 'a close',
    path: 'trade/flash_close_position',
    async prepare(target) {
      const position = await standing(target);
      return () => tradingOf(target).closePosition(reduceOf(position));
    },
    done: async (target) => (await positions(target)).length === 0,
    undone: async (target) => (await positions(target)).length === 1,
  },
  {
    name: 'a partial close',
    path: 'trade/place_order',
    async prepare(target) {
      const position = await standing(target);
      const reduce = reduceOf(position, qty('0.004'));
      const request = { reduce, mode: 'hedge', clientId: 'faulty2' } as const;
      return () => tradingOf(target).reducePosition(request);
    },
    done: async (target) => (await positions(target))[0]?.qty === qty('0.006'),
    undone: async (target) => (await positions(target))[0]?.qty === SIZE,
  },
  {
    name: 'a stop',
    path: 'tpsl/position/place_order',
    async prepare(target) {
      const { id: positionId, symbol } = await standing(target);
      const stop: Price = await levelAt(target, STOP_AT);
      return () => tradingOf(target).placeProtection({ symbol, positionId, stop });
    },
    done: async (target) => (await stops(target)) === 1,
    undone: async (target) => (await stops(target)) === 0,
  },
  {
    name: 'a leverage',
    path: 'account/change_leverage',
    prepare: (target) => Promise.resolve(() => tradingOf(target).setLeverage('BTCUSDT', 3)),
    done: async (target) => (await accountOf(target).leverage('BTCUSDT')).leverage === 3,
    undone: async (target) => (await accountOf(target).leverage('BTCUSDT')).leverage !== 3,
  },
  {
    name: 'a cancellation',
    path: 'trade/cancel_orders',
    async prepare(target) {
      const orderId = await placeRestingOrder(target);
      return () => tradingOf(target).cancelOrders('BTCUSDT', [orderId]);
    },
    done: async (target) => (await accountOf(target).openOrders()).length === 0,
    undone: async (target) => (await accountOf(target).openOrders()).length === 1,
  },
];

/** Reads until it works: a block pauses the client for half a venue minute. */
async function settled(check: () => Promise<boolean>): Promise<boolean> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

it.each(WRITES)('$name is carried out although our clock is two minutes off', async (write) => {
  const target = await venueTarget({ speed: 1, rateLimits: false });
  open = target;
  const send = await write.prepare(target);
  await target.control('fault', { fault: 'clock-skew', forMs: 60_000, amount: 120_000 });
  expect(await send()).toMatchObject({ kind: 'accepted' });
  expect(await settled(() => write.done(target))).toBe(true);
  const { offsetMs } = target.bitunix.health();
  expect(Math.abs(offsetMs - 120_000)).toBeLessThanOrEqual(10_000);
});

describe.each(WRITES)('$name', ({ path, prepare, done, undone }) => {
  it.each(FAULTS)('with $fault does what it says, or says that it is unknown', async (fault) => {
    const late = fault.fault === 'slow' ? { deadlineMs: 1_000 } : {};
    const target = await venueTarget({ speed: 100, rateLimits: false, ...late });
    open = target;
    const send = await prepare(target);
    await target.control('fault', { ...fault, path });
    const outcome = await send();
    await target.control('fault', { fault: 'clear' });
    if (outcome.kind === 'accepted') expect(await settled(() => done(target))).toBe(true);
    if (outcome.kind === 'rejected') expect(await settled(() => undone(target))).toBe(true);
    // Unknown: either may be true, but nothing in between and nothing twice.
    const [was, wasNot] = [await settled(() => done(target)), await settled(() => undone(target))];
    expect(was).not.toBe(wasNot);
  });
});

describe('an entry whose outcome is unknown', () => {
  it.each([
    ['lost-reply', 'found'],
    ['network-error', 'found'],
    ['html-403', 'absent'],
  ] as const)('after %s is looked up until it is %s', async (fault, expected) => {
    const target = await venueTarget({ speed: 100, rateLimits: false });
    open = target;
    const entry = await anEntry(target, { side: 'long', qty: SIZE });
    await target.control('fault', { fault, path: 'trade/place_order' });
    await target.control('fault', { fault: 'order-not-found', count: 2 });
    expect((await tradingOf(target).placeEntry(entry, 'look1')).kind).toBe('unknown');
    const known = await lookUp(accountOf(target), 'look1', {
      forMs: 60_000,
      clock: { speed: target.venue.speed },
    });
    expect(known.kind).toBe(expected);
    if (known.kind === 'found') expect(known.order.status).toBe('filled');
  });
});

it('sends a stop that is right although the list of stops is out of date', async () => {
  const target = await venueTarget({ speed: 100, rateLimits: false });
  open = target;
  const { id: positionId, symbol } = await standing(target);
  const [first, second] = [await levelAt(target, STOP_AT), await levelAt(target, 0.95)];
  await target.control('fault', { fault: 'stale-tpsl', forMs: 10_000 });
  for (const stop of [first, second]) {
    const outcome = await tradingOf(target).placeProtection({ symbol, positionId, stop });
    expect(outcome.kind).toBe('accepted');
  }
  await target.control('fault', { fault: 'clear' });
  expect(await stops(target)).toBe(1);
  expect((await accountOf(target).protections())[0]?.stopPrice).toBe(second);
});

it('knows a liquidation price that is missing, and a free balance below zero', async () => {
  const target = await venueTarget({ rateLimits: false });
  open = target;
  await standing(target);
  await target.control('fault', { fault: 'no-liq-price' });
  expect((await positions(target))[0]?.liquidationPrice).toBeUndefined();
  await target.control('fault', { fault: 'negative-available', amount: 50_000 });
  expect((await accountOf(target).account()).available).toBeLessThan(0n);
});

it('finds its way back when the exchange says that the clock is off', async () => {
  const target = await venueTarget({ rateLimits: false });
  open = target;
  await target.control('fault', { fault: 'bad-sign' });
  expect((await accountOf(target).account()).marginCoin).toBe('USDT');
});

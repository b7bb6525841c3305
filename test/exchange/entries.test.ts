import { reduceOf } from '../risk/fixtures.ts';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/app/ports/clock.ts';
import type { Trading } from '../../src/app/ports/trading.ts';
import { price, qty } from '../../src/domain/money/money.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Position } from '../../src/domain/position.ts';
import { client, clockAt } from './support/client.ts';
import { ACCOUNT_ROW, ORDER_ROW } from './support/rows.ts';
import { ok, startTinyVenue, type Answer } from './support/tiny-venue.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Answers by the end of the path; the account is there always. */
async function setUp(answers: Readonly<Record<string, Answer>>, clock = clockAt(20)) {
  const venue = await startTinyVenue(({ path }) => {
    const found = Object.entries(answers).find(([end]) => path.endsWith(end));
    return found?.[1] ?? (path.endsWith('/account') ? ok(ACCOUNT_ROW) : { code: 20007 });
  });
  const bitunix = client(venue.url, { clock });
  open.push(bitunix, venue);
  if (bitunix.trading === undefined) throw new Error('keys were given');
  const bodies = (): unknown[] =>
    venue.seen.filter((each) => each.method === 'POST').map((each) => JSON.parse(each.body));
  return { trading: bitunix.trading, bodies, bitunix };
}

type Entry = Parameters<Trading['placeEntry']>[0];
const entry = (over: Partial<Entry> = {}): Entry =>
  ({
    symbol: 'BTCUSDT',
    side: 'long',
    qty: qty('0.002'),
    leverage: 5,
    positionMode: 'hedge',
    stop: price('58000'),
    target: price('61000'),
    ...over,
  }) as unknown as Entry;

const LEVELS = {
  tpPrice: '61000',
  tpStopType: 'MARK_PRICE',
  tpOrderType: 'MARKET',
  slPrice: '58000',
  slStopType: 'MARK_PRICE',
  slOrderType: 'MARKET',
};

describe('a limit entry', () => {
  it.each(['GTC', 'IOC', 'FOK', 'POST_ONLY'] as const)('waits as %s', async (effect) => {
    const { trading, bodies } = await setUp({ '/place_order': ok({ orderId: '7' }) });
    const limit = { price: price('59000'), effect };
    expect(await trading.placeLimitEntry(entry(), limit, 'c1')).toEqual({
      kind: 'accepted',
      orderId: '7',
    });
    expect(bodies()).toEqual([
      {
        symbol: 'BTCUSDT',
        qty: '0.002',
        side: 'BUY',
        tradeSide: 'OPEN',
        orderType: 'LIMIT',
        price: '59000',
        effect,
        clientId: 'c1',
        ...LEVELS,
      },
    ]);
  });
});

describe('the moment by which an entry has to leave', () => {
  const send = async (clock: Clock, sendBy: (now: number) => number) => {
    const { trading, bodies, bitunix } = await setUp(
      { '/place_order': ok({ orderId: '7' }) },
      clock,
    );
    // Teaches the client what time it is there.
    await bitunix.account?.account();
    const outcome = await trading.placeEntry(entry(), 'c1', sendBy(bitunix.now()));
    return { outcome, sent: bodies().length };
  };
  const still = (shiftMs: number): Clock => {
    const at = Date.now() + shiftMs;
    return { speed: 20, now: () => at };
  };

  it('still counts itself, and a millisecond later nothing leaves', async () => {
    expect(await send(still(0), (now) => now)).toMatchObject({
      outcome: { kind: 'accepted' },
      sent: 1,
    });
    expect(await send(still(0), (now) => now - 1)).toEqual({
      outcome: { kind: 'rejected', code: '', reason: 'it waited too long for its turn' },
      sent: 0,
    });
  });

  it.each([-30_000, 30_000])(
    "is one of the exchange's clock: machine off by %i ms",
    async (off) => {
      const early = await send(clockAt(1, off), (now) => now + 5_000);
      expect(early).toMatchObject({ outcome: { kind: 'accepted' }, sent: 1 });
      const late = await send(clockAt(1, off), (now) => now - 5_000);
      expect(late).toMatchObject({ outcome: { kind: 'rejected' }, sent: 0 });
    },
  );
});

describe('changing an order', () => {
  const order = { id: '7', symbol: 'BTCUSDT', qty: qty('0.002') } as Order;

  it('names price and size, which the exchange wants both', async () => {
    const { trading, bodies } = await setUp({ '/modify_order': ok({ orderId: '7' }) });
    const change = { price: price('58500'), qty: qty('0.002') };
    expect((await trading.modifyOrder(order, change)).kind).toBe('accepted');
    expect(bodies()).toEqual([{ orderId: '7', symbol: 'BTCUSDT', qty: '0.002', price: '58500' }]);
  });

  it.each(['0', '-0.001', '0.0021'])('to a size of %s is not sent', async (size) => {
    const { trading, bodies } = await setUp({ '/modify_order': ok({ orderId: '7' }) });
    const change = { price: price('58500'), qty: qty(size) };
    expect(await trading.modifyOrder(order, change)).toMatchObject({ kind: 'rejected', code: '' });
    expect(bodies()).toEqual([]);
  });
});

describe('a batch', () => {
  const three = ['a', 'b', 'c'].map((clientId) => ({ entry: entry(), clientId }));
  const batch = '/batch_order';

  it('has an outcome for each order, by its own id, whatever the answer names it', async () => {
    const { trading, bodies } = await setUp({
      [batch]: ok({
        successList: [{ id: '71', clientId: 'b' }],
        failureList: [{ clientId: 'a', errorMsg: 'Insufficient balance', errorCode: 10012 }],
      }),
    });
    const outcomes = await trading.placeEntries(three);
    expect(outcomes).toMatchObject([
      { clientId: 'a', outcome: { kind: 'rejected', code: '10012' } },
      { clientId: 'b', outcome: { kind: 'accepted', orderId: '71' } },
      { clientId: 'c', outcome: { kind: 'unknown' } },
    ]);
    expect(bodies()).toHaveLength(1);
    expect(bodies()[0]).toMatchObject({
      symbol: 'BTCUSDT',
      orderList: [{ clientId: 'a' }, {}, {}],
    });
  });

  it.each([10001, '1', 'never seen'])(
    'leaves an order unknown whose row has code %s: it may be there',
    async (errorCode) => {
      const { trading } = await setUp({
        [batch]: ok({ failureList: [{ clientId: 'a', errorMsg: 'Network Error', errorCode }] }),
      });
      const [first] = await trading.placeEntries(three.slice(0, 1));
      expect(first?.outcome.kind).toBe('unknown');
    },
  );

  it('looks an order up whose id was used before', async () => {
    const { trading } = await setUp({
      [batch]: ok({ failureList: [{ clientId: 'a', errorMsg: 'used', errorCode: '30042' }] }),
      '/get_order_detail': ok({ ...ORDER_ROW, clientId: 'a', orderId: '99' }),
    });
    const [first] = await trading.placeEntries(three.slice(0, 1));
    expect(first?.outcome).toEqual({ kind: 'accepted', orderId: '99' });
  });

  it.each([
    ['a cut connection', 'cut' as const],
    ['an internal error', { code: 10001 }],
    ['an answer of another shape', ok({ successList: 'all' })],
  ])('is unknown as a whole after %s, and sent once', async (_, answer) => {
    const { trading, bodies } = await setUp({ [batch]: answer });
    const outcomes = await trading.placeEntries(three);
    expect(outcomes.map((each) => each.outcome.kind)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(bodies()).toHaveLength(1);
  });

  it('of five orders is sent', async () => {
    const { trading, bodies } = await setUp({ [batch]: ok({ successList: [] }) });
    const five = ['a', 'b', 'c', 'd', 'e'].map((clientId) => ({ entry: entry(), clientId }));
    expect(await trading.placeEntries(five)).toHaveLength(5);
    expect(bodies()).toHaveLength(1);
  });

  it('of six orders, or of two contracts, is not sent', async () => {
    const { trading, bodies } = await setUp({ [batch]: ok({}) });
    const six = Array.from({ length: 6 }, (_, index) => ({
      entry: entry(),
      clientId: `c${index}`,
    }));
    const mixed = [...three, { entry: entry({ symbol: 'ETHUSDT' }), clientId: 'd' }];
    for (const wrong of [six, mixed]) {
      const outcomes = await trading.placeEntries(wrong);
      expect(outcomes).toHaveLength(wrong.length);
      expect(outcomes.every(({ outcome }) => outcome.kind === 'rejected')).toBe(true);
    }
    expect(await trading.placeEntries([])).toEqual([]);
    expect(bodies()).toEqual([]);
  });
});

describe('reducing a position', () => {
  const position = { id: '5', symbol: 'BTCUSDT', side: 'short', qty: qty('0.5') } as Position;

  it('whose id was used before is looked up, not sent again', async () => {
    const { trading, bodies } = await setUp({
      '/place_order': { code: 30042, data: null },
      '/get_order_detail': ok({ ...ORDER_ROW, clientId: 'r1', orderId: '98' }),
    });
    const request = {
      reduce: reduceOf(position, qty('0.2')),
      mode: 'hedge',
      clientId: 'r1',
    } as const;
    expect(await trading.reducePosition(request)).toEqual({ kind: 'accepted', orderId: '98' });
    expect(bodies()).toHaveLength(1);
  });

  it.each([
    ['hedge', { side: 'SELL', tradeSide: 'CLOSE', positionId: '5' }],
    ['one-way', { side: 'BUY', reduceOnly: true }],
  ] as const)('in %s mode at a limit', async (mode, fields) => {
    const { trading, bodies } = await setUp({ '/place_order': ok({ orderId: '7' }) });
    const limit = { price: price('57000'), effect: 'GTC' } as const;
    const reduce = reduceOf(position, qty('0.2'));
    await trading.reducePosition({ reduce, mode, clientId: 'r1', limit });
    expect(bodies()).toEqual([
      {
        symbol: 'BTCUSDT',
        qty: '0.2',
        orderType: 'LIMIT',
        price: '57000',
        effect: 'GTC',
        ...fields,
        clientId: 'r1',
      },
    ]);
  });

  it('by more than its size closes no more than all of it', async () => {
    const { trading, bodies } = await setUp({ '/place_order': ok({ orderId: '7' }) });
    const reduce = reduceOf(position, qty('0.500000000000000001'));
    await trading.reducePosition({ reduce, mode: 'hedge', clientId: 'r1' });
    expect(bodies()).toMatchObject([{ qty: '0.5' }]);
  });

  it('takes no plain id', async () => {
    const { trading, bodies } = await setUp({ '/flash_close_position': ok({ positionId: '5' }) });
    // @ts-expect-error an id is no leave of the gate
    expect((await trading.closePosition('5')).kind).toBe('rejected');
    expect(bodies()).toEqual([]);
  });

  it('by a part is never sent as a close of the whole', async () => {
    const { trading, bodies } = await setUp({ '/flash_close_position': ok({ positionId: '5' }) });
    expect((await trading.closePosition(reduceOf(position, qty('0.2')))).kind).toBe('rejected');
    expect(bodies()).toEqual([]);
    expect((await trading.closePosition(reduceOf(position))).kind).toBe('accepted');
    expect(bodies()).toEqual([{ positionId: '5' }]);
  });
});

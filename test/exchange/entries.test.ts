import { reduceOf } from '../risk/fixtures.ts';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/app/ports/clock.ts';
import { price, qty } from '../../src/domain/money/money.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Position } from '../../src/domain/position.ts';
import { anEntry } from './support/an-entry.ts';
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

describe('the moment by which an entry has to leave', () => {
  const send = async (clock: Clock, sendBy: (now: number) => number) => {
    const { trading, bodies, bitunix } = await setUp(
      { '/place_order': ok({ orderId: '7' }) },
      clock,
    );
    // Teaches the client what time it is there.
    await bitunix.account?.account();
    const outcome = await trading.placeEntry(anEntry(), 'c1', sendBy(bitunix.now()));
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
    ['hedge', 'GTC', { side: 'SELL', tradeSide: 'CLOSE', positionId: '5' }],
    ['one-way', 'GTC', { side: 'BUY', reduceOnly: true }],
    ['one-way', 'IOC', { side: 'BUY', reduceOnly: true }],
    ['one-way', 'FOK', { side: 'BUY', reduceOnly: true }],
    ['one-way', 'POST_ONLY', { side: 'BUY', reduceOnly: true }],
  ] as const)('in %s mode at a limit, %s', async (mode, effect, fields) => {
    const { trading, bodies } = await setUp({ '/place_order': ok({ orderId: '7' }) });
    const limit = { price: price('57000'), effect };
    const reduce = reduceOf(position, qty('0.2'));
    await trading.reducePosition({ reduce, mode, clientId: 'r1', limit });
    expect(bodies()).toEqual([
      {
        symbol: 'BTCUSDT',
        qty: '0.2',
        orderType: 'LIMIT',
        price: '57000',
        effect,
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

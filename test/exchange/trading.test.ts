import { afterEach, describe, expect, it } from 'vitest';
import { price } from '../../src/domain/money/money.ts';
import { anEntry } from './support/an-entry.ts';
import { client, clockAt } from './support/client.ts';
import { lookUp } from './support/look-up.ts';
import { ACCOUNT_ROW, ORDER_ROW, PROTECTION_ROW } from './support/rows.ts';
import { ok, startTinyVenue, type Answer, type Seen } from './support/tiny-venue.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

type Route = (seen: Seen, count: number) => Answer;

/** Routes by the last part of the path; a path without a route is a mistake of the test. */
async function setUp(
  routes: Readonly<Record<string, Route>>,
  options: Parameters<typeof client>[1] = {},
) {
  const counts = new Map<string, number>();
  const venue = await startTinyVenue((seen) => {
    const name = seen.path.replace('/api/v1/futures/', '');
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return routes[name]?.(seen, count) ?? { code: 404, data: null, msg: `no route ${name}` };
  });
  const bitunix = client(venue.url, options);
  open.push(bitunix, venue);
  const { trading, account } = bitunix;
  if (trading === undefined || account === undefined) throw new Error('keys were given');
  const writes = () => venue.seen.filter((seen) => seen.method === 'POST');
  const bodyOf = (seen: Seen | undefined): Record<string, unknown> =>
    JSON.parse(seen?.body ?? '{}') as Record<string, unknown>;
  const close = (): Promise<void> => bitunix.close();
  const look = (clientId: string, forMs = 0) =>
    lookUp(account, clientId, { forMs, clock: clockAt(20) });
  return { trading, look, venue, writes, bodyOf, close };
}

const entry = anEntry();

const account: Route = () => ok(ACCOUNT_ROW);
const place = 'trade/place_order';
const detail = 'trade/get_order_detail';

describe('an entry', () => {
  it('goes out at market with stop and target on the mark price', async () => {
    const { trading, writes, bodyOf } = await setUp({
      account,
      [place]: () => ok({ orderId: '77', clientId: 'c1' }),
    });
    expect(await trading.placeEntry(entry, 'c1')).toEqual({ kind: 'accepted', orderId: '77' });
    expect(bodyOf(writes()[0])).toEqual({
      symbol: 'BTCUSDT',
      qty: '0.002',
      side: 'BUY',
      tradeSide: 'OPEN',
      orderType: 'MARKET',
      clientId: 'c1',
      tpPrice: '61000',
      tpStopType: 'MARK_PRICE',
      tpOrderType: 'MARKET',
      slPrice: '58000',
      slStopType: 'MARK_PRICE',
      slOrderType: 'MARKET',
    });
  });

  it('names no trade side where the gate has seen a one-way account', async () => {
    const { trading, writes, bodyOf } = await setUp({
      [place]: () => ok({ orderId: '77' }),
    });
    await trading.placeEntry({ ...entry, side: 'short', positionMode: 'one-way' }, 'c1');
    expect(bodyOf(writes()[0])).toMatchObject({ side: 'SELL' });
    expect(bodyOf(writes()[0])).not.toHaveProperty('tradeSide');
  });

  it.each([
    ['leaves', 60_000, 1],
    ['does not leave', -1, 0],
  ])('that %s when its readings allow it until %i ms from now', async (_what, ms, sent) => {
    const { trading, writes } = await setUp({ account, [place]: () => ok({ orderId: '77' }) });
    const outcome = await trading.placeEntry(entry, 'c1', Date.now() + ms);
    expect(writes()).toHaveLength(sent);
    expect(outcome.kind).toBe(sent === 1 ? 'accepted' : 'rejected');
    if (sent === 0) expect(outcome).toMatchObject({ code: '' });
  });

  it('reads nothing before it is sent: the verdict is not kept waiting', async () => {
    const { trading, venue } = await setUp({ account, [place]: () => ok({ orderId: '77' }) });
    await trading.placeEntry(entry, 'c1');
    expect(venue.seen.map((each) => each.method)).toEqual(['POST']);
  });

  it.each([
    ['the reply is cut off', 'cut'],
    ['a web page comes back', { raw: '<html>', status: 403 }],
    ['an internal error comes back (10001)', { code: 10001, data: null }],
    ['a code that nobody knows comes back', { code: 77777, data: null }],
    ['no answer comes', 'hang'],
  ] as [string, Answer][])('is unknown and sent once when %s', async (_, trouble) => {
    const late = trouble === 'hang' ? { deadlineMs: 400 } : {};
    const { trading, writes } = await setUp({ account, [place]: () => trouble }, late);
    expect((await trading.placeEntry(entry, 'c1')).kind).toBe('unknown');
    expect(writes()).toHaveLength(1);
  });

  it('is unknown when the client is closed while the answer is awaited', async () => {
    let arrived = (): void => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const { trading, close } = await setUp({
      account,
      [place]: () => {
        arrived();
        return 'hang';
      },
    });
    const outcome = trading.placeEntry(entry, 'c1');
    await arrival;
    await close();
    expect((await outcome).kind).toBe('unknown');
  });

  it('is unknown when its client id is burnt (30042) and no list shows its order', async () => {
    const empty: Route = () => ok({ orderList: [], total: '0' });
    const { trading, writes } = await setUp({
      account,
      [place]: () => ({ code: 30042, data: null, msg: 'Client ID duplicate' }),
      [detail]: () => ({ code: 20007, data: null }),
      'trade/get_pending_orders': empty,
      'trade/get_history_orders': empty,
    });
    expect((await trading.placeEntry(entry, 'c1')).kind).toBe('unknown');
    expect(writes()).toHaveLength(1);
  });

  it('is rejected with code and plain words when the exchange refuses it', async () => {
    const { trading, writes } = await setUp({
      account,
      [place]: () => ({ code: 20003, data: null, msg: 'Insufficient balance' }),
    });
    const outcome = await trading.placeEntry(entry, 'c1');
    expect(outcome).toMatchObject({ kind: 'rejected', code: '20003' });
    expect(outcome).toHaveProperty('reason', expect.stringContaining('insufficient balance'));
    expect(writes()).toHaveLength(1);
  });

  it('is sent again when it was only too frequent, because it was not carried out', async () => {
    const { trading, writes } = await setUp({
      account,
      [place]: (_, count) => (count === 1 ? { code: 10006, data: null } : ok({ orderId: '77' })),
    });
    expect(await trading.placeEntry(entry, 'c1')).toEqual({ kind: 'accepted', orderId: '77' });
    expect(writes()).toHaveLength(2);
  });

  it('is accepted when the exchange refuses it and has it all the same: the answer was to a second copy', async () => {
    const { trading, writes } = await setUp({
      account,
      [place]: () => ({ code: 20012, data: null, msg: 'This futures does not allow trading' }),
      [detail]: () => ok({ ...ORDER_ROW, clientId: 'c1', orderId: '78' }),
    });
    expect(await trading.placeEntry(entry, 'c1')).toEqual({ kind: 'accepted', orderId: '78' });
    expect(writes()).toHaveLength(1);
  });

  it('is accepted with its order when its client id is burnt already (30042)', async () => {
    const { trading } = await setUp({
      account,
      [place]: () => ({ code: 30042, data: null }),
      [detail]: () => ok({ ...ORDER_ROW, clientId: 'c1', orderId: '78' }),
    });
    expect(await trading.placeEntry(entry, 'c1')).toEqual({ kind: 'accepted', orderId: '78' });
  });
});

describe('looking an order up', () => {
  const pending = 'trade/get_pending_orders';
  const history = 'trade/get_history_orders';
  const empty: Route = () => ok({ orderList: [], total: '0' });
  const notFound: Route = () => ({ code: 20007, data: null, msg: 'try later' });

  it('waits out the lag just after placing', async () => {
    const { look } = await setUp({
      [detail]: (_, count) =>
        count < 3 ? notFound({} as Seen, 1) : ok({ ...ORDER_ROW, clientId: 'c1' }),
      [pending]: empty,
      [history]: empty,
    });
    expect(await look('c1', 15_000)).toMatchObject({
      kind: 'found',
      order: { id: ORDER_ROW.orderId },
    });
  });

  it('finds an order that only the list of pending ones has', async () => {
    const { look } = await setUp({
      [detail]: notFound,
      [pending]: () => ok({ orderList: [{ ...ORDER_ROW, clientId: 'c1' }], total: '1' }),
      [history]: empty,
    });
    expect(await look('c1', 0)).toMatchObject({ kind: 'found', order: { status: 'new' } });
  });

  it('finds an order that only the history of cancelled ones has', async () => {
    const { look } = await setUp({
      [detail]: notFound,
      [pending]: empty,
      [history]: (seen) =>
        seen.query.get('queryCanceled') === 'true'
          ? ok({ orderList: [{ ...ORDER_ROW, clientId: 'c1', status: 'CANCELED' }], total: '1' })
          : empty(seen, 1),
    });
    expect(await look('c1')).toMatchObject({ kind: 'found', order: { status: 'cancelled' } });
  });

  it('says absent only after every list said so to the end', async () => {
    const { look, venue } = await setUp({
      [detail]: notFound,
      [pending]: empty,
      [history]: empty,
    });
    expect(await look('c1', 20_000)).toEqual({ kind: 'absent' });
    expect(venue.seen.length).toBeGreaterThanOrEqual(8);
  });

  it('stays unknown when a list does not answer', async () => {
    const { look } = await setUp({
      [detail]: notFound,
      [pending]: () => ({ code: 10002, data: null }),
    });
    expect(await look('c1', 1_000)).toMatchObject({ kind: 'unknown' });
  });

  it('does not take another order for it when the server ignores the filter', async () => {
    const other: Route = () => ok({ orderList: [ORDER_ROW], total: '1' });
    const { look } = await setUp({
      [detail]: notFound,
      [pending]: other,
      [history]: other,
    });
    expect(await look('c1', 500)).toEqual({ kind: 'absent' });
  });

  it('stays unknown when the detail is about another order', async () => {
    const { look } = await setUp({
      [detail]: () => ok(ORDER_ROW),
      [pending]: empty,
      [history]: empty,
    });
    expect(await look('c1', 500)).toMatchObject({ kind: 'unknown' });
  });
});

describe('leverage', () => {
  const get = 'account/get_leverage_margin_mode';
  const set = 'account/change_leverage';
  const mode = 'account/change_margin_mode';
  const shown = (leverage: number, marginMode: string): Answer =>
    ok({ symbol: 'BTCUSDT', marginCoin: 'USDT', leverage, marginMode });

  it('sets isolated margin first, then leverage, and reads both back', async () => {
    const { trading, writes, bodyOf } = await setUp({
      [get]: (_, count) => (count === 1 ? shown(20, 'CROSS') : shown(5, 'ISOLATION')),
      [mode]: () => ok([{ positionMode: 'ISOLATION' }]),
      [set]: () => ok([{ leverage: 5 }]),
    });
    expect(await trading.setLeverage('BTCUSDT', 5)).toEqual({ kind: 'accepted' });
    expect(writes().map(bodyOf)).toEqual([
      { marginMode: 'ISOLATION', symbol: 'BTCUSDT', marginCoin: 'USDT' },
      { leverage: 5, symbol: 'BTCUSDT', marginCoin: 'USDT' },
    ]);
  });

  it('writes nothing when both are right already', async () => {
    const { trading, writes } = await setUp({ [get]: () => shown(5, 'ISOLATION') });
    expect(await trading.setLeverage('BTCUSDT', 5)).toEqual({ kind: 'accepted' });
    expect(writes()).toHaveLength(0);
  });

  it('is decided by what the exchange shows after a lost reply', async () => {
    const { trading } = await setUp({
      [get]: (_, count) => shown(count === 1 ? 20 : 5, 'ISOLATION'),
      [set]: () => 'cut',
    });
    expect(await trading.setLeverage('BTCUSDT', 5)).toEqual({ kind: 'accepted' });
  });

  it('is rejected when the exchange accepts but does not show it', async () => {
    const { trading } = await setUp({ [get]: () => shown(20, 'ISOLATION'), [set]: () => ok([]) });
    expect(await trading.setLeverage('BTCUSDT', 5)).toMatchObject({
      kind: 'rejected',
      reason: 'BTCUSDT: the exchange does not show leverage 5',
    });
  });

  it('is rejected with the reason while orders are open (20006)', async () => {
    const { trading } = await setUp({
      [get]: () => shown(20, 'CROSS'),
      [mode]: () => ({ code: 20006, data: null }),
    });
    expect(await trading.setLeverage('BTCUSDT', 5)).toMatchObject({
      kind: 'rejected',
      code: '20006',
    });
  });
});

describe('protection', () => {
  const list = 'tpsl/get_pending_orders';
  const placeOwn = 'tpsl/position/place_order';
  const modifyOwn = 'tpsl/position/modify_order';
  const request = { symbol: 'ETHUSDT', positionId: PROTECTION_ROW.positionId, stop: price('3060') };
  const own = { ...PROTECTION_ROW, slQty: null, tpPrice: '3300' };

  it('is placed when the position has none', async () => {
    const { trading, writes, bodyOf } = await setUp({
      [list]: () => ok([]),
      [placeOwn]: () => ok([{ orderId: '5' }]),
    });
    expect(await trading.placeProtection(request)).toEqual({ kind: 'accepted', orderId: '5' });
    expect(bodyOf(writes()[0])).toEqual({
      symbol: 'ETHUSDT',
      positionId: PROTECTION_ROW.positionId,
      slPrice: '3060',
      slStopType: 'MARK_PRICE',
    });
  });

  it('is changed when there is one, and the leg that is not given stays', async () => {
    const { trading, writes, bodyOf } = await setUp({
      [list]: () => ok([own]),
      [modifyOwn]: () => ok({ orderId: '5' }),
    });
    expect((await trading.placeProtection(request)).kind).toBe('accepted');
    expect(bodyOf(writes()[0])).toMatchObject({ slPrice: '3060', tpPrice: '3300' });
  });

  it('keeps the stop when only a target is given', async () => {
    const { trading, writes, bodyOf } = await setUp({
      [list]: () => ok([{ ...own, slPrice: '3050' }]),
      [modifyOwn]: () => ok({ orderId: '5' }),
    });
    const { stop: _stop, ...rest } = request;
    await trading.placeProtection({ ...rest, target: price('3400') });
    expect(bodyOf(writes()[0])).toMatchObject({ slPrice: '3050', tpPrice: '3400' });
  });

  it('sends no target alone when the list cannot be read: it could take the stop away', async () => {
    const { trading, writes } = await setUp({ [list]: () => ({ code: 10002, data: null }) });
    const { stop: _stop, ...rest } = request;
    const outcome = await trading.placeProtection({ ...rest, target: price('3400') });
    expect(outcome).toMatchObject({ kind: 'rejected', code: '' });
    expect(writes()).toHaveLength(0);
  });

  it('takes no stop or target of a part of the position for the one that covers it', async () => {
    const { trading, writes, bodyOf } = await setUp({
      [list]: () =>
        ok([
          { ...own, id: '1', slPrice: '3050', tpPrice: null, slQty: '0.2' },
          { ...own, id: '2', slPrice: null, tpPrice: '3500', tpQty: '0.2' },
        ]),
      [placeOwn]: () => ok({ orderId: '5' }),
    });
    expect((await trading.placeProtection(request)).kind).toBe('accepted');
    expect(writes()).toHaveLength(1);
    expect(bodyOf(writes()[0])).not.toHaveProperty('tpPrice');
  });

  it('is changed after all when the list did not show it yet', async () => {
    const { trading, writes } = await setUp({
      [list]: () => ok([]),
      [placeOwn]: () => ({ code: 10002, data: null, msg: 'exists' }),
      [modifyOwn]: () => ok({ orderId: '5' }),
    });
    expect((await trading.placeProtection(request)).kind).toBe('accepted');
    expect(writes().map((seen) => seen.path.split('/').at(-2))).toEqual(['position', 'position']);
  });

  it('is placed although the list cannot be read, when a stop is asked for', async () => {
    const { trading } = await setUp({
      [list]: () => ({ code: 10002, data: null }),
      [placeOwn]: () => ok({ orderId: '5' }),
    });
    expect((await trading.placeProtection(request)).kind).toBe('accepted');
  });

  it('is refused with the reason when the mark is through the stop (30029)', async () => {
    const { trading, writes } = await setUp({
      [list]: () => ok([]),
      [placeOwn]: () => ({ code: 30029, data: null }),
    });
    expect(await trading.placeProtection(request)).toMatchObject({
      kind: 'rejected',
      code: '30029',
    });
    expect(writes()).toHaveLength(1);
  });
});

describe('cancelling', () => {
  const path = 'trade/cancel_orders';

  it('is rejected when an order inside the accepted batch failed', async () => {
    const failureList = [
      { orderId: '2', clientId: null, errorMsg: 'Order status error', errorCode: 10013 },
    ];
    const { trading } = await setUp({
      [path]: () => ok({ successList: [{ orderId: '1' }], failureList }),
    });
    expect(await trading.cancelOrders('BTCUSDT', ['1', '2'])).toEqual({
      kind: 'rejected',
      code: '10013',
      reason: '2: Order status error (code 10013)',
    });
  });

  it('sends nothing for no orders', async () => {
    const { trading, venue } = await setUp({});
    expect(await trading.cancelOrders('BTCUSDT', [])).toEqual({ kind: 'accepted' });
    expect(venue.seen).toHaveLength(0);
  });
});

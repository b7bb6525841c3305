import { closeOf } from '../risk/fixtures.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trading } from '../../src/app/ports/trading.ts';
import { price, qty } from '../../src/domain/money/money.ts';
import { client, clockAt, present } from './support/client.ts';
import { lookUp } from './support/look-up.ts';
import { ACCOUNT_ROW, ORDER_ROW } from './support/rows.ts';
import { ok, startTinyVenue, type Answer, type TinyVenue } from './support/tiny-venue.ts';

const entry = {
  symbol: 'BTCUSDT',
  side: 'long',
  qty: qty('0.002'),
  leverage: 5,
  stop: price('58000'),
  target: price('61000'),
} as unknown as Parameters<Trading['placeEntry']>[0];

const ID = 'c1';
const OWN = { ...ORDER_ROW, clientId: ID, orderId: '77' };
const raw = (body: unknown, status = 200): Answer => ({
  raw: typeof body === 'string' ? body : JSON.stringify(body),
  status,
});
const good = { code: 0, data: { orderId: '77', clientId: ID }, msg: 'result.success' };

/** Answers to placing an order that say that it is placed, and nothing else. */
const ACCEPTED: Readonly<Record<string, Answer>> = {
  'as documented': raw(good),
  'the code as text': raw({ ...good, code: '0' }),
  'in a list': raw({ code: 0, data: [{ orderId: '77' }] }),
  'the id as a number': raw({ code: 0, data: { orderId: 77 } }),
  'under another content type': {
    raw: JSON.stringify(good),
    headers: { 'content-type': 'text/html' },
  },
};

/** Answers that say that it is not. */
const REJECTED: Readonly<Record<string, Answer>> = {
  'no balance': raw({ code: 20_003, data: null, msg: 'x' }),
  'the code as text': raw({ code: '20003' }),
  'a parameter': raw({ code: 10_002, data: null }),
  'with HTTP 400': raw({ code: 10_002, data: null }, 400),
  'a price band': raw({ code: 30_014, data: null }),
};

/** Answers that say neither. */
const UNKNOWN: Readonly<Record<string, Answer>> = {
  'no data': raw({ code: 0 }),
  'null data': raw({ code: 0, data: null }),
  'empty text': raw({ code: 0, data: '' }),
  'an empty object': raw({ code: 0, data: {} }),
  'an empty list': raw({ code: 0, data: [] }),
  'a list of null': raw({ code: 0, data: [null] }),
  'two orders': raw({ code: 0, data: [{ orderId: '77' }, { orderId: '78' }] }),
  'a renamed id': raw({ code: 0, data: { order_id: '77' } }),
  'an empty id': raw({ code: 0, data: { orderId: '' } }),
  "another order's client id": raw({ code: 0, data: { orderId: '77', clientId: 'other' } }),
  'yes and no': raw({ ...good, success: false }),
  'HTTP 500 and success': raw(good, 500),
  'HTTP 502 and success': raw(good, 502),
  'HTTP 503 and a refusal': raw({ code: 20_003, data: null }, 503),
  'HTTP 599 and used before': raw({ code: 30_042, data: null }, 599),
  'HTTP 504 and a page': raw('<html>', 504),
  'an internal error': raw({ code: 10_001, data: null }),
  'a network error': raw({ code: 1, data: null }),
  'a code that nobody knows': raw({ code: 987_654, data: null }),
  'the code null': raw({ code: null, data: good.data }),
  'the code true': raw({ code: true, data: good.data }),
  'the code empty': raw({ code: '', data: good.data }),
  'no code': raw({ data: good.data }),
  'a bare order': raw(OWN),
  'a page': raw('<html>moment</html>'),
  'a page with 403': raw('<html>', 403),
  'a page with 429': raw('<html>', 429),
  nothing: raw(''),
  'half of it': raw(JSON.stringify(good).slice(0, -3)),
  'no JSON': raw('ok'),
  'a list': raw([good]),
  'a cut connection': 'cut',
  'no answer in time': 'hang',
};

const LISTED = ok({ orderList: [OWN], total: '1' });
const NONE = ok({ orderList: [], total: '0' });
const NOT_FOUND: Answer = { code: 20_007, data: null, msg: 'try later' };

/** Looks that leave open whether the order is there, as answers to all three lists. */
const NO_EVIDENCE: Readonly<Record<string, Answer>> = {
  'no data': raw({ code: 0 }),
  'null data': raw({ code: 0, data: null }),
  'empty text': raw({ code: 0, data: '' }),
  'an empty object': ok({}),
  'a bare list': ok([]),
  'the total alone': ok({ total: '0' }),
  'no list': ok({ orderList: null, total: '0' }),
  'another key': ok({ orders: [], total: '0' }),
  'less than there is': ok({ orderList: [], total: '1' }),
  'rows that are none': ok({ orderList: [null], total: '1' }),
  'an order of nobody': ok({ orderList: [{ ...OWN, clientId: null }], total: '1' }),
  'an order that cannot be read': ok({ orderList: [{ ...OWN, side: 'BOTH' }], total: '1' }),
  'HTTP 500 and no order': raw({ code: 0, data: { orderList: [], total: '0' } }, 500),
  'a refusal': { code: 10_002, data: null },
  'not found, which no list says': NOT_FOUND,
  'a page': raw('<html>', 403),
};

/** What the detail may say that is no "not found". */
const NO_DETAIL: Readonly<Record<string, Answer>> = {
  'no data': raw({ code: 0 }),
  'null data': ok(null),
  'an empty object': ok({}),
  'an empty list': ok([]),
  'another order': ok(ORDER_ROW),
  'no position': { code: 30_004, data: null },
  'HTTP 500 and not found': raw({ code: 20_007, data: null }, 500),
  'no client id': ok({ ...OWN, clientId: null }),
};

/** After a block page nothing is asked for a while; this ends as soon as the order is found. */
const AFTER_A_PAUSE = 500_000_000;

let venue: TinyVenue;
let placed: Answer = 'cut';
let detail: Answer = NOT_FOUND;
let pending: Answer = NONE;
let history: Answer = NONE;
beforeAll(async () => {
  venue = await startTinyVenue(({ path }) => {
    if (path.endsWith('place_order')) return placed;
    if (path.endsWith('get_order_detail')) return detail;
    if (path.endsWith('get_pending_orders')) return pending;
    if (path.endsWith('get_history_orders')) return history;
    return ok(ACCOUNT_ROW);
  });
});
afterAll(() => venue.close());

const FAST = clockAt(50_000);

/** `forMs`: venue time. */
async function place(
  look: { detail?: Answer; pending?: Answer; history?: Answer } = {},
  forMs = 0,
) {
  ({ detail = NOT_FOUND, pending = NONE, history = NONE } = look);
  const sentBefore = venue.seen.filter((seen) => seen.method === 'POST').length;
  const bitunix = client(venue.url, {
    clock: FAST,
    ...(placed === 'hang' ? { deadlineMs: 400 } : {}),
  });
  const outcome = await present(bitunix.trading).placeEntry(entry, ID);
  const sent = venue.seen.filter((seen) => seen.method === 'POST').length - sentBefore;
  const seen = await lookUp(present(bitunix.account), ID, { forMs, clock: FAST });
  await bitunix.close();
  return { outcome, seen: seen.kind, sent };
}

describe('an order whose answer is', () => {
  it.each(Object.entries(ACCEPTED))('success, %s, is accepted', async (_, answer) => {
    placed = answer;
    const { outcome, sent } = await place();
    expect(outcome).toEqual({ kind: 'accepted', orderId: '77' });
    expect(sent).toBe(1);
  });

  it.each(Object.entries(REJECTED))('a refusal, %s, is rejected', async (_, answer) => {
    placed = answer;
    const { outcome, sent } = await place();
    expect(outcome.kind).toBe('rejected');
    expect(sent).toBe(1);
  });

  it.each(Object.entries(REJECTED))(
    'a refusal, %s, and that is there all the same, is accepted',
    async (_, answer) => {
      placed = answer;
      const { outcome } = await place({ pending: LISTED });
      expect(outcome).toEqual({ kind: 'accepted', orderId: '77' });
    },
  );

  it.each(Object.entries(UNKNOWN))(
    'neither, %s, is unknown, sent once, and found where it is',
    async (_, answer) => {
      placed = answer;
      const { outcome, seen, sent } = await place({ history: LISTED }, AFTER_A_PAUSE);
      expect(outcome.kind).toBe('unknown');
      expect(outcome).toHaveProperty('reason', expect.not.stringMatching(/UND_|ECONN|undefined/));
      expect(sent).toBe(1);
      expect(seen).toBe('found');
    },
  );
});

describe('an order of which nothing is known', () => {
  it('is absent when the detail says "not found" and each list says that it has none', async () => {
    placed = 'cut';
    expect((await place()).seen).toBe('absent');
  });

  it.each(Object.entries(NO_EVIDENCE))('stays so when the lists say %s', async (_, answer) => {
    placed = 'cut';
    for (const where of ['pending', 'history'] as const) {
      expect((await place({ [where]: answer })).seen).toBe('unknown');
    }
  });

  it.each(Object.entries(NO_DETAIL))('stays so when the detail is %s', async (_, answer) => {
    placed = 'cut';
    expect((await place({ detail: answer })).seen).toBe('unknown');
  });

  it('stays so when its client id was used before (30042), whatever the lists say', async () => {
    placed = { code: 30_042, data: null };
    const { outcome, seen } = await place();
    expect([outcome.kind, seen]).toEqual(['unknown', 'unknown']);
  });

  it('is the one that is there when its client id was used before', async () => {
    placed = { code: 30_042, data: null };
    const { outcome, seen } = await place({ pending: LISTED });
    expect(outcome).toEqual({ kind: 'accepted', orderId: '77' });
    expect(seen).toBe('found');
  });

  it('is looked for on every page', async () => {
    placed = 'cut';
    const others = Array.from({ length: 100 }, (_, index) => ({
      ...ORDER_ROW,
      orderId: `${index + 1_000}`,
    }));
    const more = ok({ orderList: others, total: '150' });
    expect((await place({ history: more })).seen).toBe('unknown');
  });
});

const CANCEL = 'BTCUSDT';

describe('cancelling two orders', () => {
  it.each([
    [
      'both named',
      { successList: [{ orderId: '1' }, { orderId: '2' }], failureList: [] },
      'accepted',
    ],
    [
      'without a list of failures',
      { successList: [{ orderId: '1' }, { orderId: '2' }] },
      'accepted',
    ],
    ['named by "id"', { successList: [{ id: 1 }, { id: 2 }], failureList: null }, 'accepted'],
    ['one named', { successList: [{ orderId: '1' }], failureList: [] }, 'unknown'],
    ['none named', { successList: [], failureList: [] }, 'unknown'],
    ['no lists', {}, 'unknown'],
    ['null', null, 'unknown'],
    ['empty text', '', 'unknown'],
    ['lists that are none', { successList: '1,2', failureList: {} }, 'unknown'],
    [
      'one failed',
      { successList: [{ orderId: '1' }], failureList: [{ orderId: '2', errorCode: 10_013 }] },
      'rejected',
    ],
    [
      'one failed and nobody knows',
      { failureList: [{ orderId: '2', errorCode: 10_001 }] },
      'unknown',
    ],
    ['one failed without a code', { failureList: [{ orderId: '2', errorMsg: 'x' }] }, 'unknown'],
  ] as const)('with %s', async (_, data, kind) => {
    const own = await startTinyVenue(() => ok(data));
    const bitunix = client(own.url);
    expect((await present(bitunix.trading).cancelOrders(CANCEL, ['1', '2'])).kind).toBe(kind);
    await bitunix.close();
    await own.close();
  });

  it('keeps the words of the exchange short, and secrets out of them', async () => {
    const errorMsg = `${'long '.repeat(2_000)}`;
    const own = await startTinyVenue(() =>
      ok({ failureList: [{ orderId: '2', errorCode: 10_013, errorMsg }] }),
    );
    const bitunix = client(own.url);
    const outcome = await present(bitunix.trading).cancelOrders(CANCEL, ['2']);
    expect(outcome.kind === 'rejected' ? outcome.reason.length : 0).toBeLessThanOrEqual(203);
    await bitunix.close();
    await own.close();
  });
});

it('an answer about another position is no answer to a close', async () => {
  const own = await startTinyVenue(() => ok({ positionId: '8' }));
  const bitunix = client(own.url);
  expect((await present(bitunix.trading).closePosition(closeOf('7'))).kind).toBe('unknown');
  expect((await present(bitunix.trading).closePosition(closeOf('8'))).kind).toBe('accepted');
  await bitunix.close();
  await own.close();
});

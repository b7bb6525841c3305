import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExchangeFailure } from '../../src/domain/failure.ts';
import type { Bitunix } from '../../src/exchange/bitunix/bitunix.ts';
import { client, clockAt, present } from './support/client.ts';
import * as rows from './support/rows.ts';
import { startTinyVenue, type Answer, type TinyVenue } from './support/tiny-venue.ts';

/** A read, the list or object that it wants, and what a good answer comes to. */
interface Read {
  readonly row: Readonly<Record<string, unknown>>;
  /** Where the list is; undefined: the data are the list. 'one': an object alone is the answer. */
  readonly key?: string;
  readonly one?: true;
  /** Whether an empty list is an answer. */
  readonly mayBeEmpty?: true;
  /** What identifies a row. */
  readonly id?: string;
  readonly run: (bitunix: Bitunix) => Promise<unknown>;
}

const account = (bitunix: Bitunix) => present(bitunix.account);
const LEVERAGE_ROW = { symbol: 'BTCUSDT', marginCoin: 'USDT', leverage: 5, marginMode: 'CROSS' };
const PAST_STOP = { ...rows.PROTECTION_ROW, status: 'FILLED' };
const SETTLED = { fundingRate: '0.0001', fundingTime: '1767225600000' };
const ETH = { symbol: 'ETHUSDT', interval: '1m', limit: 5 } as const;

const READS: Readonly<Record<string, Read>> = {
  instruments: { row: rows.PAIR_ROW, id: 'symbol', run: ({ market }) => market.instruments() },
  tickers: { row: rows.TICKER_ROW, id: 'symbol', run: ({ market }) => market.tickers() },
  candles: { row: rows.KLINE_ROW, mayBeEmpty: true, run: ({ market }) => market.candles(ETH) },
  'funding rates': {
    row: rows.FUNDING_ROW,
    id: 'symbol',
    run: ({ market }) => market.fundingRates(),
  },
  'funding history': {
    row: SETTLED,
    mayBeEmpty: true,
    run: ({ market }) => market.fundingHistory('BTCUSDT'),
  },
  tiers: { row: rows.TIER_ROW, id: 'level', run: ({ market }) => market.riskTiers('BTCUSDT') },
  account: { row: rows.ACCOUNT_ROW, one: true, run: (each) => account(each).account() },
  leverage: { row: LEVERAGE_ROW, one: true, run: (each) => account(each).leverage('BTCUSDT') },
  positions: {
    row: rows.POSITION_ROW,
    id: 'positionId',
    mayBeEmpty: true,
    run: (each) => account(each).positions(),
  },
  protections: {
    row: rows.PROTECTION_ROW,
    id: 'id',
    mayBeEmpty: true,
    run: (each) => account(each).protections(),
  },
  'open orders': {
    row: rows.ORDER_ROW,
    key: 'orderList',
    id: 'orderId',
    mayBeEmpty: true,
    run: (each) => account(each).openOrders(),
  },
  'past orders': {
    row: rows.ORDER_ROW,
    key: 'orderList',
    id: 'orderId',
    mayBeEmpty: true,
    run: (each) => account(each).orderHistory(0),
  },
  'past stop': {
    row: PAST_STOP,
    key: 'orderList',
    id: 'id',
    mayBeEmpty: true,
    run: (each) => account(each).protectionEnd({ id: PAST_STOP.id, symbol: 'ETHUSDT' }),
  },
  'closed positions': {
    row: rows.CLOSED_ROW,
    key: 'positionList',
    id: 'positionId',
    mayBeEmpty: true,
    run: (each) => account(each).closedPositions(0),
  },
  fills: {
    row: rows.FILL_ROW,
    key: 'tradeList',
    id: 'tradeId',
    mayBeEmpty: true,
    run: (each) => account(each).fills({}),
  },
};

const MARKET_LISTS: ReadonlySet<Read | undefined> = new Set(
  ['instruments', 'tickers', 'candles', 'funding rates', 'funding history'].map(
    (name) => READS[name],
  ),
);

/** The data of an answer that holds these rows. */
const dataOf = ({ key, one }: Read, list: readonly unknown[]): unknown => {
  if (one === true) return list[0];
  return key === undefined ? list : { [key]: list, total: String(list.length) };
};

const text = (data: unknown): Answer => ({ raw: JSON.stringify({ code: 0, data, msg: 'ok' }) });
const status = (code: number, data: unknown): Answer => ({
  raw: JSON.stringify({ code: 0, data, msg: 'ok' }),
  status: code,
});
const raw = (body: string, http = 200): Answer => ({ raw: body, status: http });

/** Answers that hold nothing a read could be made of, whatever it is. */
function never(read: Read): Readonly<Record<string, Answer>> {
  const { row } = read;
  const good = dataOf(read, [row]);
  const data: Readonly<Record<string, unknown>> = {
    'null data': null,
    'empty text': '',
    'an empty object': {},
    'a text': 'x',
    'text that looks like a list': '[]',
    'a number': 7,
    true: true,
    false: false,
    'a list in a list': [[]],
    'a list of null': [null],
    'a list of texts': ['x'],
    'a list of numbers': [7],
    'the list as "list"': { list: [row], total: '1' },
    'the list as "orders"': { orders: [row], total: '1' },
    'the list as "rows"': { rows: [], total: '0' },
    'the list as "data"': { data: [] },
    'the total alone': { total: '0' },
    'a row of nothing': dataOf(read, [{}]),
    ...(read.one === true
      ? { 'a good row and null': [row, null], 'two different ones': [row, { ...row, extra: 1 }] }
      : { 'a row that is a list': dataOf(read, [[row]]) }),
    // What one contract lacks says nothing about the others; what the account lacks does.
    ...(MARKET_LISTS.has(read) || read.one === true
      ? {}
      : { 'a bad row after a good one': dataOf(read, [row, null]) }),
  };
  const bodies: Readonly<Record<string, Answer>> = {
    'no data': raw('{"code":0}'),
    'no data but a message': raw('{"code":0,"msg":"result.success"}'),
    ...Object.fromEntries(
      [500, 501, 502, 503, 504, 520, 522, 530, 599].map((code) => [
        `HTTP ${code} with a good body`,
        status(code, good),
      ]),
    ),
    'HTTP 500 with an empty list': status(500, dataOf(read, [])),
    'HTTP 503 with a refusal': raw('{"code":10002,"data":null}', 503),
    'HTTP 502 with a page': raw('<html>bad gateway</html>', 502),
    'a page': raw('<!DOCTYPE html><title>x</title>'),
    'a page with 403': raw('<html>', 403),
    'a page with 429': raw('<html>', 429),
    'nothing at all': raw(''),
    spaces: raw('  '),
    'half of it': raw(JSON.stringify({ code: 0, data: good }).slice(0, -2)),
    'it twice': raw(JSON.stringify({ code: 0, data: good }).repeat(2)),
    'no JSON': raw('error code: 1010'),
    'JSON null': raw('null'),
    'a bare list': raw(JSON.stringify([row])),
    'a bare object': raw(JSON.stringify(row)),
    'data without a code': raw(JSON.stringify({ data: good })),
    'the code null': raw(JSON.stringify({ code: null, data: good })),
    'the code true': raw(JSON.stringify({ code: true, data: good })),
    'the code false': raw(JSON.stringify({ code: false, data: good })),
    'the code empty': raw(JSON.stringify({ code: '', data: good })),
    'the code a word': raw(JSON.stringify({ code: 'ok', data: good })),
    'the code a list': raw(JSON.stringify({ code: [0], data: good })),
    'the code almost 0': raw(JSON.stringify({ code: 0.1, data: good })),
    'yes and no': raw(JSON.stringify({ code: 0, success: false, data: good })),
    'a refusal with data': raw(JSON.stringify({ code: 10_002, data: good })),
    'a code that nobody knows': raw(JSON.stringify({ code: 424_242, data: good })),
    'deeply nested': raw(`{"code":0,"data":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
    'a cut connection': 'cut',
  };
  const texts = Object.entries(data).map(([name, each]): [string, Answer] => [name, text(each)]);
  return { ...Object.fromEntries(texts), ...bodies };
}

let venue: TinyVenue;
let answer: Answer | ((skip: number) => Answer);
beforeAll(async () => {
  venue = await startTinyVenue(({ query }) =>
    typeof answer === 'function' ? answer(Number(query.get('skip') ?? 0)) : answer,
  );
});
afterAll(() => venue.close());

/** What the read comes to: its value, or the failure. */
async function readOf(read: Read, given: typeof answer): Promise<unknown> {
  answer = given;
  // A client of its own: what an answer does to pauses and breakers is not what is looked at.
  const bitunix = client(venue.url, { clock: clockAt(50_000) });
  try {
    return await read.run(bitunix);
  } catch (error) {
    if (error instanceof ExchangeFailure) return error;
    throw error;
  } finally {
    await bitunix.close();
  }
}

const INTERNALS = /UND_|ECONN|undefined|\[object|NaN|Error:|SyntaxError|RangeError/;

describe.each(Object.entries(READS))('a read of %s', (_, read) => {
  const good = dataOf(read, [read.row]);

  it('takes a good answer, with its code as text, as a list where one may come, and whatever the content type', async () => {
    const value = await readOf(read, text(good));
    expect(value).not.toBeInstanceOf(ExchangeFailure);
    const same: readonly Answer[] = [
      raw(JSON.stringify({ code: '0', data: good })),
      { raw: JSON.stringify({ code: 0, data: good }), headers: { 'content-type': 'text/html' } },
      status(404, good),
      ...(read.one === true ? [text([good])] : []),
    ];
    for (const each of same) expect(plain(await readOf(read, each))).toEqual(plain(value));
  });

  it('makes nothing of what is no answer', async () => {
    const wrong: string[] = [];
    for (const [name, each] of Object.entries(never(read))) {
      const end = await readOf(read, each);
      if (!(end instanceof ExchangeFailure)) wrong.push(`${name}: ${JSON.stringify(plain(end))}`);
      else if (INTERNALS.test(end.message) || end.message.length > 400) wrong.push(end.message);
    }
    expect(wrong).toEqual([]);
  });

  it('takes an empty list for what it is, and not where there is always something', async () => {
    const end = await readOf(read, text(read.one === true ? [] : dataOf(read, [])));
    if (read.mayBeEmpty === true)
      expect(end === undefined || plain(end)).not.toHaveProperty('kind');
    else expect(end).toBeInstanceOf(ExchangeFailure);
  });
});

/** Without bigint and without times of reading. */
const plain = (value: unknown): unknown =>
  value === undefined
    ? undefined
    : (JSON.parse(
        JSON.stringify(value, (key, each: unknown) =>
          key === 'at' && typeof each === 'number'
            ? 0
            : typeof each === 'bigint'
              ? `${each}`
              : each,
        ),
      ) as unknown);

const lists = Object.entries(READS).filter(([, read]) => read.id !== undefined);

describe.each(lists)('a list of %s', (name, read) => {
  const id = present(read.id);
  const other = { ...read.row, [id]: id === 'level' ? 2 : '99' };

  it('counts a row that came twice once, and not where two were to come', async () => {
    const once = await readOf(read, text(dataOf(read, [read.row])));
    const twice = [read.row, read.row];
    const data = read.key === undefined ? twice : { [read.key]: twice, total: 1 };
    expect(plain(await readOf(read, text(data)))).toEqual(plain(once));
    if (read.key === undefined || name === 'past stop') return;
    expect(await readOf(read, text(dataOf(read, twice)))).toBeInstanceOf(ExchangeFailure);
  });

  it('believes neither of two rows of one id that differ', async () => {
    const differing = [read.row, { ...read.row, extra: 'x' }];
    expect(await readOf(read, text(dataOf(read, differing)))).toBeInstanceOf(ExchangeFailure);
  });

  it('with one bad row among good ones is no answer, or leaves out a contract that says nothing', async () => {
    const bad = { ...other, [id]: '98', side: 'BOTH', markPrice: null, basePrecision: null };
    const withBad = id === 'level' ? { ...other, leverage: null } : { ...bad, fundingRate: null };
    const end = await readOf(read, text(dataOf(read, [other, withBad])));
    const market = ['instruments', 'tickers', 'funding rates'].includes(name);
    const looksForOne = name === 'past stop';
    if (market) expect(end).toHaveLength(1);
    else if (looksForOne) expect(end).toBeUndefined();
    else if (name === 'protections') expect(end).toHaveLength(2);
    else expect(end).toBeInstanceOf(ExchangeFailure);
  });
});

const paged = Object.entries(READS).filter(([, read]) => read.key !== undefined);

describe.each(paged)('pages of %s', (_, read) => {
  const id = present(read.id);
  const key = present(read.key);
  const many = Array.from({ length: 250 }, (_each, index) => ({
    ...read.row,
    [id]: `${index + 1}`,
  }));
  const page = (from: number, total: unknown): Answer =>
    text({ [key]: many.slice(from, from + 100), total });

  it.each([
    ['an empty page before the total', (skip: number) => page(skip === 0 ? 0 : 500, '250')],
    ['the first page again and again', () => page(0, '250')],
    ['fewer rows in all than came', () => text({ [key]: many.slice(0, 3), total: '2' })],
    ['a total that is none', () => page(0, 'many')],
    ['a total below 0', () => page(0, -1)],
    ['rows that go away each time', (skip: number) => page(skip, `${250 - skip / 2}`)],
    ['a second page without a list', (skip: number) => (skip === 0 ? page(0, '250') : text({}))],
  ])('with %s are no answer', async (__, given) => {
    if (read.row === PAST_STOP) return;
    expect(await readOf(read, given)).toBeInstanceOf(ExchangeFailure);
  });
});

describe('rows of another account', () => {
  const own = Object.entries(READS).filter(([name]) =>
    [
      'positions',
      'protections',
      'open orders',
      'past orders',
      'closed positions',
      'fills',
    ].includes(name),
  );

  it.each(own)('among %s are refused, and those of the main account are not', async (_, read) => {
    const foreign = [{ ...read.row, subAccountId: 77 }];
    const end = await readOf(read, text(dataOf(read, foreign)));
    expect(end).toHaveProperty('message', expect.stringContaining('sub-account 77'));
    const todo =
      /set BITUNIX_SUB_ACCOUNT=77 and start Vigil again; if not, give it a key that reaches no other account$/;
    expect(end).toHaveProperty('message', expect.stringMatching(todo));
    for (const id of [null, 0, '0', '']) {
      const mine = await readOf(read, text(dataOf(read, [{ ...read.row, subAccountId: id }])));
      expect(mine).toHaveLength(1);
    }
  });

  it('are its own where the key is that sub-account', async () => {
    answer = text([{ ...rows.POSITION_ROW, subAccountId: '77' }]);
    const bitunix = client(venue.url, { clock: clockAt(50_000), subAccountId: '77' });
    expect(await account(bitunix).positions()).toHaveLength(1);
    expect(venue.seen.at(-1)?.query.get('includeSubAccounts')).toBe('false');
    await bitunix.close();
  });
});

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExchangeFailure } from '../../src/domain/failure.ts';
import { toText, type Money } from '../../src/domain/money/money.ts';
import { readHint } from '../../src/exchange/bitunix/streams/account-stream.ts';
import type { Bitunix } from '../../src/exchange/bitunix/bitunix.ts';
import { toAccount } from '../../src/exchange/bitunix/map-account.ts';
import { toClosedPosition, toPosition } from '../../src/exchange/bitunix/map-position.ts';
import { toProtection } from '../../src/exchange/bitunix/map-protection.ts';
import {
  readDepth,
  readKlines,
  readTickers,
  readTrades,
} from '../../src/exchange/bitunix/streams/map-frame.ts';
import {
  toFundingRate,
  toFundingSettlement,
  toInstrument,
  toRiskTier,
  toTicker,
} from '../../src/exchange/bitunix/map-market.ts';
import { toFill, toOrder } from '../../src/exchange/bitunix/map-order.ts';
import type { Mapped } from '../../src/exchange/bitunix/mapped.ts';
import { readPriceFrame } from '../../src/exchange/bitunix/streams/price-stream.ts';
import { parseWireJson } from '../../src/exchange/wire/wire-json.ts';
import { outcomeOfCancel } from '../../src/exchange/bitunix/write/write-outcome.ts';
import { client, clockAt, present } from './support/client.ts';
import * as frames from './support/frames.ts';
import * as rows from './support/rows.ts';
import { startTinyVenue, type TinyVenue } from './support/tiny-venue.ts';

const none = (): void => undefined;

const PRICE_FRAME = {
  ch: 'price',
  symbol: 'ETHUSDT',
  ts: 1_767_225_600_123,
  data: { ip: '3120.9', mp: '3120.41', fr: '0.0052', ft: '2026-01-01T00:00:00Z' },
};

/** Everything that reads what the exchange sends. */
const READERS: readonly [string, object, (value: unknown) => unknown][] = [
  ['account', rows.ACCOUNT_ROW, (each) => toAccount(each, 1, none)],
  ['position', rows.POSITION_ROW, (each) => toPosition(each, none)],
  ['closed position', rows.CLOSED_ROW, (each) => toClosedPosition(each)],
  ['stop', rows.PROTECTION_ROW, (each) => toProtection(each, none)],
  ['order', rows.ORDER_ROW, (each) => toOrder(each, none)],
  ['fill', rows.FILL_ROW, (each) => toFill(each, none)],
  ['instrument', rows.PAIR_ROW, (each) => toInstrument(each, none)],
  ['ticker', rows.TICKER_ROW, (each) => toTicker(each, 1)],
  [
    'cancel answer',
    { successList: [{ orderId: '1' }], failureList: [] },
    (each) => outcomeOfCancel(each, ['1'], (text) => text),
  ],
  ['ticker frame', frames.TICKER_FRAME, (each) => readTickers(each, 'ticker')],
  ['tickers frame', frames.TICKERS_FRAME, (each) => readTickers(each, 'tickers')],
  ['trade frame', frames.TRADE_FRAME, (each) => readTrades(each, none)],
  ['depth frame', frames.DEPTH_FRAME, (each) => readDepth(each, 'depth_book5')],
  ['kline frame', frames.KLINE_FRAME, (each) => readKlines(each, 'market_kline_15min')],
  ['price frame', PRICE_FRAME, (each) => readPriceFrame(each, 0)],
  ...Object.entries({
    position: frames.POSITION_FRAME,
    order: frames.ORDER_FRAME,
    balance: frames.BALANCE_FRAME,
    tpsl: frames.TPSL_FRAME,
  }).map(([name, frame]): [string, object, (value: unknown) => unknown] => [
    `private ${name}`,
    frame,
    readHint,
  ]),
];

const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

/** Pieces of text that have broken parsers. */
const piece = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 2, arbitrary: fc.json({ maxDepth: 4 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '',
      'null',
      '"__proto__"',
      '{"__proto__":{"qty":"1"}}',
      '{"constructor":1,"toString":2,"hasOwnProperty":3}',
      '"\\u0000\\ud800"',
      '1e309',
      '-1e-400',
      '1'.repeat(400),
      `0.${'3'.repeat(400)}`,
      '6812345678901234567',
      '"1,5"',
      '"١٢"',
      '-0',
      '"-0.0e5"',
      DEEP,
    ),
  },
);

/** A captured row as text, with one value replaced, one key written twice, or something cut or put into it anywhere. */
const mutated = (row: object): fc.Arbitrary<string> => {
  const text = JSON.stringify(row);
  const values = [...text.matchAll(/"(?:[^"\\]|\\.)*"(?!:)|-?\d+|true|false|null/g)];
  const at = fc.nat({ max: Math.max(0, values.length - 1) });
  const replace = fc.tuple(at, piece).map(([index, what]) => {
    const found = values[index];
    return found === undefined
      ? what
      : text.slice(0, found.index) + what + text.slice(found.index + found[0].length);
  });
  const keys = Object.keys(row);
  const twice = fc
    .tuple(fc.constantFrom(...keys, '__proto__', 'constructor'), piece)
    .map(([key, what]) => `${text.slice(0, -1)},${JSON.stringify(key)}:${what}}`);
  const spliced = fc
    .tuple(fc.nat({ max: text.length }), fc.nat({ max: 20 }), piece)
    .map(([from, length, what]) => text.slice(0, from) + what + text.slice(from + length));
  return fc.oneof(replace, twice, spliced);
};

describe.each(READERS)('the reader of a %s', (_, row, read) => {
  it('throws at no text, however it is mangled', () => {
    fc.assert(
      fc.property(mutated(row), (text) => {
        read(parseWireJson(text));
      }),
      { numRuns: 150 },
    );
  });

  it('throws at no JSON at all, and is the same after it', () => {
    const before = JSON.stringify(readable(read(row)));
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withSparseArray: true, withBigInt: true }),
        (value) => {
          read(value);
        },
      ),
      { numRuns: 100 },
    );
    expect(JSON.stringify(readable(read(row)))).toBe(before);
    expect({}).not.toHaveProperty('qty');
  });
});

const readable = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}` : each)) ??
      'null',
  );

/** Up to 18 digits on either side of the point, above 0. */
const positive = fc
  .tuple(fc.bigInt(0n, 10n ** 15n), fc.stringMatching(/^\d{1,18}$/))
  .map(([whole, fraction]) => `${whole}.${fraction}`)
  .filter((text) => /[1-9]/.test(text));

const normal = (text: string): string => {
  const [whole = '0', fraction = ''] = text.split('.');
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? whole : `${whole}.${digits}`;
};

/** Where each figure of a row ends up. */
interface Digits {
  readonly row: object;
  readonly read: (value: unknown) => Mapped<object>;
  /** Field of the wire, and field of what is made of it. */
  readonly fields: Readonly<Record<string, string>>;
}

const DIGITS: Readonly<Record<string, Digits>> = {
  account: {
    row: rows.ACCOUNT_ROW,
    read: (each) => toAccount(each, 1, none),
    fields: { available: 'available', frozen: 'frozen', margin: 'margin', bonus: 'bonus' },
  },
  position: {
    row: rows.POSITION_ROW,
    read: (each) => inside(toPosition(each, none)),
    fields: {
      qty: 'qty',
      avgOpenPrice: 'entryPrice',
      margin: 'margin',
      unrealizedPNL: 'unrealisedPnl',
      fee: 'fees',
      funding: 'funding',
      liqPrice: 'liquidationPrice',
    },
  },
  'closed position': {
    row: rows.CLOSED_ROW,
    read: (each) => inside(toClosedPosition(each)),
    fields: {
      maxQty: 'maxQty',
      entryPrice: 'entryPrice',
      closePrice: 'closePrice',
      fee: 'fees',
      funding: 'funding',
    },
  },
  stop: {
    row: rows.PROTECTION_ROW,
    read: (each) => toProtection(each, none),
    fields: { slPrice: 'stopPrice', tpPrice: 'targetPrice', slQty: 'stopQty', tpQty: 'targetQty' },
  },
  order: {
    row: { ...rows.ORDER_ROW, qty: '100000000000000000' },
    read: (each) => toOrder(each, none),
    fields: {
      qty: 'qty',
      tradeQty: 'filledQty',
      price: 'price',
      slPrice: 'stopPrice',
      tpPrice: 'targetPrice',
    },
  },
  fill: {
    row: rows.FILL_ROW,
    read: (each) => toFill(each, none),
    fields: { price: 'price', qty: 'qty', fee: 'fee', realizedPNL: 'realisedGross' },
  },
  instrument: {
    row: rows.PAIR_ROW,
    read: (each) => toInstrument(each, none),
    fields: {
      minTradeVolume: 'minQty',
      maxMarketOrderVolume: 'maxMarketQty',
      maxLimitOrderVolume: 'maxLimitQty',
      priceProtectScope: 'priceProtect',
    },
  },
  ticker: {
    row: rows.TICKER_ROW,
    read: (each) => toTicker(each, 1),
    fields: {
      markPrice: 'mark',
      lastPrice: 'last',
      open: 'open24h',
      high: 'high24h',
      low: 'low24h',
      quoteVol: 'quoteVolume24h',
    },
  },
  tier: {
    row: rows.TIER_ROW,
    read: toRiskTier,
    fields: { startValue: 'from', endValue: 'to', maintenanceMarginRate: 'maintenanceRate' },
  },
  settlement: {
    row: { fundingRate: '0.0001', fundingTime: '1767225600000' },
    read: toFundingSettlement,
    fields: { fundingRate: 'rate' },
  },
};

const inside = <T extends { readonly position: object }>(mapped: Mapped<T>): Mapped<object> =>
  'problem' in mapped ? mapped : { value: mapped.value.position };

const FIELDS = Object.entries(DIGITS).flatMap(([name, { row, read, fields }]) =>
  Object.entries(fields).map(([wire, own]) => ({ name, row, read, wire, own })),
);

describe.each(FIELDS)('$wire of a $name', ({ row, read, wire, own }) => {
  it('keeps every digit, as text and as a bare number', () => {
    fc.assert(
      fc.property(positive, fc.boolean(), (amount, quoted) => {
        const text = JSON.stringify({ ...row, [wire]: '@' }).replace(
          '"@"',
          quoted ? `"${amount}"` : amount.replace(/^0+(?=\d)/, ''),
        );
        const mapped = read(parseWireJson(text));
        if ('problem' in mapped) throw new Error(mapped.problem);
        const value = (mapped.value as Readonly<Record<string, Money>>)[own];
        expect(value === undefined ? 'missing' : toText(value)).toBe(normal(amount));
      }),
      { numRuns: 60 },
    );
  });
});

it('the funding rate in percent keeps every digit but the two that the division takes', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{1,16}$/), (fraction) => {
      const mapped = toFundingRate({ ...rows.FUNDING_ROW, fundingRate: `0.${fraction}` });
      if ('problem' in mapped) throw new Error(mapped.problem);
      expect(toText(mapped.value.rate)).toBe(normal(`0.00${fraction}`));
    }),
  );
});

describe('every read over HTTP', () => {
  let venue: TinyVenue;
  let bitunix: Bitunix;
  let body = '';
  beforeAll(async () => {
    venue = await startTinyVenue(() => ({ raw: body }));
    bitunix = client(venue.url, { clock: clockAt(20_000) });
  });
  afterAll(async () => {
    await bitunix.close();
    await venue.close();
  });

  it('answers with a value or an ExchangeFailure, whatever the data are', async () => {
    const { market } = bitunix;
    const account = present(bitunix.account);
    const candles = { symbol: 'A', interval: '1m', limit: 5 } as const;
    const reads: readonly (() => Promise<unknown>)[] = [
      () => market.instruments(),
      () => market.tickers(),
      () => market.candles(candles),
      () => market.fundingRates(),
      () => market.fundingHistory('A'),
      () => market.riskTiers('A'),
      () => account.account(),
      () => account.positions(),
      () => account.protections(),
      () => account.openOrders(),
      () => account.protectionEnd({ id: '1', symbol: 'A' }),
      () => account.closedPositions(0),
      () => account.fills({}),
      () => account.orderHistory(0),
      () => account.orderByClientId('1'),
      () => account.leverage('A'),
    ];
    const row = fc.constantFrom(...Object.values(rows)).chain((each) => mutated(each));
    const data = fc.oneof(
      fc.json({ maxDepth: 5 }),
      row,
      row.map((each) => `[${each},${each}]`),
      row.map(
        (each) =>
          `{"total":"2","orderList":[${each}],"tradeList":[${each}],"positionList":[${each}]}`,
      ),
      fc.constantFrom('""', '"x"', '7', '{}', '[[]]', '[null]', '{"orderList":7}', DEEP),
    );
    await fc.assert(
      fc.asyncProperty(data, fc.nat({ max: reads.length - 1 }), async (text, index) => {
        // What the mutation made no JSON of would be a block page, which pauses the client.
        const sound = parseWireJson(text) === undefined ? '{}' : text;
        body = `{"code":0,"msg":"result.success","data":${sound}}`;
        const end: unknown = await present(reads[index])().catch((error: unknown) => error);
        if (end instanceof Error) expect(end).toBeInstanceOf(ExchangeFailure);
      }),
      { numRuns: 400 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { toAccount, toLeverage } from '../../src/exchange/bitunix/map-account.ts';
import { toClosedPosition, toPosition } from '../../src/exchange/bitunix/map-position.ts';
import { toProtection } from '../../src/exchange/bitunix/map-protection.ts';
import type { PnlBasis } from '../../src/exchange/bitunix/pnl-basis.ts';
import {
  toCandle,
  toFundingRate,
  toFundingSettlement,
  toInstrument,
  toRiskTier,
  toTicker,
} from '../../src/exchange/bitunix/map-market.ts';
import { toFill, toOrder } from '../../src/exchange/bitunix/map-order.ts';
import type { Mapped } from '../../src/exchange/bitunix/mapped.ts';
import { parseWireJson } from '../../src/exchange/wire/wire-json.ts';
import * as rows from './support/rows.ts';

const ONE = 10n ** 18n;

/** Values that say nothing, as JSON text; undefined: the key is missing. */
const NOTHING = [undefined, 'null', '""', '"  "'];
/** Values that say nothing that could be meant. */
const NONSENSE = [
  '"abc"',
  '"NaN"',
  '"Infinity"',
  '"1,5"',
  '"1.2.3"',
  '"--1"',
  '"0x10"',
  '"1e999"',
  '"1e50"',
  '"٣"',
  `"${'x'.repeat(101)}"`,
  '{}',
  '[]',
  '[1]',
  '{"a":1}',
  'true',
  'false',
];

interface Kind {
  readonly row: Readonly<Record<string, unknown>>;
  readonly read: (row: unknown) => Mapped<unknown>;
  /** Without these there is no row, whatever stands there instead. */
  readonly required: readonly string[];
  /** May be left out, but is nothing that may be misread: wire field, and fields of the value that it may change. */
  readonly strict: Readonly<Record<string, readonly string[]>>;
  /** May be anything: what cannot be read is as good as left out. */
  readonly loose: Readonly<Record<string, readonly string[]>>;
}

const none = (): void => undefined;
const inside = (mapped: Mapped<{ readonly position: unknown }>): Mapped<unknown> =>
  'problem' in mapped ? mapped : { value: mapped.value.position };

const COSTS = ['realisedGross', 'fees', 'funding', 'costsUnknown', 'basisAssumed'];
const RESULT = ['gross', 'net', 'fees', 'funding', 'costsUnknown', 'basisAssumed'];

const KINDS: Readonly<Record<string, Kind>> = {
  account: {
    row: rows.ACCOUNT_ROW,
    read: (row) => toAccount(row, 1, none),
    required: [
      'marginCoin',
      'available',
      'frozen',
      'margin',
      'crossUnrealizedPNL',
      'isolationUnrealizedPNL',
    ],
    strict: { bonus: ['bonus'] },
    loose: { positionMode: ['positionMode'] },
  },
  position: {
    row: { ...rows.POSITION_ROW, liqPrice: '2800' },
    read: (row) => inside(toPosition(row, none)),
    required: ['positionId', 'symbol', 'qty', 'side', 'leverage', 'unrealizedPNL', 'avgOpenPrice'],
    strict: { liqPrice: ['liquidationPrice'] },
    loose: {
      fee: COSTS,
      funding: COSTS,
      realizedPNL: COSTS,
      margin: ['margin', 'marginAssumed'],
      ctime: ['openedAt'],
      mtime: ['updatedAt'],
      marginMode: ['marginMode'],
    },
  },
  'closed position': {
    row: rows.CLOSED_ROW,
    read: (row) => inside(toClosedPosition(row)),
    required: ['positionId', 'symbol', 'maxQty', 'entryPrice', 'closePrice', 'side', 'mtime'],
    strict: { liqQty: ['liquidated'] },
    loose: {
      fee: RESULT,
      funding: RESULT,
      realizedPNL: RESULT,
      leverage: ['leverage'],
      ctime: ['openedAt'],
    },
  },
  stop: {
    row: { ...rows.PROTECTION_ROW, tpPrice: '3300', tpQty: '0.5' },
    read: (row) => toProtection(row, none),
    required: ['id', 'positionId', 'symbol'],
    strict: {
      slPrice: ['stopPrice'],
      tpPrice: ['targetPrice'],
      slQty: ['stopQty'],
      tpQty: ['targetQty'],
    },
    loose: {},
  },
  order: {
    row: rows.ORDER_ROW,
    read: (row) => toOrder(row, none),
    required: ['orderId', 'symbol', 'side', 'qty'],
    strict: {
      tradeQty: ['filledQty'],
      price: ['price'],
      slPrice: ['stopPrice'],
      tpPrice: ['targetPrice'],
    },
    loose: {
      clientId: ['clientId'],
      orderType: ['type', 'price'],
      reduceOnly: ['reduceOnly'],
      status: ['status'],
      ctime: ['createdAt'],
    },
  },
  fill: {
    row: rows.FILL_ROW,
    read: (row) => toFill(row, none),
    required: ['tradeId', 'orderId', 'symbol', 'side', 'price', 'qty', 'ctime'],
    strict: { realizedPNL: ['realisedGross'] },
    loose: { roleType: ['role'], fee: ['fee', 'feeUnknown'] },
  },
  'fill that reduces': {
    row: { ...rows.FILL_ROW, reduceOnly: true, realizedPNL: '4' },
    read: (row) => toFill(row, none),
    required: ['realizedPNL'],
    strict: {},
    loose: {},
  },
  leverage: {
    row: { leverage: 5, marginMode: 'ISOLATION' },
    read: (row) => toLeverage(row, none),
    required: ['leverage'],
    strict: {},
    loose: {},
  },
  instrument: {
    row: rows.PAIR_ROW,
    read: (row) => toInstrument(row, none),
    required: [
      'symbol',
      'base',
      'quote',
      'minTradeVolume',
      'basePrecision',
      'quotePrecision',
      'maxLeverage',
    ],
    strict: {
      maxMarketOrderVolume: ['maxMarketQty'],
      maxLimitOrderVolume: ['maxLimitQty'],
      priceProtectScope: ['priceProtect'],
    },
    loose: { symbolStatus: ['status'], launchTime: ['launchTime'] },
  },
  ticker: {
    row: rows.TICKER_ROW,
    read: (row) => toTicker(row, 1),
    required: ['symbol', 'markPrice', 'open', 'high', 'low', 'quoteVol'],
    strict: {},
    loose: {},
  },
  candle: {
    row: rows.KLINE_ROW,
    read: toCandle,
    required: ['open', 'high', 'low', 'close', 'quoteVol', 'baseVol', 'time'],
    strict: {},
    loose: {},
  },
  'funding rate': {
    row: rows.FUNDING_ROW,
    read: toFundingRate,
    required: ['symbol', 'fundingRate', 'fundingInterval', 'nextFundingTime'],
    strict: {},
    loose: {},
  },
  settlement: {
    row: { fundingRate: '0.0001', fundingTime: '1767225600000' },
    read: toFundingSettlement,
    required: ['fundingRate', 'fundingTime'],
    strict: {},
    loose: {},
  },
  tier: {
    row: rows.TIER_ROW,
    read: toRiskTier,
    required: ['level', 'startValue', 'endValue', 'leverage', 'maintenanceMarginRate'],
    strict: {},
    loose: {},
  },
};

function mutated(row: Readonly<Record<string, unknown>>, key: string, value: string | undefined) {
  const { [key]: _, ...rest } = row;
  if (value === undefined) return parseWireJson(JSON.stringify(rest));
  return parseWireJson(`${JSON.stringify(rest).slice(0, -1)},${JSON.stringify(key)}:${value}}`);
}

/** Words, ids and names may hold what is no figure. */
const WORDS = /^(symbol|side|marginCoin|base|quote|.*Id|id)$/;
const isWord = (value: string): boolean =>
  value.startsWith('"') && value.length < 102 && value.trim() !== '""' && value !== '"  "';

const without = (value: unknown, keys: readonly string[]): unknown =>
  Object.fromEntries(
    Object.entries(value as Readonly<Record<string, unknown>>).filter(
      ([key]) => !keys.includes(key),
    ),
  );

describe.each(Object.entries(KINDS))(
  'a row of a %s',
  (_, { row, read, required, strict, loose }) => {
    const whole = read(parseWireJson(JSON.stringify(row)));
    const value = 'value' in whole ? whole.value : undefined;

    it.each(required)('is none without %s, and says so shortly', (key) => {
      for (const each of [...NOTHING, ...NONSENSE]) {
        if (each !== undefined && WORDS.test(key) && key !== 'side' && isWord(each)) continue;
        const end = read(mutated(row, key, each));
        expect({ each, end }).toEqual({ each, end: { problem: expect.any(String) as unknown } });
        expect('problem' in end ? end.problem.length : 0).toBeLessThan(200);
      }
    });

    it('may lack what it can do without, and changes in nothing else', () => {
      expect(value).toBeDefined();
      for (const [key, fields] of Object.entries({ ...strict, ...loose })) {
        for (const each of NOTHING.slice(0, 3)) {
          const end = read(mutated(row, key, each));
          if (!('value' in end)) {
            expect(`${key} ${end.problem}`).toMatch(/tradeQty|no time|neither a stop nor/);
          } else expect(without(end.value, fields)).toEqual(without(value, fields));
        }
      }
    });

    it('is none where a figure that may be missing is there and is no figure', () => {
      for (const key of Object.keys(strict)) {
        for (const each of NONSENSE) {
          expect({ key, each, end: read(mutated(row, key, each)) }).toEqual({
            key,
            each,
            end: { problem: expect.any(String) as unknown },
          });
        }
      }
    });

    it('keeps everything else where a word is odd', () => {
      for (const [key, fields] of Object.entries(loose)) {
        for (const each of NONSENSE) {
          const end = read(mutated(row, key, each));
          if ('value' in end) expect(without(end.value, fields)).toEqual(without(value, fields));
        }
      }
    });
  },
);

describe('what a position has cost', () => {
  const position = (change: object) => {
    const end = toPosition({ ...rows.POSITION_ROW, ...change }, none);
    if ('problem' in end) throw new Error(end.problem);
    return end.value.position;
  };

  it.each(['fee', 'funding', 'realizedPNL'])(
    'is unknown without %s, and never a made-up figure',
    (key) => {
      expect(position({ [key]: undefined })).toMatchObject({ costsUnknown: true });
      expect(position({ [key]: null })).toMatchObject({ realisedGross: 0n, costsUnknown: true });
    },
  );

  it('is unknown where it is there and is no figure', () => {
    for (const fee of ['--', 'N/A', [], { fee: '1' }, true, 'NaN', '1,5']) {
      expect(position({ fee })).toMatchObject({ fees: 0n, costsUnknown: true });
      expect(position({ margin: fee })).toMatchObject({ marginAssumed: true });
    }
  });

  it('is known with fees under their other name, and fee counts before fees', () => {
    const { fee: _, ...rest } = rows.POSITION_ROW;
    expect(position({})).not.toHaveProperty('costsUnknown');
    const end = toPosition({ ...rest, fees: '-0.93' }, none);
    expect(end).toEqual(toPosition(rows.POSITION_ROW, none));
    expect(position({ fees: '7' }).fees).toBe(position({}).fees);
  });

  it('does not hide its margin: 3,100 x 0.5 at 10x are 155, rounded up', () => {
    expect(position({ margin: undefined })).toMatchObject({
      marginAssumed: true,
      margin: 155n * 10n ** 18n,
    });
    expect(position({ margin: '-1' })).toMatchObject({ marginAssumed: true });
    expect(position({ margin: '0' })).toMatchObject({ margin: 0n });
    expect(position({ margin: undefined, leverage: 3 }).margin).toBe(
      516_666666666666666667n * 10n ** 0n,
    );
  });
});

describe('what a closed position has brought', () => {
  const closed = (change: object, prior?: PnlBasis) => {
    const row = { ...rows.CLOSED_ROW, ...change };
    const priors = new Map(prior === undefined ? [] : [[rows.CLOSED_ROW.positionId, prior]]);
    const end = toClosedPosition(row, priors);
    if ('problem' in end) throw new Error(end.problem);
    return end.value.position;
  };

  it.each(['fee', 'funding', 'realizedPNL'])('is told to be unknown without %s', (key) => {
    expect(closed({})).not.toHaveProperty('costsUnknown');
    for (const each of [undefined, null, '', '--', []]) {
      expect(closed({ [key]: each })).toMatchObject({ costsUnknown: true });
    }
  });

  it('is the figure of the row where only costs are missing', () => {
    const bare = { fee: null, funding: null, realizedPNL: '9' };
    expect(closed(bare)).toMatchObject({ gross: 9n * ONE, net: 9n * ONE, fees: 0n, funding: 0n });
    expect(closed({ ...bare, funding: '-2' }, 'gross')).toMatchObject({ net: 7n * ONE });
    expect(closed({ ...bare, funding: '-2' }, 'net')).toMatchObject({ net: 9n * ONE });
  });

  it('follows from prices and size, less the costs that are known, without a figure', () => {
    const row = { side: 'BUY', maxQty: '2', entryPrice: '100', closePrice: '96' };
    const bare = { ...row, realizedPNL: null, fee: '1', funding: '-0.5' };
    expect(closed(bare)).toMatchObject({ gross: -8n * ONE, net: -95n * 10n ** 17n });
    expect(closed({ ...bare, side: 'SELL' })).toMatchObject({ gross: 8n * ONE });
  });
});

it('a fill without a fee has an unknown one', () => {
  const fill = (change: object) => {
    const end = toFill({ ...rows.FILL_ROW, ...change }, none);
    if ('problem' in end) throw new Error(end.problem);
    return end.value;
  };
  expect(fill({})).not.toHaveProperty('feeUnknown');
  expect(fill({ fee: null })).toMatchObject({ fee: 0n, feeUnknown: true });
  expect(fill({ fee: '--' })).toMatchObject({ fee: 0n, feeUnknown: true });
  expect(fill({ fee: null, fees: '-3' })).toMatchObject({ fee: 3n * ONE });
});

describe('a size', () => {
  it('with a sign is a short one, and none of a long position', () => {
    const short = toPosition({ ...rows.POSITION_ROW, side: 'SELL', qty: '-0.5' }, none);
    expect('value' in short && short.value.position.qty).toBe(5n * 10n ** 17n);
    expect(toPosition({ ...rows.POSITION_ROW, qty: '-0.5' }, none)).toHaveProperty('problem');
    expect(toClosedPosition({ ...rows.CLOSED_ROW, maxQty: '-0.5' })).toHaveProperty('problem');
    expect(toOrder({ ...rows.ORDER_ROW, qty: '-0.002' }, none)).toHaveProperty('problem');
    expect(toFill({ ...rows.FILL_ROW, qty: '-0.002' }, none)).toHaveProperty('problem');
  });

  it('that is filled is between 0 and the whole order', () => {
    const filled = (tradeQty: string) => 'value' in toOrder({ ...rows.ORDER_ROW, tradeQty }, none);
    expect(['-0.001', '0', '0.002', '0.002000000000000001'].map(filled)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

it('figures of the market below 0, and counts of 0, are none', () => {
  const read = (mapped: Mapped<unknown>): boolean => 'value' in mapped;
  const pair = (change: object) => read(toInstrument({ ...rows.PAIR_ROW, ...change }, none));
  const tier = (change: object) => read(toRiskTier({ ...rows.TIER_ROW, ...change }));
  expect([
    pair({ minTradeVolume: '-0.1' }),
    pair({ maxMarketOrderVolume: '-1' }),
    pair({ priceProtectScope: '-0.02' }),
    pair({ maxLeverage: 0 }),
    pair({ basePrecision: -1 }),
    pair({ quotePrecision: 19 }),
    tier({ maintenanceMarginRate: '-0.004' }),
    tier({ leverage: 0 }),
    tier({ level: 0 }),
    read(toFundingRate({ ...rows.FUNDING_ROW, fundingInterval: 0 })),
    read(toTicker({ ...rows.TICKER_ROW, quoteVol: '-1' }, 1)),
    read(toLeverage({ leverage: 0, marginMode: 'CROSS' }, none)),
    read(toAccount({ ...rows.ACCOUNT_ROW, margin: '-0.01' }, 1, none)),
    read(toAccount({ ...rows.ACCOUNT_ROW, frozen: '-0.01' }, 1, none)),
  ]).toEqual(Array.from({ length: 14 }, () => false));
  expect([
    pair({ quotePrecision: 18 }),
    pair({ basePrecision: 0 }),
    pair({ maxLeverage: 1 }),
  ]).toEqual([true, true, true]);
  expect(read(toAccount({ ...rows.ACCOUNT_ROW, available: '-187.07' }, 1, none))).toBe(true);
});

it('prices with 16 decimals, and in powers of ten, keep every digit', () => {
  const end = toPosition(
    { ...rows.POSITION_ROW, avgOpenPrice: '1.7342580352669438', margin: 2.5e-7 },
    none,
  );
  if ('problem' in end) throw new Error(end.problem);
  expect(end.value.position.entryPrice).toBe(1_734258035266943800n);
  expect(end.value.position.margin).toBe(250_000_000_000n);
});

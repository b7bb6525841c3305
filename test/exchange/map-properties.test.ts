import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toText } from '../../src/domain/money/money.ts';
import { toAccount, toLeverage } from '../../src/exchange/bitunix/map-account.ts';
import { toClosedPosition, toPosition } from '../../src/exchange/bitunix/map-position.ts';
import { toProtection, toProtectionEnd } from '../../src/exchange/bitunix/map-protection.ts';
import {
  toCandle,
  toFundingRate,
  toFundingSettlement,
  toInstrument,
  toRiskTier,
  toTicker,
} from '../../src/exchange/bitunix/map-market.ts';
import { toFill, toOrder } from '../../src/exchange/bitunix/map-order.ts';
import { parseWireJson } from '../../src/exchange/wire/wire-json.ts';
import type { Mapped } from '../../src/exchange/bitunix/mapped.ts';
import {
  ACCOUNT_ROW,
  CLOSED_ROW,
  FILL_ROW,
  FUNDING_ROW,
  KLINE_ROW,
  ORDER_ROW,
  PAIR_ROW,
  POSITION_ROW,
  PROTECTION_ROW,
  TICKER_ROW,
  TIER_ROW,
} from './support/rows.ts';

const none = (): void => undefined;

const MAPPERS: readonly [string, object, (row: unknown) => Mapped<unknown>][] = [
  ['account', ACCOUNT_ROW, (row) => toAccount(row, 1, none)],
  ['position', POSITION_ROW, (row) => toPosition(row, none)],
  ['closed position', CLOSED_ROW, (row) => toClosedPosition(row)],
  ['end of a stop', { ...PROTECTION_ROW, status: 'FAILED' }, (row) => toProtectionEnd(row, none)],
  ['stop or target', PROTECTION_ROW, (row) => toProtection(row, none)],
  ['order', ORDER_ROW, (row) => toOrder(row, none)],
  ['fill', FILL_ROW, (row) => toFill(row, none)],
  ['instrument', PAIR_ROW, (row) => toInstrument(row, none)],
  ['ticker', TICKER_ROW, (row) => toTicker(row, 1)],
  ['candle', KLINE_ROW, toCandle],
  ['funding rate', FUNDING_ROW, toFundingRate],
  [
    'funding settlement',
    { fundingRate: '0.0001', fundingTime: '1767225600000' },
    toFundingSettlement,
  ],
  ['risk tier', TIER_ROW, toRiskTier],
  ['leverage', { leverage: 20, marginMode: 'CROSS' }, (row) => toLeverage(row, none)],
];

/** What an exchange might put in a field: proper, odd, hostile. */
const wireValue = fc.oneof(
  { weight: 3, arbitrary: fc.anything() },
  { weight: 3, arbitrary: fc.string() },
  { weight: 2, arbitrary: fc.double() },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'market',
      '',
      '-',
      '0',
      '-0',
      '1e400',
      '1e-400',
      '9'.repeat(60),
      '0.' + '1'.repeat(60),
      'NaN',
      'Infinity',
      null,
      undefined,
      0,
      -1,
      2 ** 64,
      1e21,
      1e-7,
      [],
      {},
      true,
      '__proto__',
      'LONG',
      'NEW_',
      '1767225600000',
      '٣',
    ),
  },
);

describe.each(MAPPERS)('the mapper of a %s', (_, row, map) => {
  it('answers a value for the row as captured', () => {
    expect(map(row)).toHaveProperty('value');
  });

  it('never throws, whatever stands in its fields', () => {
    const keys = Object.keys(row);
    const changes = fc.dictionary(fc.constantFrom(...keys), wireValue);
    fc.assert(
      fc.property(changes, (change) => {
        const mapped = map({ ...row, ...change });
        expect('value' in mapped || 'problem' in mapped).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws, whatever arrives instead of a row', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        map(anything);
      }),
      { numRuns: 200 },
    );
  });

  it('does not mind unknown fields', () => {
    expect(map({ ...row, subAccountId: 7, newField: { a: 1 } })).toEqual(map(row));
  });

  it('names the problem when a field is missing that it needs, and else answers the same shape', () => {
    for (const key of Object.keys(row)) {
      const mapped = map(Object.fromEntries(Object.entries(row).filter(([each]) => each !== key)));
      if ('problem' in mapped) expect(mapped.problem).not.toBe('');
    }
  });
});

/** A decimal as the exchange writes them, with up to 18 digits before and behind the point. */
const decimal = fc
  .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 18n), fc.stringMatching(/^\d{1,18}$/))
  .map(([negative, whole, fraction]) => `${negative ? '-' : ''}${whole}.${fraction}`);

const normal = (text: string): string => {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const digits = fraction.replace(/0+$/, '');
  const bare = digits === '' ? whole : `${whole}.${digits}`;
  return text.startsWith('-') && /[1-9]/.test(bare) ? `-${bare}` : bare;
};

describe('money', () => {
  it('arrives without losing a digit', () => {
    fc.assert(
      fc.property(decimal, decimal, (available, either) => {
        const margin = either.replace('-', '');
        const mapped = toAccount({ ...ACCOUNT_ROW, available, margin }, 1, none);
        if ('problem' in mapped) throw new Error(mapped.problem);
        expect(toText(mapped.value.available)).toBe(normal(available));
        expect(toText(mapped.value.margin)).toBe(normal(margin));
      }),
    );
  });

  it('arrives from bare JSON numbers as from text, however long', () => {
    fc.assert(
      fc.property(decimal, (amount) => {
        const text = JSON.stringify({ ...ACCOUNT_ROW, available: '@' }).replace('"@"', amount);
        const mapped = toAccount(parseWireJson(text), 1, none);
        if ('problem' in mapped) throw new Error(mapped.problem);
        expect(toText(mapped.value.available)).toBe(normal(amount));
      }),
    );
  });

  it('of a closed position adds up whichever way its profit was written', () => {
    const cents = fc.integer({ min: 1, max: 10 ** 9 }).map((value) => (value / 100).toFixed(2));
    fc.assert(
      fc.property(cents, cents, cents, fc.boolean(), (entryPrice, closePrice, fee, net) => {
        const gross = Number(closePrice) - Number(entryPrice);
        const realizedPNL = (net ? gross - Number(fee) : gross).toFixed(2);
        const row = {
          ...CLOSED_ROW,
          entryPrice,
          closePrice,
          fee,
          realizedPNL,
          funding: '0',
          maxQty: '1',
        };
        const mapped = toClosedPosition(row);
        if ('problem' in mapped) throw new Error(mapped.problem);
        expect(Number(toText(mapped.value.position.gross))).toBeCloseTo(gross, 6);
        expect(Number(toText(mapped.value.position.net))).toBeCloseTo(gross - Number(fee), 6);
      }),
    );
  });
});

describe('ids', () => {
  it('keep every digit, as text or as bare numbers', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 19n), fc.boolean(), (id, quoted) => {
        const text = JSON.stringify({ ...ORDER_ROW, orderId: '@' }).replace(
          '"@"',
          quoted ? `"${id}"` : `${id}`,
        );
        const mapped = toOrder(parseWireJson(text), none);
        if ('problem' in mapped) throw new Error(mapped.problem);
        expect(mapped.value.id).toBe(`${id}`);
      }),
    );
  });
});

it('parses as JSON.parse does, apart from long numbers, and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value);
      const numbersAsText = (each: unknown): unknown =>
        JSON.parse(JSON.stringify(each), (_key, inner: unknown) =>
          typeof inner === 'number' ? String(inner) : inner,
        );
      expect(numbersAsText(parseWireJson(text))).toEqual(numbersAsText(JSON.parse(text)));
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void parseWireJson(text)));
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { usd } from '../../src/domain/money/money.ts';
import { decode, encode, money } from '../../src/store/codec.ts';

const anything = z.unknown();
const key = fc.string().filter((each) => !each.startsWith('$') && each !== '__proto__');

/** What records are made of: JSON, fixed-point values and maps, nested in each other. */
const { record } = fc.letrec((tie) => ({
  record: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
    fc.array(tie('record'), { maxLength: 4 }),
    fc.dictionary(key, tie('record'), { maxKeys: 4, noNullPrototype: true }),
    fc
      .uniqueArray(fc.tuple(fc.string(), tie('record')), {
        maxLength: 4,
        selector: ([name]) => name,
      })
      .map((entries) => new Map(entries)),
  ),
}));

describe('the record format', () => {
  it('gives back exactly what was stored', () => {
    fc.assert(
      fc.property(record, (value) => {
        expect(decode(encode(value), anything, 'value')).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('encodes what it read to the same text, so that texts can be compared', () => {
    fc.assert(
      fc.property(record, (value) => {
        const text = encode(value);
        expect(encode(decode(text, anything, 'value'))).toBe(text);
      }),
    );
  });

  it('writes money as readable exact text', () => {
    expect(encode({ risk: usd('-0.000000000000000001') })).toBe(
      '{"risk":{"$fixed":"-0.000000000000000001"}}',
    );
  });

  it.each([
    ['no JSON', '{"a":'],
    ['empty text', ''],
    ['a number where money belongs', '{"a":1.5}'],
    ['text where money belongs', '{"a":"1.5"}'],
    ['a fixed value that is none', '{"a":{"$fixed":"one"}}'],
    ['a fixed value with company', '{"a":{"$fixed":"1","b":2}}'],
    ['a map that is none', '{"a":{"$map":[[1]]}}'],
    ['a missing field', '{}'],
    ['another shape', '[]'],
    ['a fixed value finer than is held', '{"a":{"$fixed":"0.0000000000000000001"}}'],
  ])('refuses %s by the name of the record', (_what, text) => {
    const reading = (): unknown => decode(text, z.object({ a: money }), 'risk state');
    expect(reading).toThrow(StoreUnreadable);
    expect(reading).toThrow('the stored risk state cannot be read');
  });

  it('refuses every text that was cut off', () => {
    const text = encode({ a: usd('12.5') });
    for (let length = 0; length < text.length; length += 1) {
      expect(() => decode(text.slice(0, length), z.object({ a: money }), 'x')).toThrow(
        StoreUnreadable,
      );
    }
  });
});

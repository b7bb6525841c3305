import { expect, it } from 'vitest';
import { parseWireJson } from '../../src/exchange/wire-json.ts';

it('keeps every digit of a number that a double cannot hold', () => {
  const text =
    '{"id":6819999999999999999,"list":[12345678901234567],"x":"6819999999999999999","n":0.1}';
  expect(parseWireJson(text)).toEqual({
    id: '6819999999999999999',
    list: ['12345678901234567'],
    x: '6819999999999999999',
    n: 0.1,
  });
});

it('leaves digits inside strings alone, escaped quotes included', () => {
  const value = { msg: 'say "12345678901234567890" \\', next: 1 };
  expect(parseWireJson(JSON.stringify(value))).toEqual(value);
});

it('answers undefined for what is no JSON', () => {
  for (const text of ['', '<html></html>', '{', 'error code: 1010', '{"a":12345678901234567']) {
    expect(parseWireJson(text)).toBeUndefined();
  }
});

import { expect, it } from 'vitest';
import { parseWireJson } from '../../src/exchange/wire/wire-json.ts';

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

/** What is searched in time by the square of its length takes a minute and more at these lengths, and a moment otherwise. */
it.each([
  ['strings that never end', `1234567890123456${'"\\'.repeat(100_000)}`],
  ['quotes alone', `1234567890123456${'"'.repeat(200_001)}`],
  ['points and digits', `[${'1.'.repeat(200_000)}]`],
  ['one long number that ends in nothing', `[${'1'.repeat(400_000)}e]`],
  ['lists in lists', '['.repeat(400_000) + ']'.repeat(400_000)],
  ['objects in objects', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
])('is done with %s at once', (_, text) => {
  expect(parseWireJson(text)).toBeUndefined();
});

it.each([
  ['long numbers', `[${'12345678901234567,'.repeat(20_000)}1]`, 20_001],
  ['long strings', `["${'\\"'.repeat(50_000)}12345678901234567"]`, 1],
])('reads many %s in no time', (_, text, length) => {
  expect(parseWireJson(text)).toHaveLength(length);
});

it('reads 64 levels and no more; brackets in texts are none', () => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  expect(parseWireJson(nested(64))).toBeDefined();
  expect(parseWireJson(nested(65))).toBeUndefined();
  expect(parseWireJson(JSON.stringify(['['.repeat(100), '\\"[{'.repeat(100)]))).toHaveLength(2);
  expect(parseWireJson(`[${'[],'.repeat(100)}1]`)).toHaveLength(101);
});

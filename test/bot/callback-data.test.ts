import { describe, expect, it } from 'vitest';
import { callbackData, parseCallbackData } from '../../src/bot/callback-data.ts';
import { closestCommand } from '../../src/bot/commands/closest.ts';
import { COMMANDS } from '../../src/bot/commands/list.ts';

describe('button data', () => {
  it('is read back as it was made', () => {
    const id = '_-AbCdEfGhIjKlMnOpQrSt';
    expect(parseCallbackData(callbackData('a', id))).toEqual({ verb: 'a', id });
  });

  it.each(['', 'a', 'a:', 'z:abc', 'a:b c', `a:${'x'.repeat(61)}`, 'aa:x', 'a:x\n'])(
    'that Vigil never made (%j) is nothing',
    (data) => {
      expect(parseCallbackData(data)).toBeUndefined();
    },
  );
});

describe('the list of commands', () => {
  it('has names and descriptions that Telegram takes', () => {
    const names = COMMANDS.map((each) => each.name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, description } of COMMANDS) {
      expect(name).toMatch(/^[a-z]{1,32}$/);
      expect(description.length).toBeGreaterThan(2);
      expect(description.length).toBeLessThanOrEqual(256);
    }
  });

  it('knows what was probably meant', () => {
    expect(closestCommand('hlat', COMMANDS)).toBe('halt');
    expect(closestCommand('pos', COMMANDS)).toBe('positions');
    expect(closestCommand('kill', COMMANDS)).toBe('halt');
    expect(closestCommand('xyzzy', COMMANDS)).toBeUndefined();
  });
});

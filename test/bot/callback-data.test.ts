import { describe, expect, it } from 'vitest';
import { callbackData, parseCallbackData } from '../../src/bot/callback-data.ts';
import { closestCommand } from '../../src/bot/commands/closest.ts';
import { MENU_PAGES } from '../../src/bot/menus/menu.ts';
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
    expect(closestCommand('halp', COMMANDS)).toBe('help');
    expect(closestCommand('pnic', COMMANDS)).toBe('panic');
    expect(closestCommand('haltt', COMMANDS)).toBe('halt');
    expect(closestCommand('clsoe', COMMANDS)).toBe('close');
    expect(closestCommand('resum', COMMANDS)).toBe('resume');
    expect(closestCommand('stops', COMMANDS)).toBe('positions');
    expect(closestCommand('scan', COMMANDS)).toBe('universe');
  });

  it.each(['text', 'market', 'f', 'd', 'x', 'm', 'da', 'p'])(
    'points /%s, which is nearly no name, to no act',
    (typed) => {
      const meant = closestCommand(typed, COMMANDS);
      const when = COMMANDS.find(({ name }) => name === meant)?.when;
      expect([undefined, 'any-time'], `/${typed} is pointed to /${meant}`).toContain(when);
    },
  );

  it('points the beginning of a look to a look', () => {
    for (const { name, when } of COMMANDS) {
      if (when !== 'any-time') continue;
      for (let letters = 1; letters < name.length; letters += 1) {
        const typed = name.slice(0, letters);
        const meant = COMMANDS.find((each) => each.name === closestCommand(typed, COMMANDS));
        const isItself = COMMANDS.some(
          (each) => each.aliases?.includes(typed) || each.name === typed,
        );
        if (!isItself)
          expect(meant?.when, `/${typed} of /${name}: /${meant?.name}`).toBe('any-time');
      }
    }
  });

  it('never points from a slip in what only shows something to what tightens or closes', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
    const names = new Set(COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
    const acts = new Set(
      COMMANDS.filter(({ when }) => when !== 'any-time').map(({ name }) => name),
    );
    for (const { name, when } of COMMANDS) {
      if (when !== 'any-time') continue;
      for (let at = 0; at <= name.length; at += 1) {
        const [head, tail] = [name.slice(0, at), name.slice(at)];
        const slips = [
          head + tail.slice(1),
          ...letters.flatMap((each) => [head + each + tail, head + each + tail.slice(1)]),
        ];
        for (const typed of slips) {
          const meant = closestCommand(typed, COMMANDS);
          const isAct = meant !== undefined && acts.has(meant) && !names.has(typed);
          expect(isAct, `/${typed}, a slip of /${name}, is pointed to /${meant}`).toBe(false);
        }
      }
    }
  });

  it('is reached by taps, all of it', () => {
    const reached = new Set(Object.values(MENU_PAGES).flat());
    const left = COMMANDS.map(({ name }) => name).filter((each) => !reached.has(each));
    expect(left).toEqual(['menu', 'start']);
    expect([...reached].filter((each) => COMMANDS.every(({ name }) => name !== each))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  ADDRESS,
  decimal,
  LIST,
  oneOf,
  POSITIVE,
  TEXT,
  TIME,
  whole,
  type Kind,
} from '../../src/process/option-kinds.ts';
import { createCommand, WrongOption } from '../../src/process/options.ts';

const COMMAND = createCommand({
  run: 'npm run thing',
  options: {
    out: { takes: 'DIR', meaning: 'where it goes\nand what is there', kind: TEXT, needed: true },
    runs: { takes: 'N', meaning: 'how often', kind: whole(1), usual: '3' },
    speed: { takes: 'N', meaning: 'how fast', kind: whole(1, 60), otherwise: '20; 5 at night' },
    quirk: { takes: 'NAME', meaning: 'a quirk', kind: oneOf(['odd', 'even']), many: true },
    dry: { meaning: 'does nothing' },
  },
  notes: 'What it tells.',
});

const STEPS = createCommand({
  run: 'npm run steps',
  options: {
    steps: { takes: 'STEP', meaning: 'these alone', kind: oneOf(['a', 'b', 'c']), bare: true },
    dry: { meaning: 'does nothing' },
  },
});

function problem(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return error instanceof WrongOption ? error.problem : `not a wrong option: ${String(error)}`;
  }
  return 'accepted';
}

describe('a command line', () => {
  it('gives what was written, and what is usual for the rest', () => {
    expect(COMMAND.read(['--out', 'x'])).toEqual({
      out: 'x',
      runs: 3,
      speed: undefined,
      quirk: [],
      dry: false,
    });
    const written = '--out=x --runs 4 --runs 5 --speed 60 --quirk odd --quirk even --dry';
    expect(COMMAND.read(written.split(' '))).toEqual({
      out: 'x',
      runs: 5,
      speed: 60,
      quirk: ['odd', 'even'],
      dry: true,
    });
  });

  it('takes words without a name where the command has such', () => {
    expect(STEPS.read([])).toEqual({ steps: [], dry: false });
    expect(STEPS.read(['c', '--dry', 'a'])).toEqual({ steps: ['c', 'a'], dry: true });
  });

  it('is explained by the same declaration', () => {
    expect(COMMAND.usage).toBe(`npm run thing -- [options]

  --out DIR      where it goes
                 and what is there (needed)
  --runs N       how often: a whole number above 0 (3)
  --speed N      how fast: a whole number from 1 to 60 (20; 5 at night)
  --quirk NAME   a quirk: odd or even
  --dry          does nothing
  --help         explains this and does nothing else

What it tells.`);
    expect(STEPS.usage).toContain(
      'npm run steps -- [options] [STEP ...]\n\n  STEP     these alone',
    );
  });
});

describe('a wrong command line', () => {
  it.each([
    ['', '--out DIR is missing: where it goes.'],
    ['--out x --runs many', '--runs is "many"; it must be a whole number above 0.'],
    ['--out x --runs 2 --runs 0', '--runs is "0"; it must be a whole number above 0.'],
    ['--out x --speed=-5', '--speed is "-5"; it must be a whole number from 1 to 60.'],
    ['--out x --quirk odd --quirk no', '--quirk is "no"; it must be odd or even.'],
    ['--out=', '--out is ""; it must be some text.'],
    [
      '--out x --sped 3',
      "Unknown option '--sped'; allowed: --out --runs --speed --quirk --dry --help",
    ],
    ['--out x rest', "Unexpected argument 'rest'"],
    ['--out x --speed', "Option '--speed <value>' argument missing"],
    ['--out x --speed -5', "Option '--speed' argument is ambiguous"],
    ['--out x --dry=yes', "Option '--dry' does not take an argument"],
  ])('"%s" is told as it was written, with what is allowed', (line, says) => {
    const args = line.split(' ').filter((each) => each !== '');
    const told = problem(() => COMMAND.read(args));
    expect(told.startsWith(says), told).toBe(true);
    expect(told).not.toContain('\n');
  });

  it('names the words that there are', () => {
    expect(problem(() => STEPS.read(['a', 'd']))).toBe('There is no "d"; there are a, b or c.');
  });

  it('is followed by the explanation', () => {
    expect(COMMAND.wrong('Both at once.').message).toBe(`Both at once.\n\n${COMMAND.usage}`);
  });
});

describe('what an option may be', () => {
  const cases: readonly (readonly [string, Kind<unknown>, readonly string[], readonly string[]])[] =
    [
      ['some text', TEXT, ['a b', '0'], ['', '  ']],
      ['names', LIST, ['A', 'A, B,'], ['', ' , ']],
      [
        'a whole number',
        whole(0, 65_535),
        ['0', '65535'],
        ['', '65536', '-1', '1.5', '1e3', '80 '],
      ],
      [
        'a number',
        decimal(0, 1),
        ['0', '1', '.5', '0.50'],
        ['', '1.01', '-0.1', 'x', '0x1', 'NaN'],
      ],
      ['a number above 0', POSITIVE, ['0.01', '1e6'], ['', '0', '-1', 'Infinity']],
      ['one of', oneOf(['HEDGE', 'ONE_WAY']), ['HEDGE'], ['', 'hedge']],
      [
        'a time',
        TIME,
        ['2025-10-09', '2025-10-09T21:15', '2025-10-09T21:15:30Z', '2024-02-29'],
        ['', 'noon', '2025-02-30', '2025-13-01', '2025-10-09T25:00Z', '2025-10-09T00:00+02:00'],
      ],
      ['an address', ADDRESS, ['http://127.0.0.1:9'], ['', 'here']],
    ];

  it.each(cases)('%s', (_, kind, good, bad) => {
    expect(good.filter((text) => kind.read(text) === undefined)).toEqual([]);
    expect(bad.filter((text) => kind.read(text) !== undefined)).toEqual([]);
  });

  it('is read as what it says', () => {
    expect(LIST.read('A, B,,A')).toEqual(['A', 'B']);
    expect(TIME.read('2025-10-09T21:15')).toBe(Date.UTC(2025, 9, 9, 21, 15));
    expect(whole(1).read('007')).toBe(7);
  });
});

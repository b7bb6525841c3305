import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginJudging,
  forgive,
  judge,
  type Judged,
  type Notice,
} from '../../src/alerts/pulse/judge.ts';
import { PULSES } from '../../src/alerts/pulse/pulses.ts';
import type { PulseName } from '../../src/domain/alert.ts';
import { SECOND } from '../../src/domain/time.ts';

const WALL = Date.UTC(2025, 9, 10, 12, 0, 0);
const NAMES = PULSES.map(({ name }) => name);
const deadlineOf = (name: PulseName): number =>
  PULSES.find((each) => each.name === name)?.deadlineMs ?? 0;

/** A second at a time: `beats` says whether a pulse comes in that second. */
function watch(
  seconds: number,
  beats: (name: PulseName, second: number) => boolean,
): readonly (Notice & { readonly second: number })[] {
  let judged: Judged = beginJudging(NAMES, { steady: 0, wall: WALL });
  const seen = new Map<PulseName, number>();
  const told: (Notice & { second: number })[] = [];
  for (let second = 1; second <= seconds; second += 1) {
    const now = { steady: second * SECOND, wall: WALL + second * SECOND };
    for (const name of NAMES) if (beats(name, second)) seen.set(name, now.steady);
    const next = judge(judged, seen, now);
    judged = next.judged;
    told.push(...next.notices.map((each) => ({ ...each, second })));
  }
  return told;
}

const shown = (told: ReturnType<typeof watch>) =>
  told.map(({ about, kind, second }) => [about, kind, second]);

describe('the judge', () => {
  it('is silent while every pulse comes', () => {
    expect(watch(7_200, () => true)).toEqual([]);
  });

  it.each(NAMES)('tells that %s is late one second after its deadline, and not at it', (name) => {
    const told = watch(deadlineOf(name) / SECOND + 1, (each) => each !== name);
    expect(shown(told)).toEqual([[name, 'late', deadlineOf(name) / SECOND + 1]]);
    const pulse = PULSES.find((each) => each.name === name);
    expect(told[0]?.text).toContain(`${pulse?.silence} for`);
    expect(told[0]?.text).toContain(pulse?.means);
  });

  it('tells it again after 5, 15 and 60 minutes, and then hourly', () => {
    const told = watch(4 * 3_600, (name) => name !== 'commands');
    const first = 41;
    const minutes = told.map(({ second }) => (second - first) / 60);
    expect(minutes).toEqual([0, 5, 20, 80, 140, 200]);
    expect(told.slice(1).every(({ text }) => text.startsWith('Still: '))).toBe(true);
  });

  it('tells the end once, after ten seconds of pulses, with the gap', () => {
    const told = watch(300, (name, second) => name !== 'account' || second < 30 || second > 142);
    expect(shown(told)).toEqual([
      ['account', 'late', 60],
      ['account', 'back', 153],
    ]);
    expect(told[1]?.text).toBe(
      'Back: reading your account. It was away for 1 min, from 12:00:29 to 12:02:23 UTC.',
    );
  });

  it('tells the cause and not what follows from it', () => {
    const fine: readonly PulseName[] = ['exchange', 'prices', 'commands', 'outside'];
    const told = watch(240, (name, second) => fine.includes(name) || second < 20 || second > 120);
    expect(shown(told)).toEqual([
      ['redis', 'late', 30],
      ['redis', 'back', 131],
    ]);
  });

  it('gives what followed from a cause its own deadline again when the cause ends', () => {
    const told = watch(
      400,
      (name, second) =>
        (name !== 'redis' && name !== 'account') ||
        second < 20 ||
        (name === 'redis' && second > 120),
    );
    expect(shown(told).slice(0, 3)).toEqual([
      ['redis', 'late', 30],
      ['redis', 'back', 131],
      ['account', 'late', 151],
    ]);
    expect(told[2]?.text).toContain('for 2 min');
  });

  it('makes at most four messages of what comes and goes every 30 s for ten minutes', () => {
    for (const name of NAMES) {
      const told = watch(
        1_500,
        (each, second) => each !== name || second > 600 || Math.floor(second / 30) % 2 === 0,
      );
      expect(told.length).toBeLessThanOrEqual(4);
      if (deadlineOf(name) <= 30 * SECOND) {
        expect(told.some(({ kind }) => kind === 'flapping')).toBe(true);
        expect(told.at(-1)).toMatchObject({ kind: 'back' });
      }
    }
  });

  it('makes one message of what heals each time in 4 s and goes on for ten minutes', () => {
    const told = watch(600, (name, second) => name !== 'redis' || second % 8 < 4);
    expect(shown(told)).toEqual([['redis', 'flapping', expect.any(Number)]]);
    expect(told[0]?.text).toContain('Lost again and again: my memory (Redis) (6 times in 10 min).');
  });

  it('says nothing of five short losses in ten minutes', () => {
    const lost = (second: number): boolean => second >= 100 && second % 100 < 5;
    expect(watch(599, (name, second) => name !== 'redis' || !lost(second))).toEqual([]);
    expect(watch(605, (name, second) => name !== 'redis' || !lost(second))).toHaveLength(1);
  });

  it('gives every pulse its whole deadline after a gap of its own', () => {
    const before = beginJudging(NAMES, { steady: 0, wall: WALL });
    const after = { steady: 1_000_000, wall: WALL + 1_000_000 };
    expect(judge(before, new Map(), after).notices).not.toEqual([]);
    const forgiven = forgive(before, after);
    expect(judge(forgiven, new Map(), after).notices).toEqual([]);
    const soon = { steady: after.steady + 10_000, wall: after.wall + 10_000 };
    const late = { steady: after.steady + 10_001, wall: after.wall + 10_001 };
    expect(judge(forgiven, new Map(), soon).notices).toEqual([]);
    expect(judge(forgiven, new Map(), late).notices).toMatchObject([{ about: 'redis' }]);
  });

  it('never says back without late or flapping before, nor twice the same in a row, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ name: fc.constantFrom(...NAMES), from: fc.nat(900), for: fc.nat(400) }),
          {
            maxLength: 8,
          },
        ),
        (silences) => {
          const told = watch(
            1_500,
            (name, second) =>
              !silences.some(
                (each) =>
                  each.name === name && second >= each.from && second < each.from + each.for,
              ),
          );
          for (const name of NAMES) {
            const kinds = told.filter(({ about }) => about === name).map(({ kind }) => kind);
            let troubled = false;
            for (const kind of kinds) {
              if (kind === 'late' || kind === 'flapping') expect(troubled).toBe(false);
              else expect(troubled).toBe(true);
              troubled = kind !== 'back';
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is never silent about a pulse that stays away with nothing to explain it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.integer({ min: 1, max: 300 }), (name, from) => {
        const told = watch(
          from + deadlineOf(name) / SECOND + 2,
          (each, second) => each !== name || second < from,
        );
        expect(told.map(({ about }) => about)).toContain(name);
      }),
      { numRuns: 40 },
    );
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { Moment } from '../../src/alerts/pulse/judge.ts';
import { PULSES } from '../../src/alerts/pulse/pulses.ts';
import type { PulseName } from '../../src/domain/alert.ts';
import { startJudge } from '../../src/process/pulse/judge.ts';
import type { Meanwhile } from '../../src/process/pulse/meanwhile.ts';

const WALL = Date.UTC(2025, 9, 10, 12);
const NAMES = PULSES.map(({ name }) => name);

let stop: (() => void) | undefined;
afterEach(() => stop?.());

/** A judge whose clocks the test sets; it looks when it is told to. */
function open(tell: (text: string) => Promise<void>, meanwhile?: Meanwhile) {
  let at: Moment = { steady: 0, wall: WALL };
  const seen = new Map<PulseName, number>();
  const judge = startJudge({
    pulses: { seen: () => seen },
    names: NAMES,
    tell,
    ...(meanwhile === undefined ? {} : { meanwhile }),
    log: { warn: () => undefined },
    now: () => at,
  });
  stop = judge.stop;
  return {
    /** Seconds that pass one by one, in which all but `silent` give their pulses. */
    pass: async (seconds: number, silent: readonly PulseName[] = []) => {
      for (let each = 0; each < seconds; each += 1) {
        at = { steady: at.steady + 1_000, wall: at.wall + 1_000 };
        for (const name of NAMES) if (!silent.includes(name)) seen.set(name, at.steady);
        judge.look();
        await Promise.resolve();
      }
    },
    leap: (steady: number, wall: number) => {
      at = { steady: at.steady + steady, wall: at.wall + wall };
      judge.look();
    },
  };
}

describe('what the owner is told directly', () => {
  it('is the trouble, and its end', async () => {
    const told: string[] = [];
    const { pass } = open(async (text) => void told.push(text));
    await pass(20);
    await pass(60, ['account']);
    await pass(20);
    expect(told).toEqual([
      expect.stringMatching(
        /^🔴 I have not read your account for 31 s\. Stops at the exchange keep/,
      ),
      '🟢 Back: reading your account. It was away for 61 s, from 12:00:20 to 12:01:21 UTC.',
    ]);
  });

  it('ends with what became of the positions meanwhile, where nobody could see them', async () => {
    const told: string[] = [];
    const asked: string[] = [];
    const meanwhile = {
      begin: async () => void asked.push('begin'),
      end: async () => {
        asked.push('end');
        return 'Meanwhile: BTCUSDT long opened.';
      },
    };
    const { pass } = open(async (text) => void told.push(text), meanwhile);
    await pass(60, ['account', 'commands', 'scan']);
    await pass(40, ['commands']);
    await pass(20);
    expect(asked).toEqual(['begin', 'end']);
    expect(told.filter((each) => each.includes('Meanwhile'))).toEqual([
      expect.stringContaining('Back: reading your account'),
    ]);
    expect(told).toHaveLength(4);
  });

  it('waits, in its order, for a phone that cannot be reached', async () => {
    const told: string[] = [];
    let away = true;
    const { pass } = open(async (text) => {
      if (away) throw new Error('no network');
      told.push(text);
    });
    await pass(50, ['account']);
    await pass(30);
    expect(told).toEqual([]);
    away = false;
    await pass(2);
    expect(told.map((each) => each.slice(0, 2))).toEqual(['🔴', '🟢']);
    await pass(5);
    expect(told).toHaveLength(2);
  });

  it('keeps the newest of more than it can hold, though one was under way when it was dropped', async () => {
    const told: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { leap, pass } = open(async (text) => {
      await held;
      told.push(text);
    });
    for (let each = 0; each < 22; each += 1) leap(60_000 + each * 1_000, 60_000 + each * 1_000);
    release();
    await pass(60);
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toContain('(80 s)');
  });

  it('is the time in which Vigil itself did not run, and not all that is late because of it', async () => {
    const told: string[] = [];
    const { pass, leap } = open(async (text) => void told.push(text));
    await pass(10);
    leap(113_000, 113_000);
    await pass(10);
    expect(told).toEqual([
      '⚠️ I did not watch from 12:00:10 to 12:02:03 UTC (1 min). This program was stopped, or its machine too busy to run it. Stops at the exchange kept working.',
    ]);
  });

  it.each([
    ['forward', 3_601_000, 'or its clock was set forward'],
    ['back', 1_000 - 3_600_000, 'was set back by 60 min'],
  ])('is a clock that jumps %s', async (_way, wall, words) => {
    const told: string[] = [];
    const { pass, leap } = open(async (text) => void told.push(text));
    await pass(10);
    leap(1_000, wall);
    await pass(120);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(words);
  });
});

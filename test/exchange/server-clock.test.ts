import { describe, expect, it } from 'vitest';
import { createServerClock } from '../../src/exchange/http/server-clock.ts';

const START = Date.UTC(2025, 9, 6);

/** An exchange whose clock is off by so much, answering requests that take their time. */
function clockOf(offBy: () => number) {
  let now = START;
  const clock = createServerClock({ now: () => now, speed: 1 });
  return {
    clock,
    wait: (ms: number) => (now += ms),
    /** The answer is made at this share of the way. */
    ask: (tookMs: number, share = 0.5): number => {
      const sentAt = now;
      const date = new Date(now + tookMs * share + offBy()).toUTCString();
      now += tookMs;
      clock.observe(date, sentAt, now);
      return clock.offsetMs();
    },
  };
}

describe('the exchange’s clock, known by whole seconds', () => {
  it('is this machine’s while the header does not say otherwise', () => {
    const { ask, wait } = clockOf(() => 0);
    for (let each = 0; each < 50; each += 1) {
      expect(ask(80)).toBeCloseTo(0, -2);
      wait(137);
    }
  });

  it.each([-600_000, -7_300, 4_200, 600_000])('is found when it is off by %i ms', (offBy) => {
    const { ask, wait } = clockOf(() => offBy);
    expect(Math.abs(ask(80) - offBy)).toBeLessThanOrEqual(1_080);
    for (let each = 0; each < 50; each += 1) {
      ask(80);
      wait(137);
    }
    expect(Math.abs(ask(80) - offBy)).toBeLessThanOrEqual(200);
  });

  it.each([-3_000, 3_000, 30_000])(
    'is known by the first answer to half of what the header tells, when it is off by %i ms',
    (offBy) => {
      for (let phase = 0; phase < 1_000; phase += 10) {
        const { ask, wait } = clockOf(() => offBy);
        wait(phase);
        expect(Math.abs(ask(80) - offBy), `${phase} ms later`).toBeLessThanOrEqual(540);
      }
    },
  );

  it.each([
    [-20, 0],
    [-20, 1],
    [20, 0],
    [20, 1],
  ])(
    'set by %i ms it is off by no more, at whatever moment an answer shows it that took ten seconds (made at %i)',
    (by, share) => {
      for (let phase = 0; phase < 1_000; phase += 10) {
        let off = 0;
        const { ask, wait } = clockOf(() => off);
        for (let each = 0; each < 200; each += 1) {
          ask(2);
          wait(37);
        }
        off = by;
        wait(phase);
        expect(Math.abs(ask(10_000, share)), `${phase} ms later`).toBeLessThanOrEqual(40);
      }
    },
  );

  it('a leap of either clock is followed by the next answer', () => {
    let off = 0;
    const { ask } = clockOf(() => off);
    ask(80);
    off = 3_600_000;
    expect(Math.abs(ask(80) - off)).toBeLessThanOrEqual(1_080);
  });

  it('a refused signature lets the next answer decide alone', () => {
    let off = 0;
    const { clock, ask } = clockOf(() => off);
    ask(80);
    off = 900;
    clock.reset();
    expect(Math.abs(ask(80) - off)).toBeLessThanOrEqual(1_080);
  });
});

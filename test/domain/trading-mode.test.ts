import { describe, expect, it } from 'vitest';
import {
  isTighter,
  TRADING_MODES,
  transitionMode,
  type ModeEvent,
  type ModeState,
} from '../../src/domain/trading-mode.ts';

const NORMAL: ModeState = { mode: 'normal', reasons: [], since: 0 };

const tighten = (
  to: 'reduceOnly' | 'halted',
  trigger: string,
  rest: { at?: number; coolOffUntil?: number } = {},
): ModeEvent => ({
  kind: 'tighten',
  to,
  reason: { trigger, evidence: `${trigger} happened`, at: rest.at ?? 10 },
  ...(rest.coolOffUntil === undefined ? {} : { coolOffUntil: rest.coolOffUntil }),
});

const EVERY = ['a', 'b', 'c', 'd'].map((trigger) => ({
  trigger,
  evidence: `${trigger} happened`,
  at: 10,
}));

const ALPHABET: ModeEvent[] = [
  tighten('reduceOnly', 'a'),
  tighten('reduceOnly', 'b', { coolOffUntil: 50 }),
  tighten('halted', 'c'),
  tighten('halted', 'd', { coolOffUntil: 90 }),
  { kind: 'resume', at: 60, by: 1, judged: [] },
  { kind: 'resume', at: 60, by: 1, judged: EVERY },
];

/** Every state reachable by up to `depth` events, with the event that led there. */
function explore(
  depth: number,
  visit: (before: ModeState, event: ModeEvent, after: ModeState) => void,
): void {
  let frontier: ModeState[] = [NORMAL];
  for (let step = 0; step < depth; step += 1) {
    const next = new Map<string, ModeState>();
    for (const before of frontier) {
      for (const event of ALPHABET) {
        const after = transitionMode(before, event);
        visit(before, event, after);
        next.set(JSON.stringify(after), after);
      }
    }
    frontier = [...next.values()];
  }
}

describe('every sequence of up to six events', () => {
  it('loosens only by a person', () => {
    explore(6, (before, event, after) => {
      if (event.kind !== 'resume') expect(isTighter(before.mode, after.mode)).toBe(false);
    });
  });

  it('is at least as tight as the last tightening asked for', () => {
    explore(6, (_before, event, after) => {
      if (event.kind === 'tighten') expect(isTighter(event.to, after.mode)).toBe(false);
    });
  });

  it('lists each trigger once, and none in normal mode', () => {
    explore(6, (_before, _event, after) => {
      const triggers = after.reasons.map((each) => each.trigger);
      expect(new Set(triggers).size).toBe(triggers.length);
      expect(after.mode === 'normal').toBe(triggers.length === 0);
    });
  });

  it('never shortens a running cool-off', () => {
    explore(6, (before, event, after) => {
      const passed = event.kind === 'resume' && (before.coolOffUntil ?? 0) <= event.at;
      if (!passed) expect(after.coolOffUntil ?? 0).toBeGreaterThanOrEqual(before.coolOffUntil ?? 0);
    });
  });
});

describe('resuming', () => {
  it('clears the reasons and keeps a cool-off that still runs', () => {
    const halted = transitionMode(NORMAL, tighten('halted', 'd', { coolOffUntil: 90 }));
    expect(transitionMode(halted, { kind: 'resume', at: 89, by: 1, judged: EVERY })).toEqual({
      mode: 'normal',
      reasons: [],
      since: 89,
      coolOffUntil: 90,
    });
    const late = transitionMode(halted, { kind: 'resume', at: 90, by: 1, judged: EVERY });
    expect(late.coolOffUntil).toBeUndefined();
  });

  it('does not lift a halt that came after it was judged, nor the same one asked for again', () => {
    const first = transitionMode(NORMAL, tighten('halted', 'owner'));
    const second = transitionMode(first, tighten('halted', 'daily-loss'));
    const again = transitionMode(first, tighten('halted', 'owner', { at: 11 }));
    const event: ModeEvent = { kind: 'resume', at: 60, by: 1, judged: first.reasons };
    expect(transitionMode(second, event)).toEqual(second);
    expect(transitionMode(again, event)).toEqual(again);
    expect(transitionMode(first, event).mode).toBe('normal');
  });
});

describe('isTighter', () => {
  it('orders normal, reduceOnly, halted', () => {
    const tighter = TRADING_MODES.flatMap((a) =>
      TRADING_MODES.filter((b) => isTighter(a, b)).map((b) => `${a}>${b}`),
    );
    expect(tighter).toEqual(['reduceOnly>normal', 'halted>normal', 'halted>reduceOnly']);
  });
});

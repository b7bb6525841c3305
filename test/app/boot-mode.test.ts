import { describe, expect, it } from 'vitest';
import { bootMode } from '../../src/app/halt/boot-mode.ts';
import type { ModeStore } from '../../src/app/ports/mode-store.ts';
import type { VenueMode } from '../../src/app/ports/venue-mode.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { transitionMode, type ModeState } from '../../src/domain/trading-mode.ts';

const NOW = Date.UTC(2025, 9, 6);

/** What is stored is `state`, nothing, or not readable. */
function stored(state: ModeState | undefined | 'corrupt'): ModeStore & { now(): typeof state } {
  let current = state;
  return {
    now: () => current,
    read: async () => {
      if (current === 'corrupt') throw new StoreUnreadable('trading mode');
      return current;
    },
    apply: async (event) => {
      const lost: ModeState = { mode: 'halted', reasons: [], since: NOW };
      current = transitionMode(typeof current === 'object' ? current : lost, event);
      return { state: current, changed: true };
    },
    initialise: async (first) => {
      current = first;
      return first;
    },
  };
}

const boot = (mode: ModeStore, venueMode: VenueMode, knownBefore: boolean): Promise<ModeState> =>
  bootMode({ mode, venueMode, clock: { now: () => NOW, speed: 1 } }, knownBefore);

describe('the trading mode at start', () => {
  it.each(['demo', 'paper', 'watch', 'live'] as const)('in %s is what is stored', async (venue) => {
    for (const mode of ['normal', 'reduceOnly', 'halted'] as const) {
      const state: ModeState = { mode, reasons: [], since: NOW - 5 };
      for (const known of [false, true]) {
        expect(await boot(stored(state), venue, known)).toEqual(state);
      }
    }
  });

  it.each(['demo', 'paper', 'watch'] as const)(
    'is normal at a first start in %s',
    async (venue) => {
      const store = stored(undefined);
      expect(await boot(store, venue, false)).toEqual({ mode: 'normal', reasons: [], since: NOW });
      expect(store.now()).toEqual({ mode: 'normal', reasons: [], since: NOW });
    },
  );

  it('is halted at a first start with real money', async () => {
    expect(await boot(stored(undefined), 'live', false)).toMatchObject({
      mode: 'halted',
      reasons: [{ trigger: 'first-start', at: NOW }],
    });
  });

  it.each(['demo', 'paper', 'watch', 'live'] as const)(
    'in %s is halted with the reason when Vigil has run before and the store is empty',
    async (venue) => {
      expect(await boot(stored(undefined), venue, true)).toMatchObject({
        mode: 'halted',
        reasons: [{ trigger: 'memory-lost', at: NOW }],
      });
    },
  );

  it.each([false, true])('is halted and stored so when it cannot be read', async (known) => {
    const store = stored('corrupt');
    const state = await boot(store, 'demo', known);
    expect(state).toMatchObject({ mode: 'halted', reasons: [{ trigger: 'memory-lost' }] });
    expect(state.reasons[0]?.evidence).toContain('the stored trading mode cannot be read');
    expect(store.now()).toEqual(state);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { followVenueClock, type FollowedClock } from '../src/process/venue-clock.ts';
import { startVenue, type Venue } from '../src/simulator/venue/venue.ts';
import { PATIENCE_MS } from './patience.ts';

let venue: Venue | undefined;
let clock: FollowedClock | undefined;

afterEach(async () => {
  clock?.close();
  await venue?.stop();
});

const advance = (url: string, ms: number): Promise<Response> =>
  fetch(`${url}/sim/clock`, { method: 'POST', body: JSON.stringify({ advanceMs: ms }) });

describe('the clock of a simulator in another process', () => {
  it('is its time and speed, goes on by itself, and follows when it is moved', async () => {
    const from = Date.UTC(2025, 9, 6, 12, 20);
    const market = { kind: 'generated', seed: 7, symbols: 1, from } as const;
    venue = await startVenue({ market, speed: 50, accounts: [] });
    clock = await followVenueClock(venue.controlUrl);
    expect(clock.speed).toBe(50);
    const first = clock.now();
    expect(first).toBeGreaterThanOrEqual(from);
    await expect.poll(() => clock?.now(), { timeout: PATIENCE_MS }).toBeGreaterThan(first);
    await advance(venue.controlUrl, 3_600_000);
    await expect
      .poll(() => clock?.now(), { timeout: PATIENCE_MS })
      .toBeGreaterThan(first + 3_600_000);
  });

  it('stands still with it, and what waits goes by the wall meanwhile', async () => {
    const from = Date.UTC(2025, 9, 6, 12, 20);
    const market = { kind: 'generated', seed: 7, symbols: 1, from } as const;
    venue = await startVenue({ market, speed: 0, accounts: [] });
    clock = await followVenueClock(venue.controlUrl);
    expect(clock.speed).toBe(1);
    expect(clock.now()).toBe(from);
  });

  it('is not made up where there is none', async () => {
    await expect(followVenueClock('http://127.0.0.1:9')).rejects.toThrow();
  });
});

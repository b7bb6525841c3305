import type { Ports } from '../../app/ports/ports.ts';
import type { VenueMode } from '../../app/ports/venue-mode.ts';
import { describeReading, type Reading } from '../../app/reading/reading.ts';
import { formatUtc, type Timestamp } from '../../domain/time.ts';

/** Where the figures come from. */
export interface Scene {
  readonly now: Timestamp;
  readonly venueMode: VenueMode;
  readonly speed: number;
}

const VENUE_WORDS: Record<VenueMode, string> = {
  demo: 'demo (simulated market, no real money)',
  paper: 'paper (real prices, no real money)',
  watch: 'watch only (Vigil cannot order)',
  live: 'live account',
};

/** "demo (simulated market, no real money), 600x speed". */
export const venueNote = (scene: Pick<Scene, 'venueMode' | 'speed'>): string =>
  scene.speed === 1
    ? VENUE_WORDS[scene.venueMode]
    : `${VENUE_WORDS[scene.venueMode]}, ${scene.speed}x speed`;

export const sceneOf = (ports: Pick<Ports, 'clock' | 'venueMode'>): Scene => ({
  now: ports.clock.now(),
  venueMode: ports.venueMode,
  speed: ports.clock.speed,
});

/** The last line of every reply: how fresh the figures are, the time, and whose money it is. */
export function footer(scene: Scene, reading?: Reading<unknown>): string {
  const age = reading === undefined ? [] : [describeReading(reading, scene.now)];
  return [...age, formatUtc(scene.now), venueNote(scene)].join(' · ');
}

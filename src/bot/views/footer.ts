import type { Ports } from '../../app/ports/ports.ts';
import type { VenueMode } from '../../app/ports/venue-mode.ts';
import { describeReading, type Reading } from '../../app/reading/reading.ts';
import { formatUtc, type Timestamp } from '../../domain/time.ts';

/** Where the figures come from. */
export interface Scene {
  readonly now: Timestamp;
  readonly venueMode: VenueMode;
  readonly speed: number;
  /** Why Vigil's memory is away; absent while it is there. */
  readonly storeAway?: string;
}

const VENUE_WORDS: Record<VenueMode, string> = {
  demo: 'demo, no real money',
  paper: 'paper (real prices, no real money)',
  watch: 'watch only (Vigil cannot order)',
  live: 'live account',
};

/** "demo, no real money, 600x speed". */
export const venueNote = (scene: Pick<Scene, 'venueMode' | 'speed'>): string =>
  scene.speed === 1
    ? VENUE_WORDS[scene.venueMode]
    : `${VENUE_WORDS[scene.venueMode]}, ${scene.speed}x speed`;

export function sceneOf(ports: Pick<Ports, 'clock' | 'venueMode' | 'storeAway'>): Scene {
  const { clock, venueMode } = ports;
  const storeAway = ports.storeAway?.();
  const scene = { now: clock.now(), venueMode, speed: clock.speed };
  return storeAway === undefined ? scene : { ...scene, storeAway };
}

/** The last line of every reply: how fresh the figures are, the time, and whose money it is. */
export function footer(scene: Scene, reading?: Reading<unknown>): string {
  const age = reading === undefined ? [] : [describeReading(reading, scene.now)];
  const last = [...age, formatUtc(scene.now), venueNote(scene)].join(' · ');
  return scene.storeAway === undefined ? last : `${awayNote(scene.storeAway)}\n${last}`;
}

const awayNote = (why: string): string =>
  `⚠️ My memory (Redis) is away (${why}): this was read from the exchange just now, the rest as I last knew it.`;

import type { Clock } from '../../app/ports/clock.ts';

/** Wall milliseconds in which so many venue milliseconds pass. A venue that stands still is waited for in wall time. */
export const wallMs = (clock: Clock, venueMs: number): number =>
  clock.speed > 0 ? venueMs / clock.speed : venueMs;

/** Venue milliseconds that pass in so many wall milliseconds. */
export const venueMs = (clock: Clock, wall: number): number =>
  clock.speed > 0 ? wall * clock.speed : wall;

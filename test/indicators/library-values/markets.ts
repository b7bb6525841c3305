import { onTicks, walk } from '../market.ts';

/** The generated candles whose values the libraries were asked for, by name. Pure arithmetic: the same on every machine. */
export const REFERENCE_MARKETS = {
  walk: walk({ seed: 2_026, count: 480, noise: 0.02, volume: 1_000 }),
  // Many candles close where the one before did, many reach as far up as down.
  'coarse ticks': onTicks(
    walk({ seed: 11, count: 480, price: 1, noise: 0.03, volume: 1_000 }),
    0.01,
  ),
} as const;

/** Rows of a reference market whose values are kept: all at first, where seeds differ, then every 29th. */
export const isKept = (row: number): boolean => row < 44 || row % 29 === 0 || row === 479;

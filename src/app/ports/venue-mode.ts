/** The four ways to run; DESIGN words in the README. */
export const VENUE_MODES = ['demo', 'paper', 'watch', 'live'] as const;

export type VenueMode = (typeof VENUE_MODES)[number];

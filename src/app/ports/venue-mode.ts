/** The four ways to run; DESIGN words in the README. */
export const VENUE_MODES = ['demo', 'paper', 'watch', 'live'] as const;

export type VenueMode = (typeof VENUE_MODES)[number];

/** Whether the account is one at the exchange, and not simulated. */
export const isRealAccount = (mode: VenueMode): boolean => mode === 'watch' || mode === 'live';

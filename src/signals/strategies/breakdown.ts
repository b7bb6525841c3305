import { channelBreak } from '../channel/channel-break.ts';

/** The fall below the lowest price of 55 days: sells short, once at the crossing. */
export const breakdown = channelBreak({
  name: 'breakdown',
  about: 'A 4 h candle closes below the lowest price of the 55 days before it: sell the fall.',
  side: 'short',
  place: 'push',
  withTrend: false,
});

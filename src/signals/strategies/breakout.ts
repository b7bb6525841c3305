import { channelBreak } from '../channel/channel-break.ts';

/** The rise above the highest price of 55 days and above the SMA 200: buys, once at the crossing. */
export const breakout = channelBreak({
  name: 'breakout',
  about:
    'A 4 h candle closes above the highest price of the 55 days before it and above its SMA 200: buy the rise.',
  side: 'long',
  place: 'watch',
  withTrend: true,
});

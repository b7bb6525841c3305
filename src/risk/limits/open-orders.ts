import { refuse } from '../terms/refusal.ts';
import type { LimitRule } from './rule.ts';

/** What every open position can lose must be known. */
export const lossesKnown: LimitRule = ({ open }) => {
  const unknown = open?.unknownPositions ?? [];
  if (unknown.length === 0) return undefined;
  const found = { limit: 'known', observed: `unknown for ${unknown.join(', ')}` };
  const sentence = `Cannot judge this entry: what ${unknown.join(', ')} can lose is not known, because its price, entry, size, margin or the equity behind it could not be read.`;
  return refuse('loss-unknown', found, sentence);
};

/** Every resting entry order must show what it can lose. */
export const openOrdersKnown: LimitRule = ({ open }) => {
  const unknown = open?.unknownOrders ?? [];
  if (unknown.length === 0) return undefined;
  const found = {
    limit: 'price and stop on every entry order',
    observed: `without: ${unknown.join(', ')}`,
  };
  const sentence = `Entry order ${unknown.join(', ')} rests without a stop or a price, so its loss is unknown. Cancel it or give it a stop first.`;
  return refuse('order-risk-unknown', found, sentence);
};

import { refuse } from '../refusal.ts';
import type { LimitRule } from './rule.ts';

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

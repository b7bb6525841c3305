import { toFixed, type Price, type Ratio } from '../domain/money.ts';
import { formatDuration } from '../domain/time.ts';

const trim = (text: string): string =>
  text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;

/** "1.5 %": a ratio as a percentage with at most `decimals` decimals, rounded half-even. */
export const percentText = (value: Ratio, decimals = 2): string =>
  `${trim(toFixed((value * 100n) as Ratio, decimals))} %`;

/** A price with the fewest digits, at most 10 decimals. */
export const priceText = (value: Price): string => trim(toFixed(value, 10));

/** "60 s", "4 h 00 min". */
export const durationText = (ms: number): string => formatDuration(ms);

/** "1 position", "3 positions". */
export const countText = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

import { MINUTE, SECOND } from '../../domain/time.ts';
import { time } from './limit.ts';

/** How old a reading may be; `inputs.ts` refuses an older one, `stop/stop-conditions.ts` holds entries. */
export const AGES = {
  accountMaxAgeMs: time({
    label: 'account age',
    standard: MINUTE,
    tighter: 'lower',
    shown: (value) => `under ${value}`,
    meaning: 'an account that was not read for that long stops new entries',
  }),
  priceMaxAgeMs: time({
    label: 'price age',
    standard: 15 * SECOND,
    tighter: 'lower',
    shown: (value) => `${value} at most`,
    meaning: 'older prices stop new entries',
  }),
} as const;

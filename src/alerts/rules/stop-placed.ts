import type { Finding } from '../../domain/alert.ts';
import type { Price } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';
import { numberText, sentence } from '../phrase.ts';

/** The suggested stop that the owner confirmed. */
interface Wanted {
  readonly id: string;
  readonly symbol: string;
  readonly stop: Price;
}

const keyOf = ({ id }: Wanted): string => `protect:${id}`;

/** It rests, read back from the exchange. `resting`: what protects the position now, in words. */
export const stopPlaced = (wanted: Wanted, resting: string, at: Timestamp): Finding => ({
  key: keyOf(wanted),
  kind: 'notice',
  severity: 'warning',
  good: true,
  title: `${wanted.symbol}: a stop rests at ${numberText(wanted.stop)}`,
  lines: ['Read back from the exchange: the whole position is covered.', sentence(resting)],
  at,
});

/** The position has closed before it rested: there is nothing to protect any more. */
export const stopNotNeeded = (wanted: Wanted, at: Timestamp): Finding => ({
  key: keyOf(wanted),
  kind: 'notice',
  severity: 'warning',
  good: true,
  title: `${wanted.symbol}: it has closed in the meantime and needs no stop`,
  lines: ['Read back from the exchange: the position is closed.'],
  at,
});

/** It does not, or nobody knows. */
export const stopNotPlaced = (wanted: Wanted, problem: string, at: Timestamp): Finding => ({
  key: keyOf(wanted),
  kind: 'notice',
  severity: 'critical',
  title: `${wanted.symbol}: no stop was placed`,
  lines: [
    `Why: ${problem}.`.replace('..', '.'),
    'Look at the exchange: /positions shows what rests.',
  ],
  at,
});

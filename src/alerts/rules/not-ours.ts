import { formatUtc, type Timestamp } from '../../domain/time.ts';
import type { Finding } from '../../domain/alert.ts';
import type { Price } from '../../domain/money.ts';
import { numberText } from '../phrase.ts';

/** The same news, louder: somebody or something other than Vigil opened or enlarged the position. */
export const notOurs = (opened: Finding): Finding => ({
  ...opened,
  severity: 'warning',
  lines: [...opened.lines, 'Vigil did not do this: it was done by hand or by another program.'],
});

/** A stop that rested at the exchange until `until`, when a read no longer showed it in full. */
export interface LostStop {
  readonly price: Price;
  readonly until: Timestamp;
}

/** The same alarm with what used to protect the position. */
export const stopVanished = (unprotected: Finding, lost: LostStop): Finding => ({
  ...unprotected,
  lines: [
    `Its stop at ${numberText(lost.price)} covered all of it until ${formatUtc(lost.until)}.`,
    ...unprotected.lines,
  ],
});

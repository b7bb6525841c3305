import { formatUtc, type Timestamp } from '../../domain/time.ts';
import type { Finding } from '../../domain/alert.ts';
import type { Price, Usd } from '../../domain/money/money.ts';
import type { ProtectionEnd } from '../../domain/position.ts';
import { numberText } from '../phrase.ts';

/** Who did it, as far as it can be known. */
export const NOT_VIGIL = 'Vigil did not do this: it was done by hand or by another program.';

/** The same of a part or a whole that was closed: what made money may have been taken by the exchange itself. */
export const notVigilOf = (gross: Usd): string =>
  gross > 0n
    ? 'Vigil did not do this. It was done by hand, by another program or by the exchange, which takes winning positions in a crash (auto-deleveraging).'
    : NOT_VIGIL;

/** How loud it is when somebody else did what may cost money. */
export const FOREIGN = { severity: 'warning', stakes: 'foreign' } as const;

const IF_NOT_YOU =
  'If it was not you: /panic closes everything; then change your password and API keys at the exchange.';

/** The same news, louder: somebody or something other than Vigil opened or enlarged the position. */
export const notOurs = (opened: Finding): Finding => ({
  ...opened,
  ...FOREIGN,
  lines: [...opened.lines, NOT_VIGIL, IF_NOT_YOU],
});

/** A stop that rested at the exchange until `until`, when a read no longer showed it in full. */
export interface LostStop {
  readonly price: Price;
  readonly until: Timestamp;
  /** How it ended, as the exchange's history has it; absent: it does not say. */
  readonly end?: ProtectionEnd;
}

const ENDED: Record<Exclude<ProtectionEnd, 'unknown'>, string> = {
  filled: 'was reached, and the position is still open',
  cancelled: 'was cancelled',
  'cancelled by the exchange': 'was cancelled by the exchange',
  failed: 'was reached and FAILED',
};

const endOf = ({ end = 'unknown', until }: LostStop): string =>
  end === 'unknown' ? `rested until ${formatUtc(until)}` : ENDED[end];

/** The same alarm with what used to protect the position. */
export const stopVanished = (unprotected: Finding, lost: LostStop): Finding => ({
  ...unprotected,
  lines: [`Its stop at ${numberText(lost.price)} ${endOf(lost)}.`, ...unprotected.lines],
});

import type { Finding } from '../../domain/alert.ts';
import { usdText, type Usd } from '../../domain/money/money.ts';
import { formatDuration, formatUtcExactly, type Timestamp } from '../../domain/time.ts';
import { listText } from '../../domain/words/words.ts';

/** One reading halted trading, and the next one does not say so. Told, because it may have been false; the halt stays. */
export const loneReading = (
  halted: { readonly at: Timestamp; readonly equity: Usd; readonly limits: readonly string[] },
  next: { readonly at: Timestamp; readonly equity: Usd },
): Finding => ({
  key: `lone-reading:${halted.at}`,
  kind: 'halt',
  severity: 'warning',
  title: 'The reading that halted trading was not confirmed by the next',
  lines: [
    `At ${formatUtcExactly(halted.at)} your equity read ${usdText(halted.equity)}; ${formatDuration(next.at - halted.at)} later it reads ${usdText(next.equity)}, with which the limit for ${listText(halted.limits)} is not reached.`,
    'Trading stays halted. Look at /status and at the exchange; if that reading was false, send /resume.',
  ],
  at: next.at,
});

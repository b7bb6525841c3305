import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

/** The owner has signed that positions are closed without asking, or has taken it back. */
export const policySigned = (
  what: 'signed' | 'revoked',
  lines: readonly string[],
  at: Timestamp,
): Finding => ({
  key: `policy:${what}:${at}`,
  kind: 'notice',
  severity: 'warning',
  title: `Closing without asking: ${what}`,
  lines,
  at,
});

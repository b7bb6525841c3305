import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

const TITLES = {
  signed: 'You signed: positions may be closed without asking you',
  revoked: 'Taken back: no position is closed without asking you',
} as const;

/** The owner has signed that positions are closed without asking, or has taken it back. */
export const policySigned = (
  what: 'signed' | 'revoked',
  lines: readonly string[],
  at: Timestamp,
): Finding => ({
  key: `policy:${what}:${at}`,
  kind: 'notice',
  severity: 'warning',
  title: TITLES[what],
  lines,
  at,
});

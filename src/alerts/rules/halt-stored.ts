import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

/** The owner's halt of `at`, which held while the store was away, is stored. */
export const haltStored = (at: Timestamp): Finding => ({
  key: `halt-stored:${at}`,
  kind: 'notice',
  severity: 'warning',
  good: true,
  title: 'Your halt is stored now',
  lines: ['It has held since you sent it. Send /halt to choose how far to go, /resume to resume.'],
  at,
});

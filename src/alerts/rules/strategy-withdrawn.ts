import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

/** A strategy was withdrawn by its own live record. `since`: from when that record counts. */
export const strategyWithdrawn = (
  { name, why, since }: { readonly name: string; readonly why: string; readonly since: Timestamp },
  at: Timestamp,
): Finding => ({
  key: `withdrawn:${name}:${since}`,
  kind: 'notice',
  severity: 'warning',
  title: `Withdrawn by its own record: ${name}`,
  lines: [
    why,
    'Its signals are only watched from now on; open positions are watched as before.',
    'Only you turn it on again: /strategies. Its record then counts anew.',
  ],
  at,
});

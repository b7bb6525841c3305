import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

/** What the owner is told at their hour, also when nothing happened. `date`: of the owner's zone, such as "2025-11-28". `shown`: what its picture shows. */
export const morningReport = (
  {
    date,
    lines,
  }: { readonly date: string; readonly lines: readonly string[]; readonly shown?: unknown },
  at: Timestamp,
): Finding => ({
  key: `report:${date}`,
  kind: 'notice',
  severity: 'info',
  title: `Your report of ${date}`,
  lines: [...lines, '/weekly and /monthly show more than a day.'],
  at,
});

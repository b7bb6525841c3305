import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

/** What the owner is told at their hour, also when nothing happened. `date`: of the owner's zone, such as "2025-11-28". */
export const morningReport = (date: string, lines: readonly string[], at: Timestamp): Finding => ({
  key: `report:${date}`,
  kind: 'notice',
  severity: 'info',
  title: `Your report of ${date}`,
  lines: [...lines, '/daily, /weekly and /monthly show it with a picture by day.'],
  at,
});

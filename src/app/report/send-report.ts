import { rules } from '../../alerts/explain/with-basis.ts';
import { DAY } from '../../domain/time.ts';
import type { Ports } from '../ports/ports.ts';
import { wallTime } from '../telling/zone.ts';
import { readReport } from './read-report.ts';
import { reportLines, spanText } from './report-lines.ts';

/** The owner's hour until they have named one, minutes of their day. */
export const REPORT_AT = 8 * 60;

/**
 * Raises the report once its hour in the owner's zone has come, once for each day, also late; nothing where it is turned off. The first one
 * comes at the first hour after the first look.
 */
export async function sendReport(ports: Ports): Promise<void> {
  const { zone, report = REPORT_AT } = await ports.telling.settings();
  if (report === 'off') return;
  const now = ports.clock.now();
  const { date, minute } = wallTime(now, zone);
  const due = minute >= report ? date : wallTime(now - DAY, zone).date;
  const last = await ports.telling.lastReport();
  if (last !== undefined && last < due) {
    const told = await readReport(ports, 'daily');
    const lines = [`${spanText(told)}.`, ...reportLines(told)];
    const { result } = told;
    const shown = typeof result === 'string' ? {} : { shown: result.shown };
    await ports.outbox.raise(rules.morningReport({ date: due, lines, ...shown }, now));
  }
  if (last === undefined || last < due) await ports.telling.noteReport(due);
}

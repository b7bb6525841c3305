import type { Finding } from '../domain/alert.ts';
import { DAY, MINUTE, type Timestamp } from '../domain/time.ts';

/**
 * The owner's night. Minutes after local midnight, 0 to 1439; `from` later than `to` spans midnight; equal means no quiet hours.
 * `utcOffsetMinutes` is fixed: summer time is the owner's to change.
 */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly utcOffsetMinutes: number;
}

const minuteOfDay = (hours: QuietHours, at: Timestamp): number => {
  const local = at + hours.utcOffsetMinutes * MINUTE;
  return Math.floor((((local % DAY) + DAY) % DAY) / MINUTE);
};

/** Whether `at` lies in the quiet hours; their start belongs to them, their end does not. */
export function isQuiet(hours: QuietHours, at: Timestamp): boolean {
  const minute = minuteOfDay(hours, at);
  const { fromMinute, toMinute } = hours;
  if (fromMinute <= toMinute) return minute >= fromMinute && minute < toMinute;
  return minute >= fromMinute || minute < toMinute;
}

/** When a finding may be sent: undefined is now. Critical ones never wait; others wait for the end of the quiet hours. */
export function heldUntil(
  finding: Finding,
  hours: QuietHours | undefined,
  now: Timestamp,
): Timestamp | undefined {
  if (hours === undefined || finding.severity === 'critical' || !isQuiet(hours, now))
    return undefined;
  const left = (hours.toMinute - minuteOfDay(hours, now) + 1_440) % 1_440;
  return Math.floor(now / MINUTE) * MINUTE + left * MINUTE;
}

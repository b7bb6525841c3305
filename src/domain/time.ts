/** Unix time in whole milliseconds, UTC. In a demo it is the venue's clock, which may run faster than the wall's. */
export type Timestamp = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Start of the UTC day that holds `at`. */
export const dayStart = (at: Timestamp): Timestamp => Math.floor(at / DAY) * DAY;

/** Start of the week, Monday 00:00 UTC, that holds `at`. */
export const weekStart = (at: Timestamp): Timestamp => {
  // 1970 began on a Thursday.
  const days = Math.floor(at / DAY);
  return (days - ((((days + 3) % 7) + 7) % 7)) * DAY;
};

/** "2025-10-10 21:15 UTC" */
export const formatUtc = (at: Timestamp): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Finds what `formatUtc` writes: day and time. */
export const UTC_DATE_TIME = /\b(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC\b/g;
/** Finds "21:15:08 UTC" and "21:13:55 to 21:15:00 UTC", which stand without a day. */
export const UTC_SPAN = /(?<![\d-] ?)\b(?:(\d{2}:\d{2}:\d{2}) to )?(\d{2}:\d{2}:\d{2}) UTC\b/g;

/** "2025-10-10T21:15Z": in UTC wherever the reader lives. */
export const formatIso = (at: Timestamp): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

/** "21:15:08": the time of the day in UTC. */
export const formatClock = (at: Timestamp): string => new Date(at).toISOString().slice(11, 19);

/** "2025-10-10 21:15:00.001 UTC", for times in which less than a minute counts. */
export const formatUtcExactly = (at: Timestamp): string =>
  `${new Date(at).toISOString().slice(0, 23).replace('T', ' ')} UTC`;

/** The moment of "2025-10-10" and "21:15:00" in UTC; undefined for a day or an hour that does not exist. */
export function utcOf(date: string, time: string): Timestamp | undefined {
  const at = Date.parse(`${date}T${time}Z`);
  // 31 February would count as one in March.
  const exists = !Number.isNaN(at) && new Date(at).toISOString().startsWith(`${date}T${time}`);
  return exists ? at : undefined;
}

/** "45 s", "12 min", "3 h 05 min", "2 d 4 h": the age or length of something, rounded down. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

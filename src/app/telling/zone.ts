import { UTC } from '../../alerts/loudness.ts';
import type { Timestamp } from '../../domain/time.ts';

/** What a clock on the wall shows. */
export interface WallTime {
  /** "2025-10-26" */
  readonly date: string;
  /** "02:30:05" */
  readonly clock: string;
  /** Minutes since midnight as the clock shows them: 0 to 1439. */
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, made);
  return made;
}

/** Cities that have another name in the tz database now than the one by which Node still answers. */
const RENAMED: Readonly<Record<string, string>> = {
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/** The name of a time zone as the tz database spells it ("europe/berlin" is "Europe/Berlin"); undefined where there is none of that name. */
export function zoneNamed(name: string): string | undefined {
  try {
    const { timeZone } = formatOf(name).resolvedOptions();
    return RENAMED[timeZone] ?? timeZone;
  } catch {
    return undefined;
  }
}

/** What a clock in that zone shows, with its summer time; UTC for a zone that is not known here. */
export function wallTime(at: Timestamp, zone: string): WallTime {
  const parts = new Map(
    formatOf(zoneNamed(zone) ?? UTC)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    date: `${of('year')}-${of('month')}-${of('day')}`,
    clock: `${of('hour')}:${of('minute')}:${of('second')}`,
    minute: Number(of('hour')) * 60 + Number(of('minute')),
  };
}

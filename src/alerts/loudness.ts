import { stakesOf, type AlertKind, type Finding, type Stakes } from '../domain/alert.ts';

/** `rings`: with a sound. `silent`: without. `held`: told after the quiet hours. `off`: numbered and listed by /alerts, but not sent. */
export type Loudness = 'rings' | 'silent' | 'held' | 'off';

/** What the owner wants to hear of one kind: as it comes, without a sound, or not at all. */
export const WISHES = ['on', 'silent', 'off'] as const;
export type Wish = (typeof WISHES)[number];

/** Minutes of the owner's day, 0 to 1439, `to` excluded; over midnight when `to` is not after `from`. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** The zone until the owner has named one. */
export const UTC = 'UTC';

/** How the owner wants to be told. */
export interface LoudnessSettings {
  /** A kind that is not named is `on`. */
  readonly kinds: Readonly<Partial<Record<AlertKind, Wish>>>;
  /** Absent: there are none. */
  readonly quiet?: QuietHours;
  /** Name of a time zone of the tz database. */
  readonly zone: string;
  /** When the report of the day comes, minutes of the owner's day; absent: at the usual hour. */
  readonly report?: number | 'off';
  /** The ground of the pictures; absent: light. */
  readonly pictures?: PictureGround;
}

export const PICTURE_GROUNDS = ['light', 'dark'] as const;
export type PictureGround = (typeof PICTURE_GROUNDS)[number];

interface Row {
  readonly sound: boolean;
  /** Told in quiet hours as well. */
  readonly atNight: boolean;
  /** Whether the owner may make its kind silent or turn it off. */
  readonly settable: boolean;
}

/** What rings: one row for each thing that can be at stake. */
export const LOUDNESS: Readonly<Record<Stakes, Row>> = {
  danger: { sound: true, atNight: true, settable: false },
  cost: { sound: true, atNight: true, settable: false },
  foreign: { sound: true, atNight: true, settable: true },
  asked: { sound: true, atNight: true, settable: true },
  look: { sound: true, atNight: false, settable: true },
  good: { sound: false, atNight: false, settable: true },
  idea: { sound: false, atNight: false, settable: true },
  news: { sound: false, atNight: false, settable: true },
};

/** Whether it is quiet at that minute of the owner's day. */
export function isQuiet({ quiet }: LoudnessSettings, minute: number): boolean {
  if (quiet === undefined) return false;
  const { from, to } = quiet;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** How loud a finding is told. `minute`: of the owner's day, as the clock in their zone shows it. `awake`: the owner is in the chat just now, so that quiet hours hold nothing back. */
export function loudnessOf(
  finding: Finding,
  settings: LoudnessSettings,
  now: { readonly minute: number; readonly awake: boolean },
): Loudness {
  const row = LOUDNESS[stakesOf(finding)];
  const wish = (row.settable ? settings.kinds[finding.kind] : undefined) ?? 'on';
  if (wish === 'off') return 'off';
  if (!row.atNight && !now.awake && isQuiet(settings, now.minute)) return 'held';
  return row.sound && wish === 'on' ? 'rings' : 'silent';
}

import {
  PICTURE_GROUNDS,
  WISHES,
  type LoudnessSettings,
  type QuietHours,
} from '../../alerts/loudness.ts';
import type { AlertKind } from '../../domain/alert.ts';
import type { Ports } from '../ports/ports.ts';
import { zoneNamed } from './zone.ts';

/** The kinds that the owner may set, as the chat calls them. What always rings is not among them. */
export const SETTABLE = {
  signal: 'trade ideas',
  'position-opened': 'positions opened',
  'position-closed': 'positions closed',
  'stop-hit': 'stops reached',
  'target-hit': 'targets reached',
  halt: 'pauses and halts',
  'limit-warning': 'limits nearly used',
  'connection-lost': 'connection lost',
  'connection-back': 'connection back',
  'feeds-disagree': 'sources that disagree',
  'own-alert': 'your own alerts',
  stranger: 'strangers',
  notice: 'other news',
} as const satisfies Partial<Record<AlertKind, string>>;
export type SettableKind = keyof typeof SETTABLE;

export const SETTABLE_KINDS = Object.keys(SETTABLE) as readonly SettableKind[];

/** Zones that are offered as buttons; any other one may be typed. */
export const ZONES = [
  'UTC',
  'Europe/London',
  'Europe/Berlin',
  'Europe/Athens',
  'Europe/Istanbul',
  'Asia/Dubai',
  'Asia/Kolkata',
  'Asia/Bangkok',
  'Asia/Singapore',
  'Asia/Tokyo',
  'Australia/Sydney',
  'America/Sao_Paulo',
  'America/New_York',
  'America/Chicago',
  'America/Los_Angeles',
] as const;

/** The settings after the change, or a sentence that says why nothing was changed and what is allowed. */
type Changed = LoudnessSettings | string;

const ALLOWED =
  'For example: /alerts quiet 22:00-7:00, /alerts quiet off, /alerts zone Europe/Berlin, /alerts pictures dark, /alerts trade ideas off (or silent, or on).';

/** What the words behind /alerts ask for; each button stands for such words too. */
export function changeTelling(before: LoudnessSettings, words: string): Changed {
  const [, first = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(words.trim().toLowerCase()) ?? [];
  if (first === 'quiet') return quietHours(before, rest);
  if (first === 'report') return reportHour(before, rest);
  if (first === 'zone') return zone(before, rest);
  if (first === 'pictures') return pictures(before, rest);
  const wish = WISHES.find((each) => words.trim().toLowerCase().endsWith(` ${each}`));
  if (wish === undefined)
    return `I do not know "${words.slice(0, 60)}", so nothing was changed. ${ALLOWED}`;
  const name = words.trim().toLowerCase().slice(0, -wish.length).trim();
  const kind = SETTABLE_KINDS.find((each) => each === name || SETTABLE[each] === name);
  if (kind === undefined)
    return `I know no kind of message called "${name.slice(0, 40)}", so nothing was changed. There are: ${Object.values(SETTABLE).join(', ')}.`;
  return { ...before, kinds: { ...before.kinds, [kind]: wish } };
}

function quietHours(before: LoudnessSettings, text: string): Changed {
  if (text === 'off') {
    const { quiet: _off, ...rest } = before;
    return rest;
  }
  const [, from, to] = /^(\S+?)\s*(?:-|–|to)\s*(\S+)$/.exec(text) ?? [];
  const quiet = { from: minuteOf(from), to: minuteOf(to) };
  if (quiet.from === undefined || quiet.to === undefined || quiet.from === quiet.to)
    return `Quiet hours are written like 22:00-7:00, so nothing was changed. ${ALLOWED}`;
  return { ...before, quiet: quiet as QuietHours };
}

function reportHour(before: LoudnessSettings, text: string): Changed {
  const report = text === 'off' ? 'off' : minuteOf(text.replace(/^at\s+/, ''));
  return report === undefined
    ? 'The hour of the report is written like 7:30, or off, so nothing was changed. For example: /daily 7:30.'
    : { ...before, report };
}

/** "7", "07:30"; undefined for what is no time of the day. */
function minuteOf(text: string | undefined): number | undefined {
  const [, hour, minute = '0'] = /^(\d{1,2})(?::(\d{2}))?$/.exec(text ?? '') ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return Number(hour) * 60 + Number(minute);
}

function zone(before: LoudnessSettings, text: string): Changed {
  const named = text === '' ? undefined : zoneNamed(text);
  return named === undefined
    ? `I know no time zone "${text.slice(0, 40)}", so nothing was changed. Write it as continent and city: /alerts zone Europe/Berlin.`
    : { ...before, zone: named };
}

function pictures(before: LoudnessSettings, text: string): Changed {
  const ground = PICTURE_GROUNDS.find((each) => each === text);
  return ground === undefined
    ? 'Pictures are light or dark, so nothing was changed. For example: /alerts pictures dark.'
    : { ...before, pictures: ground };
}

/** Changes what is stored. Returns what holds now, with a sentence where nothing was changed. */
export async function setTelling(
  { telling }: Pick<Ports, 'telling'>,
  words: string,
): Promise<{ readonly settings: LoudnessSettings; readonly refused?: string }> {
  const before = await telling.settings();
  const after = changeTelling(before, words);
  if (typeof after === 'string') return { settings: before, refused: after };
  await telling.save(after);
  return { settings: after };
}

import type { Api } from 'grammy';
import type { MessageEntity } from 'grammy/types';
import { wallTime } from '../../app/telling/zone.ts';
import { UTC_DATE_TIME, UTC_SPAN, type Timestamp, DAY, utcOf } from '../../domain/time.ts';

/** Whose clock the chat goes by. */
export interface Place {
  /** Name of a time zone of the tz database. */
  zone(): string;
  /** Wall time: a time without a day is the last one before it. */
  wallNow(): number;
}

interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** "2025-10-10 21:15 UTC" as the owner's clock shows it: "2025-10-10 23:15". Never longer than before. */
function localDateTime(date: string, time: string, zone: string): string | undefined {
  const at = utcOf(date, `${time}:00`);
  if (at === undefined) return undefined;
  const local = wallTime(at, zone);
  return `${local.date} ${local.clock.slice(0, 5)}`;
}

/** "21:15:08 UTC" of the last day, or "21:13:55 to 21:15:00 UTC". */
function localClock(clock: string, place: Place): string {
  const now = place.wallNow();
  const today = utcOf(new Date(now).toISOString().slice(0, 10), clock) ?? now;
  const at: Timestamp = today > now ? today - DAY : today;
  return wallTime(at, place.zone()).clock;
}

function changesOf(text: string, place: Place): readonly Change[] {
  const zone = place.zone();
  const found: Change[] = [];
  for (const match of text.matchAll(UTC_DATE_TIME)) {
    const [whole, date = '', time = ''] = match;
    const local = localDateTime(date, time, zone);
    if (local !== undefined)
      found.push({ from: match.index, to: match.index + whole.length, text: local });
  }
  for (const match of text.matchAll(UTC_SPAN)) {
    const [whole, first, last = ''] = match;
    const clocks = [first, last].filter((each) => each !== undefined);
    const local = clocks.map((each) => localClock(each, place)).join(' to ');
    found.push({ from: match.index, to: match.index + whole.length, text: local });
  }
  return found.toSorted((one, other) => one.from - other.from);
}

/** Every time of the text by the owner's clock; what is formatted stays so. The same where the owner lives by UTC. */
export function localTimes(
  text: string,
  entities: readonly MessageEntity[],
  place: Place,
): { readonly text: string; readonly entities: MessageEntity[] } {
  const changes = place.zone() === 'UTC' ? [] : changesOf(text, place);
  /** Where that place of the old text is in the new one. */
  const moved = (offset: number): number =>
    changes.reduce((sum, { from, to, text: local }) => {
      if (offset >= to) return sum + local.length - (to - from);
      return offset > from ? Math.min(sum, sum - offset + from + local.length) : sum;
    }, offset);
  let out = '';
  let done = 0;
  for (const { from, to, text: local } of changes) {
    out += text.slice(done, from) + local;
    done = to;
  }
  return {
    text: out + text.slice(done),
    entities: entities.map((each) => {
      const offset = moved(each.offset);
      return { ...each, offset, length: moved(each.offset + each.length) - offset };
    }),
  };
}

/** Half a character, which a cut leaves of somebody's emoji, as a sign of the same length: Telegram refuses a whole message for it. */
const wholeCharacters = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');

/** A figure and its "%" stay on one line. */
const unbroken = (text: string): string => text.replaceAll(/(?<=\d) (?=%)/g, '\u00A0');

/** From now on whatever goes out by it goes by the owner's clock, in whole characters. */
export function speakLocally(api: Api, place: Place): void {
  api.config.use((...args) => {
    const [call, method, payload, signal] = args;
    const sent = spokenLocally({ ...payload }, place);
    const { media } = sent;
    if (typeof media === 'object' && media !== null && !Array.isArray(media))
      sent['media'] = spokenLocally({ ...media }, place);
    return call(method, sent as typeof payload, signal);
  });
}

function spokenLocally(sent: Record<string, unknown>, place: Place): Record<string, unknown> {
  for (const [name, marks] of [
    ['text', 'entities'],
    ['caption', 'caption_entities'],
  ] as const) {
    const text = sent[name];
    if (typeof text !== 'string') continue;
    const shown = localTimes(
      unbroken(wholeCharacters(text)),
      (sent[marks] ?? []) as MessageEntity[],
      place,
    );
    sent[name] = shown.text;
    if (sent[marks] !== undefined) sent[marks] = shown.entities;
  }
  return sent;
}

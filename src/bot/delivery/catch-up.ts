import type { FormattedString } from '@grammyjs/parse-mode';
import { isUrgent, stakesOf, type Alert, type AlertKind } from '../../domain/alert.ts';
import { countText } from '../../domain/words/words.ts';
import { alertsTogether, catchUpLine } from '../views/alert.ts';
import { bold, linesOf, TEXT_LIMIT } from '../views/fit.ts';

/** Alerts in one message: each line is short, and the whole stays far below Telegram's limit. */
const PER_MESSAGE = 25;
const LINE_LIMIT = 140;

/** Why several alerts are told in one message, and from how many on they are. */
export interface Occasion {
  readonly from: number;
  /** Another message has told why: none of them needs one of its own, or a sound. */
  readonly explained?: true;
  readonly title: (count: string) => string;
}

/** They piled up while the owner could not be reached. */
export const OUTAGE: Occasion = {
  from: 6,
  title: (count) => `Catch-up: ${count} that I could not deliver in time`,
};

/** The quiet hours are over. */
export const MORNING: Occasion = {
  from: 2,
  title: (count) => `Good morning: ${count} from your quiet hours`,
};

/** More came at once than one chat takes. */
export const BURST: Occasion = { from: 6, title: (count) => `${count} at once` };

/** What came before it says more now. */
export const beforeThat = ({ number, title }: Alert): Occasion => ({
  from: 1,
  explained: true,
  title: (count) => `On the way to #${number} (${title}): ${count}`,
});

/** One message that tells several alerts. */
export interface CatchUp {
  readonly alerts: readonly Alert[];
  readonly text: FormattedString;
  readonly silent: boolean;
}

const isPlain = (each: Alert): boolean => !isUrgent(each) && (each.buttons?.length ?? 0) === 0;

/**
 * Several alerts in few messages. Urgent ones and those with buttons keep their own messages; the rest is listed by number. Empty when
 * there is too little for a list.
 */
export function planCatchUp(
  pending: readonly Alert[],
  repeat: (alert: Alert) => boolean,
  occasion: Occasion,
): readonly CatchUp[] {
  const listed = pending
    .filter((each) => occasion.explained === true || isPlain(each))
    .toSorted((a, b) => a.number - b.number);
  if (listed.length < occasion.from) return [];
  const parts: CatchUp[] = [];
  for (let from = 0; from < listed.length; from += PER_MESSAGE) {
    const alerts = listed.slice(from, from + PER_MESSAGE);
    const lines = alerts.map((each) => catchUpLine(each, repeat(each)).slice(0, LINE_LIMIT));
    const title = occasion.title(countText(alerts.length, 'message'));
    const silent = occasion.explained === true;
    parts.push({ alerts, text: linesOf([bold(title), ...lines]), silent });
  }
  return parts;
}

/** What one look at the account finds several of. */
const TOGETHER: Partial<Readonly<Record<AlertKind, string>>> = {
  'position-opened': 'positions were opened or enlarged',
  'limit-warning': 'limits are used for the most part',
};

/** Of one kind and equally loud, so that icon and sound are right for all of them. */
const groupOf = (each: Alert): string | undefined =>
  TOGETHER[each.kind] !== undefined && isPlain(each) && each.cause === undefined
    ? `${each.kind} ${each.severity} ${stakesOf(each)}`
    : undefined;

/** Alerts of one kind that wait at the same moment: told in one message, each whole. Empty where each comes by itself. */
export function planTogether(
  pending: readonly Alert[],
  repeat: (alert: Alert) => boolean,
  venue: string,
): readonly CatchUp[] {
  const groups = new Map<string, Alert[]>();
  for (const each of pending) {
    const group = groupOf(each);
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) => {
    const words = TOGETHER[group[0]?.kind ?? 'notice'];
    return filled(group)
      .filter((alerts) => alerts.length > 1)
      .map((alerts) => ({
        alerts,
        text: alertsTogether(`${alerts.length} ${words}`, alerts, { venue, repeat }),
        silent: false,
      }));
  });
}

/** Left for head, footer and what all of them share. */
const FRAME = 500;
/** Number, marks and line ends of one. */
const EXTRA = 40;
const lengthOf = ({ title, lines }: Alert): number =>
  lines.reduce((sum, line) => sum + line.length + 1, title.length + EXTRA);

/** In runs that fit into a message each. */
function filled(alerts: readonly Alert[]): readonly (readonly Alert[])[] {
  const runs: Alert[][] = [];
  let left = 0;
  for (const alert of alerts) {
    const length = lengthOf(alert);
    if (length <= left) runs.at(-1)?.push(alert);
    else {
      runs.push([alert]);
      left = TEXT_LIMIT - FRAME;
    }
    left -= length;
  }
  return runs;
}

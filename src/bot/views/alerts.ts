import type { FormattedString } from '@grammyjs/parse-mode';
import type { Voice } from '../../app/telling/voice.ts';
import { SETTABLE, SETTABLE_KINDS } from '../../app/telling/change-telling.ts';
import { wallTime } from '../../app/telling/zone.ts';
import type { AlertsNow } from '../../app/telling/read-alerts.ts';
import { formatDuration, type Timestamp } from '../../domain/time.ts';
import { catchUpLine } from './alert.ts';
import { bold, linesOf } from './fit.ts';
import { countOf, pageOf } from '../../domain/words/pages.ts';
import { footer, type Scene } from './footer.ts';

type Settings = ReturnType<Voice['settings']>;

/** "07:30" for a minute of the day. */
export const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** "22:00-07:00" or "none". */
export const quietText = ({ quiet }: Settings): string =>
  quiet === undefined ? 'none' : `${clockText(quiet.from)}-${clockText(quiet.to)}`;

const WISH_WORDS = { on: 'as usual', silent: 'never with a sound', off: 'not sent' } as const;

/** What of the kinds was set otherwise than usual, in words. */
function kindLines({ kinds }: Settings): readonly string[] {
  return SETTABLE_KINDS.flatMap((kind) => {
    const wish = kinds[kind] ?? 'on';
    return wish === 'on' ? [] : [`${SETTABLE[kind]}: ${WISH_WORDS[wish]}`];
  });
}

/** What lasts now, on that page of it. */
export const statesOn = (read: AlertsNow, page: number | undefined) =>
  pageOf(typeof read === 'string' ? [] : read.states, page);

function nowLines(read: AlertsNow, page: number | undefined, now: Timestamp): readonly string[] {
  if (typeof read === 'string') return [`What lasts now cannot be read: ${read}.`];
  const at = statesOn(read, page);
  const states = at.shown.map(({ told: [first, ...others] }) => {
    const last = others.at(-1) ?? first;
    const again = others.length === 0 ? '' : `, last told as #${last.number}`;
    return `🔴 #${first.number} ${last.state?.name ?? first.title}: for ${formatDuration(now - first.at)}${again}`;
  });
  return [
    ...(states.length === 0 ? ['No alarm is open.'] : states),
    ...countOf(at),
    ...(at.page > 0 ? [] : read.recent.map((each) => catchUpLine(each, false))),
  ];
}

interface AlertsShown {
  readonly settings: Settings;
  readonly read: AlertsNow;
  /** Of what lasts; the first one where absent. */
  readonly page?: number | undefined;
}

/** /alerts: what lasts, what was told last, and how the owner is told. `wallNow`: wall time, by which quiet hours are kept. */
export function alertsView(
  { settings, read, page }: AlertsShown,
  scene: Scene,
  wallNow: number,
): FormattedString {
  return linesOf([
    bold('Now'),
    ...nowLines(read, page, scene.now),
    bold('How I tell you'),
    'With a sound: what costs money now or can soon, what you asked to be told by /alert, and what needs a look. Without: news, good ends, trade ideas.',
    `Quiet hours: ${quietText(settings)}. What costs or endangers money and your own alerts (/alert) ring all the same; the rest comes as one list afterwards.`,
    `Your time zone: ${settings.zone} (it is ${wallTime(wallNow, settings.zone).clock.slice(0, 5)} there now).`,
    `Pictures are ${settings.pictures ?? 'light'}.`,
    ...kindLines(settings),
    footer(scene),
  ]);
}

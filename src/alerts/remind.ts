import type { Alert, Finding } from '../domain/alert.ts';
import { formatDuration, HOUR, MINUTE, type Timestamp } from '../domain/time.ts';

/** Something that lasts, as the owner was told of it. */
export interface ToldState {
  readonly id: string;
  /** What was told of it so far, oldest first; never empty. */
  readonly told: readonly [Alert, ...Alert[]];
}

/** Told again so long after it began; then every hour. */
const AGAIN_MS = [5 * MINUTE, 15 * MINUTE, HOUR] as const;
/** Told once more so long after the owner has seen it. */
const SEEN_AGAIN_MS = 4 * HOUR;

const REMINDER = ':again:';
/** Whether it tells again of what lasts. */
export const isReminder = ({ key }: Pick<Finding, 'key'>): boolean => key.includes(REMINDER);

/** The last of what was told of it that was news and no reminder: when it became as bad as it is. */
const worstOf = ({ told }: ToldState): Alert =>
  told.findLast((each) => !isReminder(each)) ?? told[0];

/** The last moment until `now` at which it is told again; undefined: none yet. */
function lastDue(
  state: ToldState,
  presentAt: Timestamp | undefined,
  now: Timestamp,
): Timestamp | undefined {
  const since = worstOf(state).at;
  if (presentAt !== undefined && presentAt >= since)
    return now - presentAt >= SEEN_AGAIN_MS ? presentAt + SEEN_AGAIN_MS : undefined;
  const passed = now - since;
  const hours = Math.floor(passed / HOUR) * HOUR;
  const after = hours >= HOUR ? hours : AGAIN_MS.findLast((each) => passed >= each);
  return after === undefined ? undefined : since + after;
}

/**
 * The reminder of a state that lasts, where one is due: 5, 15 and 60 minutes after it became as bad as it is and then every hour, until
 * the owner has seen it; then once more after 4 hours. After a gap in which nobody could remind there is one, not one for each missed.
 * `presentAt`: the owner's last command or tap, whatever it was about: Seen is one of them.
 */
export function reminderOf(
  state: ToldState,
  presentAt: Timestamp | undefined,
  now: Timestamp,
): Finding | undefined {
  const due = lastDue(state, presentAt, now);
  const [first] = state.told;
  const last = state.told.at(-1) ?? first;
  const worst = worstOf(state);
  if (due === undefined || last.at >= due || worst.state === undefined) return undefined;
  const { name, lines } = worst.state;
  const age = formatDuration(now - first.at);
  return {
    key: `${first.key}${REMINDER}${state.told.length}`,
    kind: worst.kind,
    severity: worst.severity,
    ...(worst.stakes === undefined ? {} : { stakes: worst.stakes }),
    title:
      now - first.at < HOUR ? `Still, for ${age} now: ${name}` : `STILL, FOR ${age} NOW: ${name}`,
    lines: [`First told as #${first.number}.`, ...lines],
    ...(worst.cause === undefined ? {} : { cause: `${worst.cause} lasts` }),
    ...(worst.buttons === undefined ? {} : { buttons: worst.buttons }),
    state: worst.state,
    at: now,
  };
}

/** What the messages of a state say once it is over. `how`: a sentence. */
export const overText = ({ title }: Alert, how: string) =>
  ({ title: `Over: ${title}`, lines: [how], good: true }) as const;

/** News of its own that it is over, because an edit makes no sound and may be far up in the chat. A lost feed has its own word for it. */
export function stateOver({ told: [first] }: ToldState, how: string, now: Timestamp): Finding {
  const title = `Over: ${first.state?.name ?? first.title}`;
  return {
    key: first.key.startsWith('connection-lost:')
      ? first.key.replace('connection-lost:', 'connection-back:')
      : `over:${first.key}`,
    kind: first.kind,
    severity: 'info',
    good: true,
    ...(first.cause === undefined ? {} : { cause: `${first.cause} back` }),
    title,
    lines: [
      how,
      `It lasted for ${formatDuration(now - first.at)}; first told as #${first.number}.`,
    ],
    at: now,
  };
}

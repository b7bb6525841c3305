import { formatClock, formatDuration, MINUTE, SECOND, type Timestamp } from '../../domain/time.ts';
import type { PulseName } from '../../domain/alert.ts';
import { PULSES, type Pulse } from './pulses.ts';

/** A moment by two clocks: `steady` only ever goes on, `wall` (Unix ms) is what is shown. */
export interface Moment {
  readonly steady: number;
  readonly wall: Timestamp;
}

/** What the owner is told, and whether it rings. */
export interface Notice {
  readonly about: PulseName;
  readonly kind: 'late' | 'again' | 'flapping' | 'back';
  readonly text: string;
}

/** One pulse as the judge knows it. All times are steady milliseconds. */
export interface Known {
  readonly seenAt: number;
  /** Short losses of the last ten minutes, by their ends. */
  readonly losses: readonly { readonly at: number; readonly ms: number }[];
  /** When its silence was last explained by another's: from then on it has its whole deadline again. */
  readonly excusedAt?: number;
  /** While the owner knows of a trouble: since when, and when it was told. */
  readonly trouble?: {
    readonly kind: 'late' | 'flapping';
    /** The last pulse before it. */
    readonly since: number;
    readonly toldAt: number;
    /** How often it was told again. */
    readonly times: number;
    /** Since when pulses come as they should; undefined while they do not. */
    readonly calmFrom?: number;
    /** When pulses came again for the first time. */
    readonly firstAt?: number;
  };
  /** When the owner was last told that it is back. */
  readonly backAt?: number;
}

export type Judged = ReadonlyMap<PulseName, Known>;

/** After its first word a trouble is told again after so long, and then every hour. */
const AGAIN_MS = [5 * MINUTE, 15 * MINUTE, 60 * MINUTE];
const HOUR_MS = 60 * MINUTE;
/** Pulses must come so long before the owner hears that they are back. */
const CALM_MS = 10 * SECOND;
/** What came and went is over after so long without a loss. */
const CALM_AFTER_FLAPPING_MS = 5 * MINUTE;
/** What is late again so soon after it was back comes and goes. */
const WINDOW_MS = 10 * MINUTE;
/** So many short losses in that time are told, once. */
const SHORT_LOSSES = 6;

/** Nothing is late when it begins. */
export const beginJudging = (names: readonly PulseName[], now: Moment): Judged =>
  new Map(names.map((name) => [name, { seenAt: now.steady, losses: [] }]));

/**
 * What to tell about the pulses, given when each was last seen (steady ms): late ones once their deadline has passed, again after 5, 15
 * and 60 minutes and then hourly, back once they have come for 10 s. What comes and goes is told once as that. Pure: the next state
 * is returned.
 */
export function judge(
  judged: Judged,
  seen: ReadonlyMap<PulseName, number>,
  now: Moment,
): { readonly judged: Judged; readonly notices: readonly Notice[] } {
  const next = new Map<PulseName, Known>();
  const notices: Notice[] = [];
  const late = new Set<PulseName>();
  for (const pulse of PULSES) {
    const before = judged.get(pulse.name);
    if (before === undefined) continue;
    const known = follow(pulse, before, { seenAt: seen.get(pulse.name), now });
    if (isLate(pulse, known, now)) late.add(pulse.name);
    const explained = pulse.because.some((each) => late.has(each));
    const judgedNow = decide(pulse, explained ? { ...known, excusedAt: now.steady } : known, {
      now,
      explained,
    });
    next.set(pulse.name, judgedNow.known);
    if (judgedNow.notice !== undefined) notices.push(judgedNow.notice);
  }
  return { judged: next, notices };
}

/** After a gap of Vigil itself nothing is late at once: each pulse gets its whole deadline. */
export const forgive = (judged: Judged, now: Moment): Judged =>
  new Map([...judged].map(([name, known]) => [name, { ...known, seenAt: now.steady }]));

const isLate = ({ deadlineMs }: Pulse, { seenAt }: Known, now: Moment): boolean =>
  now.steady - seenAt > deadlineMs;

/** Late, and not merely because of what has just ended. */
const isLateByItself = (pulse: Pulse, known: Known, now: Moment): boolean =>
  isLate(pulse, { ...known, seenAt: Math.max(known.seenAt, known.excusedAt ?? 0) }, now);

function follow(
  pulse: Pulse,
  before: Known,
  { seenAt, now }: { readonly seenAt: number | undefined; readonly now: Moment },
): Known {
  const fresh = seenAt !== undefined && seenAt > before.seenAt ? seenAt : before.seenAt;
  const lost = fresh - before.seenAt;
  const young = before.losses.filter(({ at }) => now.steady - at <= WINDOW_MS);
  const losses = lost > pulse.shortMs ? [...young, { at: fresh, ms: lost }] : young;
  return { ...before, seenAt: fresh, losses };
}

interface Case {
  readonly now: Moment;
  readonly explained: boolean;
}

function decide(pulse: Pulse, known: Known, at: Case): { known: Known; notice?: Notice } {
  if (known.trouble !== undefined)
    return inTrouble(pulse, { ...known, trouble: known.trouble }, at);
  const { steady } = at.now;
  const late = isLateByItself(pulse, known, at.now);
  const comesAndGoes =
    known.losses.length >= SHORT_LOSSES ||
    (late && known.backAt !== undefined && steady - known.backAt <= WINDOW_MS);
  if (at.explained || (!late && !comesAndGoes)) return { known };
  const kind = comesAndGoes ? 'flapping' : 'late';
  const trouble = { kind, since: known.seenAt, toldAt: steady, times: 0 } as const;
  return {
    known: { ...known, trouble },
    notice: { about: pulse.name, kind, text: sentence(pulse, { ...known, trouble }, at.now) },
  };
}

type Troubled = Known & { readonly trouble: NonNullable<Known['trouble']> };

function inTrouble(
  pulse: Pulse,
  known: Troubled,
  { now, explained }: Case,
): { known: Known; notice?: Notice } {
  const { steady } = now;
  const { trouble } = known;
  if (steady - known.seenAt > pulse.shortMs) {
    const { calmFrom: _calm, firstAt: _first, ...still } = trouble;
    const due = trouble.toldAt + (AGAIN_MS[trouble.times] ?? HOUR_MS);
    const lasting = steady - known.seenAt > pulse.deadlineMs;
    if (explained || !lasting || steady < Math.max(due, known.seenAt + (AGAIN_MS[0] ?? 0))) {
      return { known: { ...known, trouble: still } };
    }
    const again = { ...still, toldAt: steady, times: trouble.times + 1 };
    const text = sentence(pulse, { ...known, trouble: { ...again, kind: 'late' } }, now);
    return {
      known: { ...known, trouble: again },
      notice: { about: pulse.name, kind: 'again', text: `Still: ${text}` },
    };
  }
  const calmFrom = trouble.calmFrom ?? steady;
  const firstAt = trouble.firstAt ?? known.seenAt;
  const needed = trouble.kind === 'flapping' ? CALM_AFTER_FLAPPING_MS : CALM_MS;
  if (steady - calmFrom < needed) {
    return { known: { ...known, trouble: { ...trouble, calmFrom, firstAt } } };
  }
  const { trouble: _over, ...well } = known;
  return {
    known: { ...well, losses: [], backAt: steady },
    notice: backNotice(pulse, { ...trouble, firstAt }, now),
  };
}

const wallOf = (steady: number, now: Moment): Timestamp => now.wall - (now.steady - steady);

function backNotice(
  pulse: Pulse,
  trouble: Troubled['trouble'] & { readonly firstAt: number },
  now: Moment,
): Notice {
  const about = pulse.name;
  if (trouble.kind === 'flapping') {
    const calm = formatDuration(CALM_AFTER_FLAPPING_MS);
    const text = `Back: ${pulse.back}, without a loss for ${calm}.`;
    return { about, kind: 'back', text };
  }
  const [from, to] = [wallOf(trouble.since, now), wallOf(trouble.firstAt, now)];
  const lasted = formatDuration(trouble.firstAt - trouble.since);
  const span = `from ${formatClock(from)} to ${formatClock(to)} UTC`;
  const text = `Back: ${pulse.back}. It was away for ${lasted}, ${span}.`;
  return { about, kind: 'back', text };
}

function sentence(pulse: Pulse, { trouble, losses, seenAt }: Troubled, now: Moment): string {
  const rest = `${pulse.means} ${pulse.todo}`;
  if (trouble.kind === 'late') {
    return `${pulse.silence} for ${formatDuration(now.steady - seenAt)}. ${rest}`;
  }
  const counted = losses.length >= SHORT_LOSSES ? ` (${losses.length} times in 10 min)` : '';
  return (
    `Lost again and again: ${pulse.back}${counted}. ${rest} ` +
    'I tell you when it has been well for 5 minutes.'
  );
}

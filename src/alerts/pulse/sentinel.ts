import { formatClock, formatDuration, MINUTE, SECOND, type Timestamp } from '../../domain/time.ts';
import { nameOf, restingStops } from '../phrase.ts';
import type { Held } from './away.ts';
import type { Moment } from './judge.ts';

/** What Vigil says to whoever watches over it, by the conventions of healthchecks. `stopped`: it was ended on purpose. */
export type Word = 'start' | 'success' | 'fail' | 'stopped';

/** The last words of a failure that Vigil itself could not tell the owner. */
export const UNTOLD = 'The owner could not be told.';

/** What a sentinel knows of Vigil. Times are steady milliseconds. */
export interface Watched {
  /** When Vigil last said anything; the sentinel's own beginning before. */
  readonly heardAt: number;
  readonly word: Word | undefined;
  /** While the owner knows that Vigil is silent: when it was told last, and how often again. */
  readonly alarm?: { readonly toldAt: number; readonly times: number };
  /** The owner was told what Vigil could not tell. */
  readonly passedOn: boolean;
}

/** What the owner is told. `forMs`: how long Vigil has been, or was, silent. */
export type SentinelNotice =
  | { readonly kind: 'hears Vigil' }
  | {
      readonly kind: 'silent' | 'still silent';
      readonly forMs: number;
      readonly since: Timestamp;
      readonly word: Word | undefined;
    }
  | { readonly kind: 'back'; readonly forMs: number }
  | { readonly kind: 'cannot tell'; readonly reason: string };

/**
 * A silence that is longer than this is told. Vigil calls every 30 s, so a restart of 30 s is a silence of 60 s at the most, and the death of
 * Vigil is told well within 90 s.
 */
export const SILENCE_MS = 75 * SECOND;
/** After its first word a silence is told again after so long, and then every hour. */
const AGAIN_MS = [5 * MINUTE, 15 * MINUTE, 60 * MINUTE];
const HOUR_MS = 60 * MINUTE;

interface Step {
  readonly watched: Watched;
  readonly notice?: SentinelNotice;
}

export const beginWatching = (now: Moment): Watched => ({
  heardAt: now.steady,
  word: undefined,
  passedOn: false,
});

/** Vigil has called. `reason`: what came with it. */
export function hear(
  watched: Watched,
  word: Word,
  at: { readonly now: Moment; readonly reason: string },
): Step {
  const { now, reason } = at;
  const untold = word === 'fail' && reason.includes(UNTOLD);
  const next: Watched = { heardAt: now.steady, word, passedOn: untold };
  if (watched.alarm !== undefined && word !== 'stopped') {
    return { watched: next, notice: { kind: 'back', forMs: now.steady - watched.heardAt } };
  }
  if (untold && !watched.passedOn)
    return { watched: next, notice: { kind: 'cannot tell', reason } };
  return watched.word === undefined
    ? { watched: next, notice: { kind: 'hears Vigil' } }
    : { watched: next };
}

/** A look at the clock: whether Vigil has been silent for too long, or still is. */
export function lookForSilence(watched: Watched, now: Moment, silenceMs = SILENCE_MS): Step {
  const forMs = now.steady - watched.heardAt;
  if (forMs <= silenceMs) return { watched };
  const { alarm, word } = watched;
  const since = now.wall - forMs;
  if (alarm === undefined) {
    return {
      watched: { ...watched, alarm: { toldAt: now.steady, times: 0 } },
      notice: { kind: 'silent', forMs, since, word },
    };
  }
  if (now.steady - alarm.toldAt < (AGAIN_MS[alarm.times] ?? HOUR_MS)) return { watched };
  return {
    watched: { ...watched, alarm: { toldAt: now.steady, times: alarm.times + 1 } },
    notice: { kind: 'still silent', forMs, since, word },
  };
}

/** The sentinel itself did not run: Vigil may have called meanwhile. */
export const forgiveSilence = (watched: Watched, now: Moment): Watched =>
  watched.alarm === undefined ? { ...watched, heardAt: now.steady } : watched;

/** Which positions are open, and whether stops rest for all of each; `unread`: why the exchange could not be read. */
export function openNow(held: Held | { readonly unread: string }): string {
  if ('unread' in held) {
    return `I could not read the exchange (${held.unread}): look in its app whether your positions have their stops.`;
  }
  const { positions, protections } = held;
  if (positions.length === 0) return 'No position is open.';
  const each = positions.map(
    (position) => `${nameOf(position)}: ${restingStops(position, protections)}`,
  );
  return [
    'Open now:',
    ...each.map((line) => `• ${line}`),
    'Stops at the exchange keep working.',
  ].join('\n');
}

/** What a sentinel could not say when it matters; '' where it can read the account. */
export const blindNow = (held: Held | { readonly unread: string }): string =>
  'unread' in held
    ? `⚠️ I cannot read the exchange (${held.unread}), and would not know which positions are open: look at the key that I was given.`
    : '';

/** The notice in plain words; `account` is what `openNow` says of a silence, and `blindNow` at the beginning. */
export function sentinelText(notice: SentinelNotice, account: string): string {
  switch (notice.kind) {
    case 'hears Vigil':
      return ['Sentinel: I hear Vigil and tell you here when it falls silent.', account]
        .filter(Boolean)
        .join('\n');
    case 'back':
      return `🟢 Sentinel: Vigil is back. It was silent for ${formatDuration(notice.forMs)}.`;
    case 'cannot tell':
      return `🔴 Sentinel: Vigil runs and could not tell you: ${notice.reason.replace(UNTOLD, '').trim()}`;
    default: {
      const { kind, forMs, since, word } = notice;
      const still = kind === 'silent' ? '' : 'Still: ';
      const heard =
        word === undefined
          ? `I have not heard Vigil since I began, ${formatDuration(forMs)} ago.`
          : `Vigil has been silent for ${formatDuration(forMs)}, since ${formatClock(since)} UTC.${word === 'stopped' ? ' It was stopped on purpose.' : ''}`;
      const todo = 'Nobody watches your account and no command works until Vigil is started again.';
      return `🔴 Sentinel: ${still}${heard} ${todo}\n${account}`;
    }
  }
}

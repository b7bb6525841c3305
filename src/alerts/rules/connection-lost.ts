import { countText } from '../../domain/words/words.ts';
import type { Finding, Severity } from '../../domain/alert.ts';
import { countPositions } from './connection-back.ts';
import { formatDuration, type Timestamp } from '../../domain/time.ts';

/** A feed that went silent. */
export interface LostFeed {
  /** Which one, in plain words: "price stream", "account". */
  readonly feed: string;
  /** When it last delivered; absent: never since `startedAt`. */
  readonly lastAt?: Timestamp;
  readonly startedAt?: Timestamp;
  /** Absent: not known. */
  readonly openPositions?: number;
  /** Why, as far as it is known: the last failure in plain words. */
  readonly reason?: string;
  /** True: the exchange answers, and refuses the key. */
  readonly refused?: boolean;
  /** True: the exchange answers, and what it says cannot be used. */
  readonly unusable?: boolean;
  /** How often it was lost within 10 minutes, where it comes and goes. */
  readonly times?: number;
  /** What stands in for it; absent: nothing does, and new trades are on hold. */
  readonly meanwhile?: string;
  /** How loud it is while positions are open; critical unless told. */
  readonly severity?: Severity;
}

/** A feed is lost. Critical while positions are open: nobody watches them then but their resting stops. */
export function connectionLost(lost: LostFeed, now: Timestamp): Finding {
  // What is not known may be the worse.
  const severity = lost.openPositions === 0 ? 'warning' : (lost.severity ?? 'critical');
  const meanwhile =
    lost.meanwhile === undefined
      ? "Stops at the exchange keep working. New trades are paused. Meanwhile look into the exchange's app."
      : `${lost.meanwhile} Stops at the exchange keep working.`;
  return {
    key: `connection-lost:${lost.feed}:${lost.lastAt ?? `never:${lost.startedAt}`}`,
    kind: 'connection-lost',
    severity,
    ...(lost.refused === true || lost.unusable === true ? {} : { cause: 'exchange' }),
    title: titleOf(lost, now),
    lines: [
      lost.openPositions === undefined
        ? 'Whether positions are open is not known.'
        : countPositions(lost.openPositions),
      ...(lost.refused === true
        ? [CHECK_THE_KEY]
        : lost.reason === undefined
          ? []
          : [`The reason: ${lost.reason}.`]),
      meanwhile,
    ],
    ...(severity === 'critical'
      ? {
          state: {
            id: `feed:${lost.feed}`,
            name: `No connection to the exchange: ${lost.feed}`,
            lines: [meanwhile],
          },
        }
      : {}),
    at: now,
  };
}

const CHECK_THE_KEY =
  "Look at the exchange's page of API keys: is the key there, may it read, is this machine's address on its list?";

function titleOf({ feed, lastAt, refused, unusable, times }: LostFeed, now: Timestamp): string {
  if (times !== undefined)
    return `Unsteady: the ${feed} had ${countText(times, 'short loss', 'short losses')} in 10 min`;
  if (refused === true) return `The exchange refuses Vigil's API key: ${feed} not read`;
  if (unusable === true) {
    const since =
      lastAt === undefined ? 'never read' : `not read for ${formatDuration(now - lastAt)}`;
    return `The exchange's answers cannot be used: ${feed} ${since}`;
  }
  return lastAt === undefined
    ? `No connection to the exchange: ${feed} never read`
    : `No connection to the exchange: ${feed} silent for ${formatDuration(now - lastAt)}`;
}

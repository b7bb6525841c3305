import { rankOf, type Alert } from '../../domain/alert.ts';
import { MINUTE, SECOND } from '../../domain/time.ts';
import type { Occasion } from './catch-up.ts';

/** What comes of one thing comes within this time of the one before. */
const TOGETHER_MS = 3 * MINUTE;
/** What is explained waits so long for more of it, and is one silent list then. */
const GATHER_MS = 30 * SECOND;

interface Head {
  readonly number: number;
  readonly title: string;
  readonly rank: number;
  readonly at: number;
  lastAt: number;
}

/** What of the outbox another message explains. */
interface Sorted {
  readonly free: readonly Alert[];
  /** Each to be told as one list now. */
  readonly lists: readonly { readonly alerts: readonly Alert[]; readonly occasion: Occasion }[];
}

/**
 * One cause, one message: the first alert of a cause is told as always, also a later one that is more urgent; the others are listed without
 * a sound. `monotonicNow`: a steady clock, milliseconds.
 */
export function createExplained(
  monotonicNow: () => number,
  gatherMs = GATHER_MS,
): {
  sort(due: readonly Alert[]): Sorted;
} {
  const heads = new Map<string, Head>();

  /** The message behind which it is listed; undefined where it is told by itself. */
  function headOf(cause: string, alert: Alert): Head | undefined {
    const now = monotonicNow();
    const head = heads.get(cause);
    const rank = rankOf(alert);
    if (head?.number === alert.number) return undefined;
    if (head !== undefined && now - head.lastAt < TOGETHER_MS && rank >= head.rank) return head;
    const { number, title } = alert;
    heads.set(cause, { number, title, rank, at: now, lastAt: now });
    return undefined;
  }

  return {
    sort: (due) => {
      const free: Alert[] = [];
      const behind = new Map<Head, Alert[]>();
      for (const alert of due) {
        const head = alert.cause === undefined ? undefined : headOf(alert.cause, alert);
        if (head === undefined) free.push(alert);
        else behind.set(head, [...(behind.get(head) ?? []), alert]);
      }
      const now = monotonicNow();
      const lists = [...behind].flatMap(([head, alerts]) => {
        if (now - head.at < gatherMs) return [];
        head.lastAt = now;
        return [{ alerts, occasion: occasionOf(head) }];
      });
      return { free, lists };
    },
  };
}

const occasionOf = ({ number, title }: Head): Occasion => ({
  from: 1,
  explained: true,
  title: (count) => `Of the same cause as #${number} (${title}): ${count}`,
});

import { isUrgent, rankOf, type Finding } from '../../domain/alert.ts';
import { SECOND } from '../../domain/time.ts';

/** Who goes first where a chat takes only one message a second. */
export type Turn = 'reply' | 'urgent' | 'warning' | 'news';

/** The one way to the chats: how much each still takes, and who goes next. */
export interface SendLane {
  /** Milliseconds until one of that kind may go out; 0: now. Answers that wait in `ready` are let through first. */
  waitMs(chat: string, turn: Turn): number;
  /** One goes out now. */
  spend(chat: string, turn: Turn): void;
  /** It was refused and put nothing on the phone. */
  giveBack(chat: string, turn: Turn): void;
  /** Waits for its turn, which `spend` takes; undefined: it has it already, so that nothing is put off. */
  ready(chat: string, turn: Turn): Promise<void> | undefined;
  /** Telegram asked to wait for so many seconds: until then nothing goes out to that chat. */
  flooded(chat: string, seconds: number): void;
}

/**
 * About one message a second in one chat, with bursts tolerated; how many at once is not published.
 *
 * @see https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 */
const BURST = 20;
const PER_SECOND = 1;
/** What Vigil says of its own accord takes less than that, so that a storm of it never uses up what answers need. */
const ALERT_BURST = 8;
const ALERTS_PER_SECOND = 0.8;
/** So many of the alerts' own messages stay for those that matter more. */
const KEPT: Readonly<Record<Turn, number>> = { reply: 0, urgent: 0, warning: 1, news: 2 };
const CHATS_KEPT = 50;

interface Chat {
  readonly all: Bucket;
  readonly alerts: Bucket;
  /** Answers that wait for their turn. */
  waiting: number;
  floodUntil: number;
}

/** `monotonicNow`: a steady clock, milliseconds. */
export function createSendLane(monotonicNow: () => number): SendLane {
  const chats = new Map<string, Chat>();

  function chatOf(name: string): Chat {
    const known = chats.get(name);
    if (known !== undefined) return known;
    const now = monotonicNow();
    const made: Chat = {
      all: createBucket(BURST, PER_SECOND, now),
      alerts: createBucket(ALERT_BURST, ALERTS_PER_SECOND, now),
      waiting: 0,
      floodUntil: 0,
    };
    chats.set(name, made);
    const [oldest] = chats.keys();
    if (chats.size > CHATS_KEPT && oldest !== undefined) chats.delete(oldest);
    return made;
  }

  function waitMs(name: string, turn: Turn): number {
    const chat = chatOf(name);
    const now = monotonicNow();
    const waits = [
      chat.floodUntil - now,
      chat.all.waitMs(now, turn === 'reply' ? 1 : 1 + chat.waiting),
    ];
    if (turn !== 'reply') waits.push(chat.alerts.waitMs(now, 1 + KEPT[turn]));
    return Math.ceil(Math.max(0, ...waits));
  }

  function take(name: string, turn: Turn, count: number): void {
    const chat = chatOf(name);
    const now = monotonicNow();
    chat.all.take(now, count);
    if (turn !== 'reply') chat.alerts.take(now, count);
  }

  async function wait(name: string, turn: Turn): Promise<void> {
    const chat = chatOf(name);
    const counts = turn === 'reply' ? 1 : 0;
    chat.waiting += counts;
    for (let ms = waitMs(name, turn); ms > 0; ms = waitMs(name, turn)) {
      // Alone it keeps no process alive.
      await new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());
    }
    chat.waiting -= counts;
  }

  return {
    waitMs,
    spend: (name, turn) => take(name, turn, 1),
    giveBack: (name, turn) => take(name, turn, -1),
    ready: (name, turn) => (waitMs(name, turn) > 0 ? wait(name, turn) : undefined),
    flooded: (name, seconds) => {
      const chat = chatOf(name);
      chat.floodUntil = Math.max(chat.floodUntil, monotonicNow() + seconds * SECOND);
      chat.all.emptyUntil(chat.floodUntil);
      chat.alerts.emptyUntil(chat.floodUntil);
    },
  };
}

/** Its place in the lane. */
export function turnOf(finding: Pick<Finding, 'stakes' | 'severity' | 'kind' | 'good'>): Turn {
  if (isUrgent(finding)) return 'urgent';
  return rankOf(finding) < rankOf({ kind: 'notice', severity: 'info' }) ? 'warning' : 'news';
}

interface Bucket {
  /** Milliseconds until it holds so many. */
  waitMs(now: number, count: number): number;
  take(now: number, count: number): void;
  /** It holds one at that moment and fills from then on. */
  emptyUntil(at: number): void;
}

function createBucket(size: number, perSecond: number, from: number): Bucket {
  let held = size;
  let at = from;
  const refill = (now: number): void => {
    if (now <= at) return;
    held = Math.min(size, held + ((now - at) / SECOND) * perSecond);
    at = now;
  };
  return {
    waitMs: (now, count) => {
      refill(now);
      return ((Math.min(count, size) - held) / perSecond) * SECOND + Math.max(0, at - now);
    },
    take: (now, count) => {
      refill(now);
      held = Math.min(size, held - count);
    },
    emptyUntil: (until) => {
      held = 1;
      at = until;
    },
  };
}

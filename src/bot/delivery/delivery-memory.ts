import type { Alert, Finding } from '../../domain/alert.ts';
import { MINUTE, SECOND } from '../../domain/time.ts';

/** How many alerts are remembered after they were sent. */
const REMEMBERED = 1_000;

/** First and longest wait of a message that Telegram refuses in every form: it may be Telegram that is wrong, for a while. */
const REFUSED_MS = 2 * SECOND;
const REFUSED_MOST_MS = 10 * MINUTE;

/** A number alone may be given out again by a store that has lost its last writes; a key names one happening for ever. */
export type Told = Pick<Alert, 'number' | 'key'>;

/**
 * The mode of trading has one state, and its last message says which. A store that is emptied again and again is found halted anew each
 * time; in the same words so soon after that message it is no news.
 */
const LAST_WORD_MS = 5 * MINUTE;

/** Where a message is. */
export interface Sent {
  readonly chatId: number;
  readonly messageId: number;
}

/** What this process knows of each alert on its way, so that the fast path and the loop never send the same one twice. */
export interface DeliveryMemory {
  /** Takes it for sending; false when it is on its way or was sent. */
  take(alert: Told): boolean;
  /** It arrived. */
  sent(alert: Pick<Told, 'key'> & Partial<Told & Finding>, as: Sent): void;
  /** The last message about the mode of trading, where it says just this; `times`: how often it is said, with this time. */
  lastWord(alert: Finding): (Sent & { readonly times: number }) | undefined;
  /** The message that told this happening already, and the number that it shows, if it shows one. */
  sentAs(key: string): (Sent & Partial<Pick<Told, 'number'>>) | undefined;
  /**
   * It did not arrive. `delivered`: whether it may have all the same. `refused`: Telegram did not want it as it is; it is free again
   * after a wait that doubles each time, so that it costs the others nothing.
   */
  failed(alert: Told, outcome: { delivered: boolean; refused: boolean }): void;
  /** Gives it back untouched. */
  letGo(alert: Told): void;
  /** Whether an earlier attempt may have reached the phone, given how often it was attempted by anybody. */
  mayBeRepeat(alert: Told, attempts: number): boolean;
}

const nameOf = ({ number, key }: Told): string => `${number}:${key}`;

/** Whether both say the same of the mode of trading. */
export const isSameWord = (one: Finding, other: Finding): boolean =>
  one.kind === 'halt' && other.kind === 'halt' && wordsOf(one) === wordsOf(other);

const wordsOf = ({ title, lines }: Partial<Finding>): string =>
  [title, ...(lines ?? [])].join('\n');

export function createDeliveryMemory(monotonicNow: () => number): DeliveryMemory {
  const taken = new Set<string>();
  const done = new Map<string, Sent & { readonly number?: number }>();
  const waits = new Map<string, number>();
  const surelyLost = new Map<string, number>();
  const refusals = new Map<string, number>();
  let last: { readonly words: string; readonly as: Sent; readonly at: number } | undefined;
  let times = 1;
  return {
    take: (alert) => {
      const name = nameOf(alert);
      const waiting = (waits.get(name) ?? 0) > monotonicNow();
      if (taken.has(name) || done.has(alert.key) || waiting) return false;
      taken.add(name);
      return true;
    },
    sent: ({ number, key, ...told }, as) => {
      if (told.kind === 'halt') {
        last = { words: wordsOf(told), as, at: monotonicNow() };
        times = 1;
      }
      if (number !== undefined) {
        const name = nameOf({ number, key });
        taken.delete(name);
        waits.delete(name);
        surelyLost.delete(name);
        refusals.delete(name);
      }
      done.set(key, { ...as, ...(number === undefined ? {} : { number }) });
      const [oldest] = done.keys();
      if (done.size > REMEMBERED && oldest !== undefined) done.delete(oldest);
    },
    sentAs: (key) => done.get(key),
    lastWord: (alert) => {
      const { kind } = alert;
      if (kind !== 'halt' || last === undefined || last.words !== wordsOf(alert)) return undefined;
      if (monotonicNow() - last.at > LAST_WORD_MS) return undefined;
      times += 1;
      return { ...last.as, times };
    },
    failed: (alert, { delivered, refused }) => {
      const name = nameOf(alert);
      taken.delete(name);
      if (refused) {
        const before = refusals.get(name) ?? 0;
        refusals.set(name, before + 1);
        waits.set(name, monotonicNow() + Math.min(REFUSED_MOST_MS, REFUSED_MS * 2 ** before));
      }
      if (!delivered) surelyLost.set(name, (surelyLost.get(name) ?? 0) + 1);
    },
    letGo: (alert) => {
      taken.delete(nameOf(alert));
    },
    mayBeRepeat: (alert, attempts) => attempts > (surelyLost.get(nameOf(alert)) ?? 0),
  };
}

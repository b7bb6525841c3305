import { tooManyRequests } from '../api-error.ts';

/** How many messages may be sent. A burst is what an idle chat tolerates at once. */
export interface RateLimits {
  readonly perChatPerSecond: number;
  readonly perChatBurst: number;
  readonly overallPerSecond: number;
}

/**
 * Telegram's published figures: about one message a second in one chat, with short bursts tolerated, and 30 a
 * second over all chats. The size of the tolerated burst is not published; 20 is chosen.
 *
 * @see https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 */
export const TELEGRAM_LIMITS: RateLimits = {
  perChatPerSecond: 1,
  perChatBurst: 20,
  overallPerSecond: 30,
};

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets, one for each chat and one for all. Time is a steady clock in milliseconds. */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #clockMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: RateLimits, clockMs: () => number) {
    this.#limits = limits;
    this.#clockMs = clockMs;
  }

  /** Takes `cost` messages for the chat; too many at once is refused with the seconds to wait. */
  take(chat: string, cost: number): void {
    const { perChatPerSecond, perChatBurst, overallPerSecond } = this.#limits;
    const own = this.#refilled(`chat ${chat}`, perChatPerSecond, perChatBurst);
    const all = this.#refilled('all', overallPerSecond, overallPerSecond);
    const waits = [
      (Math.min(cost, perChatBurst) - own.tokens) / perChatPerSecond,
      (Math.min(cost, overallPerSecond) - all.tokens) / overallPerSecond,
    ];
    const waitSeconds = Math.max(...waits);
    if (waitSeconds > 0) throw tooManyRequests(Math.ceil(waitSeconds));
    own.tokens -= cost;
    all.tokens -= cost;
  }

  #refilled(key: string, perSecond: number, burst: number): Bucket {
    const now = this.#clockMs();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

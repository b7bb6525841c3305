import { conflict } from '../api-error.ts';
import type { Update, Updates } from '../store/updates.ts';

/** Telegram's limit for one long poll, in seconds. */
const TIMEOUT_MAX_SECONDS = 50;

/** One getUpdates call. */
export interface Poll {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** Long polling and the webhook address that forbids it. One poll at a time: a second one ends the first. */
export class Polling {
  readonly #updates: Updates;
  #endCurrent: ((error: Error | undefined) => void) | undefined;
  #webhookUrl = '';

  constructor(updates: Updates) {
    this.#updates = updates;
  }

  get webhookUrl(): string {
    return this.#webhookUrl;
  }

  /** An empty address removes the webhook. */
  setWebhook(url: string): void {
    this.#webhookUrl = url;
    if (url !== '') this.#endCurrent?.(conflict('terminated by setWebhook request'));
  }

  /** Waits for updates at most as long as asked; a poll that the client gave up confirms nothing new. */
  async poll(poll: Poll): Promise<Update[]> {
    if (this.#webhookUrl !== '') {
      const way = 'use deleteWebhook to delete the webhook first';
      throw conflict(`can't use getUpdates method while webhook is active; ${way}`);
    }
    const only = 'make sure that only one bot instance is running';
    this.#endCurrent?.(conflict(`terminated by other getUpdates request; ${only}`));
    const ready = this.#updates.take(poll.offset, poll.limit);
    if (ready.length > 0 || poll.timeoutSeconds <= 0) return ready;
    await this.#wait(poll);
    return this.#updates.take(poll.offset, poll.limit);
  }

  /** Ends a waiting poll as if its time were up. */
  stop(): void {
    this.#endCurrent?.(undefined);
  }

  #wait(poll: Poll): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const end = (error: Error | undefined): void => {
        clearTimeout(timer);
        poll.signal.removeEventListener('abort', onAbort);
        this.#endCurrent = undefined;
        this.#updates.onNext(undefined);
        if (error) reject(error);
        else resolve();
      };
      const onAbort = (): void => end(undefined);
      const timer = setTimeout(onAbort, Math.min(poll.timeoutSeconds, TIMEOUT_MAX_SECONDS) * 1000);
      poll.signal.addEventListener('abort', onAbort);
      this.#endCurrent = end;
      this.#updates.onNext(() => end(undefined));
    });
  }
}

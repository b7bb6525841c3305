import { randomInt } from 'node:crypto';

/** A tap that waits for the bot's answer. */
export interface CallbackQuery {
  readonly id: string;
  readonly chatId: number;
  readonly messageId: number;
  readonly data: string;
  readonly createdAtMs: number;
}

/** The taps that can still be answered. A tap can be answered once and only for a while. */
export class Callbacks {
  readonly #now: () => number;
  readonly #timeoutMs: number;
  readonly #open = new Map<string, CallbackQuery>();

  constructor(now: () => number, timeoutMs: number) {
    this.#now = now;
    this.#timeoutMs = timeoutMs;
  }

  open(tap: { chatId: number; messageId: number; data: string }): CallbackQuery {
    this.#forgetOld();
    const id = `${tap.chatId}${String(randomInt(1_000_000_000, 9_999_999_999))}`;
    const query = { ...tap, id, createdAtMs: this.#now() };
    this.#open.set(id, query);
    return query;
  }

  /** Takes the tap out, or undefined when it is unknown, too old or already answered. */
  take(id: string): CallbackQuery | undefined {
    this.#forgetOld();
    const query = this.#open.get(id);
    this.#open.delete(id);
    return query;
  }

  #forgetOld(): void {
    const oldest = this.#now() - this.#timeoutMs;
    for (const [id, query] of this.#open) if (query.createdAtMs < oldest) this.#open.delete(id);
  }
}

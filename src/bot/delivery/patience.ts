import type { TelegramFailure } from './telegram-failure.ts';

/** When the next request may be tried after failures. */
export interface Patience {
  /** Milliseconds to wait; 0 when it may be tried now. */
  waitMs(): number;
  worked(): void;
  failed(failure: TelegramFailure): void;
}

/** Longest wait while Telegram cannot be reached, and wait while the owner has blocked the bot, as multiples of the first. */
const LONGEST = 30;
const BLOCKED = 60;

/** `retryMs`: first wait; it doubles with each failure in a row. What Telegram asks for is the lane's to keep. */
export function createPatience(retryMs: number, monotonicNow: () => number): Patience {
  let until = 0;
  let failures = 0;
  return {
    waitMs: () => Math.max(0, until - monotonicNow()),
    worked: () => {
      failures = 0;
    },
    failed: (failure) => {
      if (failure.kind === 'bad-message' || failure.kind === 'wait') return;
      failures += 1;
      const multiple =
        failure.kind === 'blocked' ? BLOCKED : Math.min(LONGEST, 2 ** (failures - 1));
      until = monotonicNow() + retryMs * multiple;
    },
  };
}

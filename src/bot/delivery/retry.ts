import { autoRetry } from '@grammyjs/auto-retry';
import { HttpError, type Api } from 'grammy';

/** Waits before a reply whose request got no answer is sent again. */
const WAITS_MS = [500, 2_000];

/**
 * Bounded patience for replies: what Telegram asks to wait is waited for (up to a minute), server errors and lost connections
 * are tried again a few times. A reply may then arrive twice, which is harmless; alerts have their own sender. Polling is left
 * alone: the runner repeats it.
 */
export function retryReplies(api: Api): void {
  api.config.use(async (prev, method, ...rest) => {
    for (const wait of WAITS_MS) {
      try {
        return await prev(method, ...rest);
      } catch (error) {
        if (!(error instanceof HttpError) || method === 'getUpdates') throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return prev(method, ...rest);
  });
  const patient = autoRetry({ maxRetryAttempts: 3, maxDelaySeconds: 60, rethrowHttpErrors: true });
  api.config.use((prev, method, ...rest) =>
    method === 'getUpdates' ? prev(method, ...rest) : patient(prev, method, ...rest),
  );
}

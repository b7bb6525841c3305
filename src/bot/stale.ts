import type { MiddlewareFn } from 'grammy';
import { SECOND } from '../domain/time.ts';
import { commandOf } from './commands/dispatch.ts';
import { reply } from './reply.ts';
import type { BotContext, Services } from './services.ts';
import { plain } from './views/fit.ts';

/** Clocks of the two sides may differ by so much. */
const TOLERANCE_MS = 10 * SECOND;

/**
 * Messages from before this start are not acted upon: what was meant an hour ago may be wrong now. The owner is told once. Taps
 * go on, because each is checked against the store; so does /halt, because holding entries late is still right.
 */
export function skipStale(services: Services): MiddlewareFn<BotContext> {
  const startedAt = services.wallNow();
  let reported = false;
  return async (ctx, next) => {
    const sentAt = (ctx.message?.date ?? Number.POSITIVE_INFINITY) * SECOND;
    if (sentAt >= startedAt - TOLERANCE_MS || commandOf(ctx)?.when === 'at-once') return next();
    services.log.info('a message from before the start was skipped');
    if (reported) return;
    reported = true;
    await reply(
      ctx,
      plain(
        'I was away when you wrote, and did not act on what you sent before now. Please send it again.',
      ),
    );
  };
}

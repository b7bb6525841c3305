import type { MiddlewareFn } from 'grammy';
import { withDeadline } from '../deadline.ts';
import type { BotContext, Services } from '../services.ts';

/** A store that is away holds nobody up: /halt least of all. */
const LOOK_MS = 300;
/** What the owner sees of an answer. */
const SEEN = new Set(['sendMessage', 'sendPhoto', 'editMessageText', 'editMessageCaption']);

/**
 * An update that was answered is not answered again: Telegram gives out anew what was not confirmed before its reader died or froze. It counts
 * from the first answer that Telegram took; one whose reader died before is begun again.
 */
export function answerOnce({
  answered: updates,
  log,
}: Pick<Services, 'answered' | 'log'>): MiddlewareFn<BotContext> {
  if (updates === undefined) return (_ctx, next) => next();
  return async (ctx, next) => {
    const { update_id: id } = ctx.update;
    const known = await withDeadline(updates.has(id), LOOK_MS).catch(() => false);
    if (known) {
      log.info('an update was answered already');
      return;
    }
    let noted = false;
    const note = (): void => {
      if (noted) return;
      noted = true;
      updates.add(id).catch(() => (noted = false));
    };
    ctx.api.config.use(async (...args) => {
      const [call, method, payload, signal] = args;
      const answer = await call(method, payload, signal);
      if (answer.ok && SEEN.has(method)) note();
      return answer;
    });
    await next();
    note();
  };
}

import type { MiddlewareFn } from 'grammy';
import { DAY, dayStart } from '../../domain/time.ts';
import { offerPairing } from './pairing.ts';
import { answer } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';

/** So many strangers are named in one day; the rest are one notice. */
const NAMED_PER_DAY = 5;

/**
 * Lets through only the paired owner in a private chat, by numeric user id. Groups and strangers get silence; a stranger's tap
 * gets a short refusal, because an unanswered button keeps spinning. The owner is told of a stranger once a day.
 */
export function ownerGate(services: Services): MiddlewareFn<BotContext> {
  const noteStranger = strangerNotices(services);
  return async (ctx, next) => {
    if (ctx.from === undefined || ctx.from.is_bot) return;
    const owner = await services.owner.find();
    const isPrivate = ctx.chat?.type === 'private';
    if (isPrivate && owner === ctx.from.id) {
      services.voice.heard();
      return next();
    }
    if (ctx.callbackQuery !== undefined) {
      await answer(ctx, 'Only the owner of this bot can use these buttons, in a private chat.');
    }
    if (owner === undefined) {
      if (isPrivate) await offerPairing(services, ctx);
      return;
    }
    if (owner !== ctx.from.id) await noteStranger(ctx);
  };
}

function strangerNotices({ ports, log, safe }: Services): (ctx: BotContext) => Promise<void> {
  let day = 0;
  const seen = new Set<number>();
  return async (ctx) => {
    const { from } = ctx;
    if (from === undefined) return;
    const at = ports.clock.now();
    if (dayStart(at) !== day) {
      day = dayStart(at);
      seen.clear();
    }
    if (seen.has(from.id) || seen.size > NAMED_PER_DAY) return;
    seen.add(from.id);
    const many = seen.size > NAMED_PER_DAY;
    const name = from.username === undefined ? '' : ` (@${from.username.slice(0, 32)})`;
    const where = ctx.chat?.type === 'private' ? 'in a private chat' : 'in a group';
    try {
      await ports.outbox.raise({
        key: `stranger:${many ? 'more' : from.id}:${day / DAY}`,
        kind: 'stranger',
        severity: 'warning',
        title: many ? 'More strangers wrote to this bot' : 'A stranger wrote to this bot',
        lines: [
          many
            ? 'I do not name more of them today.'
            : `User ${from.id}${name}, ${where}. I did not answer.`,
          'Only your own user id can command Vigil.',
        ],
        at,
      });
    } catch (error) {
      log.warn('a stranger could not be reported', { error: safe(error) });
    }
  };
}

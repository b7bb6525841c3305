import { createConversation } from '@grammyjs/conversations';
import { limit } from '@grammyjs/ratelimiter';
import { sequentialize } from '@grammyjs/runner';
import type { Bot, MiddlewareFn } from 'grammy';
import type { Redis } from 'ioredis';
import { SECOND } from '../domain/time.ts';
import { runDialogue } from './dialogues/dialogue.ts';
import { DIALOGUES } from './dialogues/list.ts';
import { dialogueStorage } from './dialogues/dialogue-storage.ts';
import { commandOf, plainMessage, runCommands, unknownCommand } from './commands/dispatch.ts';
import { tradeNote } from './commands/trade-note.ts';
import { holdAnyway } from './hold-anyway.ts';
import { answerOnce } from './access/answer-once.ts';
import { ownerGate } from './access/owner-gate.ts';
import { answer, reply } from './reply.ts';
import type { BotContext, Services } from './services.ts';
import { skipStale } from './stale.ts';
import { acknowledge, handleTap, tapEndsDialogue } from './taps.ts';
import { plain } from './views/fit.ts';

const WINDOW_MS = 5 * SECOND;

/**
 * Every handler, in an order that matters. Access comes first. At-once commands (/halt) come before everything that could hold
 * them up: the spam limit, messages still being worked on, and stored dialogues. Any-time commands come before the dialogues, so
 * that they work with the store down and leave an open question open.
 */
export function installHandlers(
  bot: Bot<BotContext>,
  services: Services,
  { redis, perWindow }: { readonly redis: Redis; readonly perWindow: number },
): void {
  bot.use(ownerGate(services));
  bot.use(answerOnce(services));
  bot.use(runCommands(services, 'at-once'));
  bot.use(spamLimit(services, perWindow));
  bot.use(skipStale(services));
  bot.use(acknowledge);
  bot.use(sequentialize((ctx) => ctx.chat?.id.toString()));
  bot.use(runCommands(services, 'any-time'));
  bot.use(unknownCommand);
  bot.use(holdAnyway(services));
  bot.use(dialogueStorage(bot, redis, services));
  bot.use(endDialogue(services));
  for (const dialogue of DIALOGUES) {
    bot.use(createConversation(runDialogue(dialogue, services), dialogue.name));
  }
  bot.on('callback_query', (ctx) => handleTap(services, ctx));
  bot.use(runCommands(services, 'ends-dialogue'));
  bot.use(tradeNote(services));
  bot.use(plainMessage);
}

function spamLimit({ log, safe }: Services, perWindow: number): MiddlewareFn<BotContext> {
  return limit({
    timeFrame: WINDOW_MS,
    limit: perWindow,
    keyGenerator: (ctx: BotContext) => ctx.from?.id.toString(),
    onLimitExceeded: (ctx: BotContext) => {
      sayTooMany(ctx).catch((error: unknown) =>
        log.warn('a reply was lost', { error: safe(error) }),
      );
    },
  });
}

async function sayTooMany(ctx: BotContext): Promise<void> {
  const text = 'Too many at once, so I skipped some. /halt always works.';
  if (ctx.callbackQuery === undefined) await reply(ctx, plain(text));
  else await answer(ctx, text);
}

/** Closes an open question before something new begins. */
const endDialogue =
  ({ cards }: Services): MiddlewareFn<BotContext> =>
  async (ctx, next) => {
    const when = commandOf(ctx)?.when;
    if (when === 'at-once' || when === 'ends-dialogue' || tapEndsDialogue(ctx)) {
      await ctx.conversation.exitAll();
      await cards.retire(ctx.chatId);
    }
    if (when !== 'at-once') await next();
  };

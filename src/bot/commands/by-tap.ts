import { menuKeyboard, menuPage, saidWords } from '../menus/menu.ts';
import { answer, answerInPlace, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { COMMANDS } from './list.ts';

const ID = /^(page|run|again|say)-([a-z]+)(?:-([\w-]+))?$/;

/** A tap in the menu: another page of it, a command, one with words after it, or a command's message as it is now. */
export async function runByTap(services: Services, ctx: BotContext, id: string): Promise<void> {
  const [, what, name = '', rest = ''] = ID.exec(id) ?? [];
  const messageId = ctx.callbackQuery?.message?.message_id;
  await answer(ctx);
  if (what === undefined || messageId === undefined) return;
  if (what === 'page') {
    const keyboard = menuPage(name) ?? menuKeyboard();
    await rewrite(ctx, {
      messageId,
      text: plain('What do you want to see or to change?'),
      keyboard,
    });
    return;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) return;
  if (what === 'again') answerInPlace(ctx, { messageId, asOf: services.wallNow() });
  if (command.when !== 'any-time') {
    await ctx.conversation.exitAll();
    await services.cards.retire(ctx.chatId);
  }
  const words = what === 'say' ? saidWords(rest) : '';
  const page = what === 'again' ? { page: Number(rest) || 0 } : {};
  await command.handle({ ctx, services, words, ...page });
}

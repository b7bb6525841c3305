import { menuKeyboard, menuPage } from '../menus/menu.ts';
import { answer, answerInPlace, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { COMMANDS } from './list.ts';

const ID = /^(page|run|again)-([a-z]+)(?:-(\d{1,4}))?$/;

/** A tap in the menu: another page of it, a command, or a command's message as it is now. */
export async function runByTap(services: Services, ctx: BotContext, id: string): Promise<void> {
  const [, what, name = '', page] = ID.exec(id) ?? [];
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
  const call = { ctx, services, words: '' };
  await command.handle(page === undefined ? call : { ...call, page: Number(page) });
}

import type { FormattedString } from '@grammyjs/parse-mode';
import type { Api, InlineKeyboard } from 'grammy';
import { classifyFailure, isThereAlready } from './delivery/telegram-failure.ts';
import type { BotContext } from './services.ts';
import { fit, TEXT_LIMIT } from './views/fit.ts';

/** Answers in the chat with entities, never with markup in the text; what is too long is cut and says so. */
export async function reply(
  ctx: BotContext,
  text: FormattedString,
  keyboard?: InlineKeyboard,
): Promise<number> {
  const { text: plain, entities } = fit(text, TEXT_LIMIT);
  const message = await ctx.reply(plain, {
    entities,
    link_preview_options: { is_disabled: true },
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
  });
  return message.message_id;
}

/** The same where no message is being answered. */
export async function sendTo(api: Api, chatId: number, text: FormattedString): Promise<void> {
  const { text: plain, entities } = fit(text, TEXT_LIMIT);
  await api.sendMessage(chatId, plain, { entities, link_preview_options: { is_disabled: true } });
}

/** Replaces the text of the message under the tapped button or of the named one; its buttons go, or are these. */
export async function rewrite(ctx: BotContext, target: Rewritten): Promise<void> {
  if (ctx.chatId !== undefined) await rewriteIn(ctx.api, ctx.chatId, target);
}

interface Rewritten {
  readonly messageId: number;
  readonly text: FormattedString;
  readonly keyboard?: InlineKeyboard;
}

/** The same where no message is being answered. What reads so already, as after a tap that came twice, is no failure. */
export async function rewriteIn(api: Api, chatId: number, target: Rewritten): Promise<void> {
  const { text: plain, entities } = fit(target.text, TEXT_LIMIT);
  try {
    await api.editMessageText(chatId, target.messageId, plain, {
      entities,
      link_preview_options: { is_disabled: true },
      ...(target.keyboard === undefined ? {} : { reply_markup: target.keyboard }),
    });
  } catch (error) {
    if (!isThereAlready(classifyFailure(error))) throw error;
  }
}

/** Stops the button's spinner, with a short text over the chat; a tap that is too old to be answered is no failure. */
export async function answer(ctx: BotContext, text?: string): Promise<void> {
  if (ctx.callbackQuery === undefined) return;
  try {
    await ctx.answerCallbackQuery(
      text === undefined ? {} : { text: text.slice(0, 200), show_alert: text.length > 60 },
    );
  } catch {
    // Telegram forgets a tap after some seconds; what the tap asked for is done all the same.
  }
}

import { FormattedString } from '@grammyjs/parse-mode';
import { Keyboard, type Api, type InlineKeyboard } from 'grammy';
import { formatClock } from '../domain/time.ts';
import { classifyFailure, isThereAlready } from './delivery/telegram-failure.ts';
import type { BotContext } from './services.ts';
import { TEXT_LIMIT } from './views/fit.ts';
import { splitReply } from './views/split.ts';

/**
 * Answers in the chat with entities, never with markup in the text; what is too long comes in several messages. Returns the id of the last
 * one, which has the buttons.
 */
export async function reply(
  ctx: BotContext,
  text: FormattedString,
  keyboard?: InlineKeyboard | Keyboard,
): Promise<number> {
  const place = IN_PLACE.get(ctx);
  if (place !== undefined && !(keyboard instanceof Keyboard)) {
    const asOf = `as of ${formatClock(place.asOf)} UTC`;
    const shown = FormattedString.join([text, asOf], '\n');
    if (shown.text.length <= TEXT_LIMIT) {
      const buttons = keyboard === undefined ? {} : { keyboard };
      await rewrite(ctx, { messageId: place.messageId, text: shown, ...buttons });
      return place.messageId;
    }
  }
  return sendParts(splitReply(text, TEXT_LIMIT), keyboard, (part, extra) => ctx.reply(part, extra));
}

interface InPlace {
  readonly messageId: number;
  /** Wall time of the look. */
  readonly asOf: number;
}

const IN_PLACE = new WeakMap<BotContext, InPlace>();

/** From now on answers to this update take the place of that message, where they fit into one, and say when they were read. */
export const answerInPlace = (ctx: BotContext, place: InPlace): void =>
  void IN_PLACE.set(ctx, place);

export const isAnsweredInPlace = (ctx: BotContext): boolean => IN_PLACE.has(ctx);

/** The same as an answer to one message of the chat, which stands over it; without that one where it is gone. */
export const replyTo = (
  ctx: BotContext,
  messageId: number | undefined,
  { text, keyboard }: { readonly text: FormattedString; readonly keyboard: InlineKeyboard },
): Promise<number> =>
  sendParts(splitReply(text, TEXT_LIMIT), keyboard, (part, extra) =>
    ctx.reply(part, {
      ...extra,
      ...(messageId === undefined
        ? {}
        : { reply_parameters: { message_id: messageId, allow_sending_without_reply: true } }),
    }),
  );

/** The same where no message is being answered. */
export async function sendTo(api: Api, chatId: number, text: FormattedString): Promise<void> {
  await sendParts(splitReply(text, TEXT_LIMIT), undefined, (part, extra) =>
    api.sendMessage(chatId, part, extra),
  );
}

async function sendParts(
  parts: readonly FormattedString[],
  keyboard: InlineKeyboard | Keyboard | undefined,
  send: (
    text: string,
    extra: Parameters<BotContext['reply']>[1],
  ) => Promise<{ readonly message_id: number }>,
): Promise<number> {
  let id = 0;
  for (const [index, { text: plain, entities }] of parts.entries()) {
    const last = index === parts.length - 1;
    const message = await send(plain, {
      entities,
      link_preview_options: { is_disabled: true },
      ...(last && keyboard !== undefined ? { reply_markup: keyboard } : {}),
    });
    id = message.message_id;
  }
  return id;
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
  const [{ text: plain, entities }, ...more] = splitReply(target.text, TEXT_LIMIT);
  const extra = target.keyboard === undefined ? {} : { reply_markup: target.keyboard };
  try {
    await api.editMessageText(chatId, target.messageId, plain, {
      entities,
      link_preview_options: { is_disabled: true },
      ...extra,
    });
  } catch (error) {
    if (isThereAlready(classifyFailure(error))) return;
    throw error;
  }
  // What does not fit into one message comes below.
  await sendParts(more, undefined, (part, extra) => api.sendMessage(chatId, part, extra));
}

/** Buttons that lead nowhere any more go, under the tapped message or the named one; one that cannot be changed stays as it is. */
export async function dropButtons(
  ctx: BotContext,
  messageId = ctx.callbackQuery?.message?.message_id,
): Promise<void> {
  if (ctx.chatId === undefined || messageId === undefined) return;
  try {
    await ctx.api.editMessageReplyMarkup(ctx.chatId, messageId);
  } catch {
    // Already gone, or too old to be edited.
  }
}

const ACKNOWLEDGED = new WeakSet<BotContext>();

/**
 * Stops the button's spinner, with a short text over the chat, or as a message where the tap is too old for that. A tap is answered
 * once: what is known only later comes as a message. So where anything is read from the exchange, answer first without a text.
 */
export async function answer(ctx: BotContext, text?: string): Promise<void> {
  if (ctx.callbackQuery === undefined) return;
  if (ACKNOWLEDGED.has(ctx)) {
    if (text !== undefined) await reply(ctx, new FormattedString(text));
    return;
  }
  ACKNOWLEDGED.add(ctx);
  try {
    await ctx.answerCallbackQuery(
      text === undefined ? {} : { text: text.slice(0, 200), show_alert: text.length > 60 },
    );
  } catch (error) {
    // Telegram forgets a tap after some seconds; what it asked for is done all the same, and what would have stood over the chat comes as a message.
    if (text !== undefined && classifyFailure(error).kind === 'bad-message')
      await reply(ctx, new FormattedString(text));
  }
}

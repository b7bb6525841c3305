import type { FormattedString } from '@grammyjs/parse-mode';
import { InputFile, type Api } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import { callbackData, VERB_OF } from '../callback-data.ts';
import { alertParts, alertView, type Told } from '../views/alert.ts';
import { CAPTION_LIMIT, fit, TEXT_LIMIT } from '../views/fit.ts';

/** An alert on its way to one chat. */
export interface Outgoing {
  readonly chatId: number;
  readonly alert: Told;
  readonly repeat: boolean;
  /** Without a sound. */
  readonly silent: boolean;
  /** Where the figures come from, as the last words of the message. */
  readonly venue: string;
  readonly picture?: Uint8Array | undefined;
}

/** A picture that hangs is not waited for: its alert goes without it then. */
const UPLOAD_MS = 3_000;

/**
 * Sends it and returns the id of the message that has its buttons: in one request where it fits into one message, else in several, one
 * after the other. The first one starts before this returns. A picture goes with it where the text fits under one.
 */
export function sendAlert(api: Api, outgoing: Outgoing): Promise<{ message_id: number }> {
  const { chatId, alert, picture } = outgoing;
  const extra = { disable_notification: outgoing.silent };
  const [caption, ...more] = alertParts(alert, outgoing, CAPTION_LIMIT);
  if (picture !== undefined && more.length === 0) {
    const file = new InputFile(picture, 'chart.png');
    const options = { ...extra, ...keyboardOf(alert), caption: caption.text };
    const { entities: caption_entities } = caption;
    // Node's own signal works in place of the package's that grammY's types name.
    const signal = AbortSignal.timeout(UPLOAD_MS) as Parameters<typeof api.sendPhoto>[3];
    return api.sendPhoto(chatId, file, { ...options, caption_entities }, signal);
  }
  const parts = alertParts(alert, outgoing, TEXT_LIMIT);
  const send = ({ text, entities }: FormattedString, last: boolean) =>
    api.sendMessage(chatId, text, {
      ...extra,
      ...(last ? keyboardOf(alert) : {}),
      entities,
      ...NO_PREVIEW,
    });
  const [first, ...others] = parts;
  let sent = send(first, others.length === 0);
  for (const [index, part] of others.entries())
    sent = sent.then(() => send(part, index === others.length - 1));
  return sent;
}

/** The last resort for a message that Telegram refuses as it is: the bare text without buttons and formatting. */
export function sendBareAlert(api: Api, outgoing: Outgoing): Promise<{ message_id: number }> {
  const { text } = alertView(outgoing.alert, outgoing);
  return api.sendMessage(outgoing.chatId, text, {
    ...NO_PREVIEW,
    disable_notification: outgoing.silent,
  });
}

/** Shows an alert that was sent as text again, with the number that it has got meanwhile; its buttons stay. */
export async function numberAlert(api: Api, outgoing: Outgoing, messageId: number): Promise<void> {
  const { text, entities } = alertView(outgoing.alert, outgoing);
  const extra = { entities, ...NO_PREVIEW, ...keyboardOf(outgoing.alert) };
  await api.editMessageText(outgoing.chatId, messageId, text, extra);
}

const NO_PREVIEW = { link_preview_options: { is_disabled: true } } as const;

/** Shows the new text under a message that was sent before; its buttons go. */
export async function editAlert(
  api: Api,
  target: { chatId: number; messageId: number; text: FormattedString; picture: boolean },
): Promise<void> {
  const { chatId, messageId } = target;
  if (target.picture) {
    const { caption, caption_entities } = fit(target.text, CAPTION_LIMIT);
    await api.editMessageCaption(chatId, messageId, { caption, caption_entities });
    return;
  }
  const { text, entities } = fit(target.text, TEXT_LIMIT);
  await api.editMessageText(chatId, messageId, text, { entities, ...NO_PREVIEW });
}

function keyboardOf({ buttons = [], state }: Told): {
  reply_markup?: InlineKeyboardMarkup;
} {
  const rows = buttons.map((row) =>
    row.map(({ label, action, id }) => ({
      text: label,
      callback_data: callbackData(VERB_OF[action], id),
    })),
  );
  // Whatever is tapped or written says as much; this is for who wants nothing else.
  const seen = state === undefined ? [] : [SEEN];
  const inline_keyboard = [...rows, ...seen];
  return inline_keyboard.length === 0 ? {} : { reply_markup: { inline_keyboard } };
}

const SEEN = [{ text: 'Seen', callback_data: callbackData('s', 'seen') }];

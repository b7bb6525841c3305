import { setTimeout as pause } from 'node:timers/promises';
import type { FormattedString } from '@grammyjs/parse-mode';
import { InputFile, type Api } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import { callbackData, VERB_OF } from '../callback-data.ts';
import { alertParts, type Told } from '../views/alert.ts';
import { CAPTION_LIMIT, fit, TEXT_LIMIT } from '../views/fit.ts';
import { uploadLimit } from './budget.ts';
import { turnOf, type SendLane } from './send-lane.ts';
import { classifyFailure, PartlySent } from './telegram-failure.ts';

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
  /** The last resort for a message that Telegram refuses as it is: the bare text without buttons and formatting. */
  readonly bare?: boolean;
}

/** A long one is partly on the phone. The rest was tried so often. */
const PART_TRIES = 5;
const PART_WAIT_MS = 1_000;

interface Way {
  readonly api: Api;
  readonly lane: SendLane;
}

/**
 * Sends it and returns the id of the message that has its buttons: in one request where it fits into one message, else in several, one
 * after the other. The first one starts before this returns. A picture goes with it where the text fits under one.
 */
export function sendAlert({ api, lane }: Way, outgoing: Outgoing): Promise<{ message_id: number }> {
  const { chatId, alert, picture, bare } = outgoing;
  const extra = { disable_notification: outgoing.silent };
  const [caption, ...more] = alertParts(alert, outgoing, CAPTION_LIMIT);
  if (picture !== undefined && more.length === 0) {
    const file = new InputFile(picture, 'chart.png');
    const options = { ...extra, ...keyboardOf(alert), caption: caption.text };
    const { entities: caption_entities } = caption;
    return api.sendPhoto(chatId, file, { ...options, caption_entities }, uploadLimit());
  }
  const parts = alertParts(alert, outgoing, TEXT_LIMIT);
  const send = ({ text, entities }: FormattedString, last: boolean) =>
    api.sendMessage(chatId, text, {
      ...extra,
      ...(last && bare !== true ? keyboardOf(alert) : {}),
      ...(bare === true ? {} : { entities }),
      ...NO_PREVIEW,
    });
  const [first, ...others] = parts;
  const sent = send(first, others.length === 0);
  if (others.length === 0) return sent;
  const ready = () => lane.ready(String(chatId), turnOf(alert));
  return sent.then((head) => sendRest(others, { head, ready, send }));
}

/** What of a text that was edited into a message does not fit into it comes below, without a sound. Rejects with PartlySent. */
export async function sendBelow(
  { api, lane }: Way,
  parts: readonly FormattedString[],
  { chatId, messageId, alert }: { chatId: number; messageId: number; alert: Told },
): Promise<void> {
  await sendRest(parts, {
    head: { message_id: messageId },
    ready: () => lane.ready(String(chatId), turnOf(alert)),
    send: ({ text, entities }) =>
      api.sendMessage(chatId, text, { entities, disable_notification: true, ...NO_PREVIEW }),
  });
}

/** What follows the first part. It is tried again by itself: what is on the phone already is not sent anew for it. */
async function sendRest(
  parts: readonly FormattedString[],
  {
    head,
    ready,
    send,
  }: {
    readonly head: { message_id: number };
    readonly ready: () => Promise<void> | undefined;
    readonly send: (part: FormattedString, last: boolean) => Promise<{ message_id: number }>;
  },
): Promise<{ message_id: number }> {
  let sent = head;
  for (const [index, part] of parts.entries()) {
    for (let tries = 1; ; tries += 1) {
      await ready();
      try {
        sent = await send(part, index === parts.length - 1);
        break;
      } catch (error) {
        const { kind, text } = classifyFailure(error);
        if (kind !== 'wait' && tries >= PART_TRIES) throw new PartlySent(text);
        if (kind !== 'wait') await pause(PART_WAIT_MS);
      }
    }
  }
  return sent;
}

/** Shows an alert that was sent as text again, with the number that it has got meanwhile; its buttons stay. */
export async function numberAlert(api: Api, outgoing: Outgoing, messageId: number): Promise<void> {
  const parts = alertParts(outgoing.alert, outgoing, TEXT_LIMIT);
  const { text, entities } = parts.at(-1) ?? parts[0];
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

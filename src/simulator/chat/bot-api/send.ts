import { randomInt } from 'node:crypto';

import { badRequest } from '../api-error.ts';
import type { ChatInfo, Content, Message } from '../message.ts';
import { isObject } from '../wire/json.ts';
import { asText } from '../wire/params.ts';
import { botView, summary, userView } from '../wire/message-views.ts';
import { emit, unixSeconds } from '../world.ts';
import type { World } from '../world.ts';
import type { Call } from './call.ts';
import { readInputMedia, readMedia } from './media.ts';
import { readCaption, readReplyTo, readText } from './message-arguments.ts';
import { readReplyMarkup } from './reply-markup.ts';

const ALBUM_MAX = 10;
const TYPING_MS = 5000;

const ACTIONS = new Set([
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
]);

/** sendMessage. */
export function sendMessage(call: Call): unknown {
  const body = readText(call.params);
  return deliver(call, [{ body }])[0];
}

/** sendPhoto. */
export function sendPhoto(call: Call): unknown {
  return sendMedia(call, 'photo');
}

/** sendDocument. */
export function sendDocument(call: Call): unknown {
  return sendMedia(call, 'document');
}

function sendMedia(call: Call, kind: 'photo' | 'document'): unknown {
  const { world, params } = call;
  const body = readCaption(params);
  world.people.findWritableChat(params.text('chat_id'));
  const media = readMedia(world, params, kind);
  const above = params.boolean('show_caption_above_media') ? { captionAbove: true } : {};
  return deliver(call, [{ body, ...media, ...above }])[0];
}

/** sendMediaGroup: two to ten photos, or two to ten documents. */
export function sendMediaGroup(call: Call): unknown {
  const { world, params } = call;
  world.people.findWritableChat(params.text('chat_id'));
  if (!params.has('media')) throw badRequest('Parameter "media" is required');
  const media = params.json('media', "Can't parse media JSON object");
  if (!Array.isArray(media)) throw badRequest('Expected an Array of InputMedia');
  if (media.length === 0) throw badRequest('There are no messages to send');
  if (media.length > ALBUM_MAX) throw badRequest('Too many messages to send as an album');
  const kinds = new Set(media.map((item: unknown) => (isObject(item) ? asText(item['type']) : '')));
  if (kinds.size > 1) throw badRequest("Document can't be mixed with other media types");
  const contents = media.map((item: unknown) => readInputMedia(world, params, item));
  return deliver(call, contents, String(randomInt(1e12, 1e14)));
}

/** sendChatAction: shows what the bot is busy with for five seconds or until its next message. */
export function sendChatAction({ world, params }: Call): unknown {
  const action = params.text('action').toLowerCase();
  if (!ACTIONS.has(action)) throw badRequest('Wrong parameter action in request');
  const chat = world.people.findWritableChat(params.text('chat_id'));
  emit(world, { type: 'typing', chat: chat.id, action, until: world.now() + TYPING_MS });
  return true;
}

function deliver(call: Call, contents: readonly Content[], mediaGroupId?: string): unknown[] {
  const { world, params } = call;
  const chat = world.people.findWritableChat(params.text('chat_id'));
  const replyTo = readReplyTo(world, params, chat.id);
  const markup = readReplyMarkup(params);
  const inline =
    markup?.kind === 'inline' && markup.rows.length > 0 ? { keyboard: markup.rows } : {};
  const messages = contents.map((content) =>
    world.messages.add({
      chatId: chat.id,
      from: world.bot,
      date: unixSeconds(world),
      content,
      ...inline,
      ...(markup ? { markup } : {}),
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(mediaGroupId === undefined ? {} : { mediaGroupId }),
      silent: params.boolean('disable_notification'),
      protectedContent: params.boolean('protect_content'),
      pinned: false,
      reactions: [],
    }),
  );
  announce(world, chat, messages);
  return messages.map((message) => botView(world, message));
}

function announce(world: World, chat: ChatInfo, messages: readonly Message[]): void {
  for (const message of messages)
    emit(world, { type: 'message', chat: chat.id, message: userView(message) });
  const [first] = messages;
  if (!first || first.silent) return;
  const text = messages
    .map((message) => summary(message.content))
    .find((line) => line !== '🖼 Photo');
  emit(world, {
    type: 'push',
    chat: chat.id,
    message_id: first.id,
    title: world.bot.first_name,
    text: text ?? summary(first.content),
  });
}

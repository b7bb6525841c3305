import { badRequest } from '../api-error.ts';
import { sameContent, sameKeyboard } from '../message.ts';
import type { Content, InlineKeyboard, Message } from '../message.ts';
import { asText } from '../wire/params.ts';
import { isObject } from '../wire/json.ts';
import { botView, userView } from '../wire/message-views.ts';
import { emit, unixSeconds } from '../world.ts';
import type { World } from '../world.ts';
import type { Call } from './call.ts';
import { readInputMedia } from './media.ts';
import { findMessage, readCaption, readText } from './message-arguments.ts';
import { readInlineKeyboard } from './reply-markup.ts';

/** A bot can delete a message for 48 hours. */
const DELETE_MAX_AGE_SECONDS = 48 * 60 * 60;
const DELETE_MAX_COUNT = 100;

/** editMessageText. Without `reply_markup` the buttons go away. */
export function editMessageText({ world, params }: Call): unknown {
  const body = readText(params);
  const keyboard = readInlineKeyboard(params);
  const message = editable(world, findMessage(world, params, 'message to edit'));
  const { photo, document } = message.content;
  if (photo || document) throw badRequest('there is no text in the message to edit');
  return apply(world, message, { content: { body }, keyboard });
}

/** editMessageCaption. */
export function editMessageCaption({ world, params }: Call): unknown {
  const body = readCaption(params);
  const keyboard = readInlineKeyboard(params);
  const message = editable(world, findMessage(world, params, 'message to edit'));
  const { photo, document } = message.content;
  if (!photo && !document) throw badRequest('there is no caption in the message to edit');
  const content: Content = {
    body,
    ...(photo ? { photo } : {}),
    ...(document ? { document } : {}),
    ...(params.boolean('show_caption_above_media') ? { captionAbove: true } : {}),
  };
  return apply(world, message, { content, keyboard });
}

/** editMessageMedia. */
export function editMessageMedia({ world, params }: Call): unknown {
  if (!params.has('media')) throw badRequest('Parameter "media" is required');
  const media = params.json('media', "Can't parse input media JSON object");
  const keyboard = readInlineKeyboard(params);
  const message = editable(world, findMessage(world, params, 'message to edit'));
  return apply(world, message, { content: readInputMedia(world, params, media), keyboard });
}

/** editMessageReplyMarkup. */
export function editMessageReplyMarkup({ world, params }: Call): unknown {
  const keyboard = readInlineKeyboard(params);
  const message = editable(world, findMessage(world, params, 'message to edit'));
  return apply(world, message, { content: message.content, keyboard });
}

/** deleteMessage: any message of a private chat that is less than 48 hours old. */
export function deleteMessage({ world, params }: Call): unknown {
  const message = findMessage(world, params, 'message to delete');
  if (unixSeconds(world) - message.date > DELETE_MAX_AGE_SECONDS) {
    throw badRequest("message can't be deleted for everyone");
  }
  remove(world, message);
  return true;
}

/** deleteMessages: those that cannot be found are skipped. */
export function deleteMessages({ world, params }: Call): unknown {
  const ids = params.json('message_ids', "Can't parse message_ids JSON object");
  if (ids === undefined) throw badRequest('Message identifiers are not specified');
  if (!Array.isArray(ids)) throw badRequest('Expected an Array of message identifiers');
  if (ids.length > DELETE_MAX_COUNT) throw badRequest('Too many message identifiers specified');
  const chat = world.people.findChat(params.text('chat_id'));
  for (const id of ids) {
    const message = world.messages.get(chat.id, Number(id));
    if (message && unixSeconds(world) - message.date <= DELETE_MAX_AGE_SECONDS)
      remove(world, message);
  }
  return true;
}

/** setMessageReaction with emoji. */
export function setMessageReaction({ world, params }: Call): unknown {
  const message = findMessage(world, params, 'message to react');
  const list = params.json('reaction', "Can't parse reaction types JSON object") ?? [];
  if (!Array.isArray(list)) throw badRequest('Expected an Array of ReactionType');
  const reactions = list.map((item: unknown) => {
    const emoji = isObject(item) && item['type'] === 'emoji' ? asText(item['emoji']) : '';
    if (emoji === '') throw badRequest("Can't parse ReactionType: invalid reaction type specified");
    return emoji;
  });
  if (reactions.length > 1) throw badRequest('REACTIONS_TOO_MANY');
  replace(world, { ...message, reactions });
  return true;
}

/** pinChatMessage. */
export function pinChatMessage({ world, params }: Call): unknown {
  const message = findMessage(world, params, 'message to pin');
  replace(world, { ...message, pinned: true });
  return true;
}

/** unpinChatMessage: the named one, or the newest pinned. */
export function unpinChatMessage({ world, params }: Call): unknown {
  const chat = world.people.findChat(params.text('chat_id'));
  const pinned = world.messages
    .changedAfter(chat.id, 0)
    .filter((message) => message.pinned && !message.deleted);
  const id = params.integer('message_id', pinned.at(-1)?.id ?? 0);
  const message = pinned.find((one) => one.id === id);
  if (!message) throw badRequest('message to unpin not found');
  replace(world, { ...message, pinned: false });
  return true;
}

/** unpinAllChatMessages. */
export function unpinAllChatMessages({ world, params }: Call): unknown {
  const chat = world.people.findChat(params.text('chat_id'));
  for (const message of world.messages.changedAfter(chat.id, 0)) {
    if (message.pinned && !message.deleted) replace(world, { ...message, pinned: false });
  }
  return true;
}

function editable(world: World, message: Message): Message {
  if (message.from.id !== world.bot.id) throw badRequest("Message can't be edited");
  return message;
}

function apply(
  world: World,
  message: Message,
  next: { content: Content; keyboard: InlineKeyboard | undefined },
): unknown {
  if (sameContent(message.content, next.content) && sameKeyboard(message.keyboard, next.keyboard)) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a ' +
        'current content and reply markup of the message',
    );
  }
  const { keyboard: _old, ...rest } = message;
  // A change of the buttons alone does not mark the message as edited on the phone.
  const edited = sameContent(message.content, next.content) ? {} : { editDate: unixSeconds(world) };
  const keyboard = next.keyboard ? { keyboard: next.keyboard } : {};
  return botView(world, replace(world, { ...rest, content: next.content, ...keyboard, ...edited }));
}

function replace(world: World, message: Message): Message {
  const stored = world.messages.put(message);
  emit(world, { type: 'edit', chat: stored.chatId, message: userView(stored) });
  return stored;
}

function remove(world: World, message: Message): void {
  const stored = world.messages.put({ ...message, deleted: true });
  emit(world, { type: 'delete', chat: stored.chatId, message: userView(stored) });
}

import type { ChatInfo, Content, InlineKeyboard, Message } from '../message.ts';
import type { World } from '../world.ts';
import type { JsonObject } from './json.ts';

/** A message as the Bot API shows it to the bot. */
export function botView(world: World, message: Message, depth = 0): JsonObject {
  const chat = world.people.chat(message.chatId);
  const replied =
    message.replyTo === undefined ? undefined : world.messages.get(message.chatId, message.replyTo);
  return {
    message_id: message.id,
    from: message.from,
    chat: chat ?? { id: message.chatId, type: 'private' },
    date: message.date,
    ...(message.editDate === undefined ? {} : { edit_date: message.editDate }),
    ...(message.forwardedFrom === undefined
      ? {}
      : {
          forward_origin: {
            type: 'user',
            sender_user: message.forwardedFrom,
            date: message.date,
          },
        }),
    ...(replied && depth === 0 ? { reply_to_message: botView(world, replied, depth + 1) } : {}),
    ...(message.mediaGroupId === undefined ? {} : { media_group_id: message.mediaGroupId }),
    ...(message.protectedContent ? { has_protected_content: true } : {}),
    ...contentFields(message.content),
    ...(message.keyboard === undefined
      ? {}
      : { reply_markup: { inline_keyboard: message.keyboard } }),
  };
}

function contentFields(content: Content): JsonObject {
  const { body, photo, document } = content;
  const listed = body.entities.length > 0;
  if (!photo && !document)
    return { text: body.text, ...(listed ? { entities: body.entities } : {}) };
  return {
    ...(photo ? { photo: [photoSize(content)] } : {}),
    ...(document
      ? {
          document: {
            file_id: document.fileId,
            file_unique_id: document.uniqueId,
            file_name: document.name,
            mime_type: document.mime,
            file_size: document.size,
          },
        }
      : {}),
    ...(body.text === '' ? {} : { caption: body.text }),
    ...(body.text !== '' && listed ? { caption_entities: body.entities } : {}),
    ...(content.captionAbove ? { show_caption_above_media: true } : {}),
  };
}

function photoSize({ photo }: Content): JsonObject {
  return {
    file_id: photo?.fileId,
    file_unique_id: photo?.uniqueId,
    width: photo?.width,
    height: photo?.height,
    file_size: photo?.size,
  };
}

/** A message as the user's side shows it; `keyboard` is a list of rows, absent fields are absent facts. */
export interface UserMessage {
  readonly id: number;
  readonly seq: number;
  readonly chat: number;
  readonly from: 'bot' | 'user';
  readonly from_id: number;
  readonly from_name: string;
  /** Unix time in seconds. */
  readonly date: number;
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly text?: string;
  readonly caption?: string;
  readonly entities: Content['body']['entities'];
  readonly caption_above?: boolean;
  readonly photo?: { readonly file_id: string; readonly width: number; readonly height: number };
  readonly document?: { readonly file_id: string; readonly name: string; readonly size: number };
  readonly keyboard?: InlineKeyboard;
  readonly markup?: Message['markup'];
  readonly reply_to?: number;
  readonly album?: string;
  readonly silent: boolean;
  readonly pinned: boolean;
  readonly protected: boolean;
  readonly reactions: readonly string[];
}

/** The user's view of a message; a deleted one keeps only its id and place. */
export function userView(message: Message): UserMessage {
  const { content } = message;
  const media = content.photo !== undefined || content.document !== undefined;
  const base = {
    id: message.id,
    seq: message.seq,
    chat: message.chatId,
    from: message.from.is_bot ? ('bot' as const) : ('user' as const),
    from_id: message.from.id,
    from_name: message.from.first_name,
    date: message.date,
    edited: message.editDate !== undefined,
    deleted: message.deleted,
    silent: message.silent,
    pinned: message.pinned,
    protected: message.protectedContent,
    reactions: message.reactions,
  };
  if (message.deleted) return { ...base, entities: [] };
  return {
    ...base,
    ...(media ? { caption: content.body.text } : { text: content.body.text }),
    entities: content.body.entities,
    ...(content.captionAbove ? { caption_above: true } : {}),
    ...(content.photo ? { photo: photoView(content.photo) } : {}),
    ...(content.document ? { document: documentView(content.document) } : {}),
    ...(message.keyboard ? { keyboard: message.keyboard } : {}),
    ...(message.markup && message.markup.kind !== 'inline' ? { markup: message.markup } : {}),
    ...(message.replyTo === undefined ? {} : { reply_to: message.replyTo }),
    ...(message.mediaGroupId === undefined ? {} : { album: message.mediaGroupId }),
  };
}

function photoView(photo: NonNullable<Content['photo']>): NonNullable<UserMessage['photo']> {
  return { file_id: photo.fileId, width: photo.width, height: photo.height };
}

function documentView(
  document: NonNullable<Content['document']>,
): NonNullable<UserMessage['document']> {
  return { file_id: document.fileId, name: document.name, size: document.size };
}

/** One line that stands for the message in a banner or a list. */
export function summary(content: Content): string {
  const first = content.body.text.replace(/\s+/g, ' ').trim();
  if (content.photo) return first === '' ? '🖼 Photo' : `🖼 ${first}`;
  if (content.document) return first === '' ? `📎 ${content.document.name}` : `📎 ${first}`;
  return first;
}

/** The chat as `getChat` shows it. */
export function chatFullView(chat: ChatInfo): JsonObject {
  return { ...chat, accent_color_id: 0, max_reaction_count: 11, accepted_gift_types: {} };
}

import { z } from 'zod';

import type { ChatInfo, InlineButton, Message, User } from '../message.ts';
import { TEXT_MAX_CHARACTERS, typedText } from '../text/formatted-text.ts';
import type { JsonObject } from '../wire/json.ts';
import { botView, userView } from '../wire/message-views.ts';
import { emit, unixSeconds } from '../world.ts';
import type { World } from '../world.ts';
import { checked } from './route.ts';
import type { UserRequest } from './route.ts';
import { UserError } from './user-error.ts';

const id = z.number().int();
const userId = id.positive();

const Send = z.object({
  chat: id,
  from: userId.optional(),
  text: z.string(),
  reply_to: userId.optional(),
  forwarded_from: userId.optional(),
});

/** POST /user/send: a person writes in a chat, or passes on what somebody else wrote. */
export function send({ phone: { world }, body }: UserRequest): unknown {
  const { chat: chatId, from, text, reply_to: replyTo, forwarded_from } = checked(Send, body);
  const { chat, user } = place(world, chatId, from);
  const forwardedFrom = forwarded_from === undefined ? undefined : author(world, forwarded_from);
  const content = { body: typedText(text) };
  if (content.body.text === '')
    throw new UserError(400, '"text" is empty: write at least one character');
  if (Array.from(content.body.text).length > TEXT_MAX_CHARACTERS) {
    throw new UserError(400, `"text" is too long: at most ${TEXT_MAX_CHARACTERS} characters`);
  }
  if (replyTo !== undefined && !world.messages.get(chat.id, replyTo)) {
    throw new UserError(404, `Message ${replyTo} to reply to is not in chat ${chat.id}`);
  }
  const message = world.messages.add({
    chatId: chat.id,
    from: user,
    date: unixSeconds(world),
    content,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(forwardedFrom === undefined ? {} : { forwardedFrom }),
    silent: false,
    protectedContent: false,
    pinned: false,
    reactions: [],
  });
  emit(world, { type: 'message', chat: chat.id, message: userView(message) });
  const update = world.updates.push('message', botView(world, message));
  return { message: userView(message), update_id: update ?? null };
}

const Edit = z.object({ chat: id, from: userId.optional(), message_id: userId, text: z.string() });

/** POST /user/edit: a person writes one of their messages anew. */
export function edit({ phone: { world }, body }: UserRequest): unknown {
  const { chat: chatId, from, message_id: messageId, text } = checked(Edit, body);
  const { chat, user } = place(world, chatId, from);
  const before = world.messages.get(chat.id, messageId);
  if (before?.from.id !== user.id) {
    throw new UserError(404, `Message ${messageId} of user ${user.id} is not in chat ${chat.id}`);
  }
  const content = { ...before.content, body: typedText(text) };
  const message = world.messages.put({ ...before, content, editDate: unixSeconds(world) });
  emit(world, { type: 'edit', chat: chat.id, message: userView(message) });
  const update = world.updates.push('edited_message', botView(world, message));
  return { message: userView(message), update_id: update ?? null };
}

const Tap = z.object({
  chat: id,
  from: userId.optional(),
  message_id: userId,
  data: z.string().min(1),
  force: z.boolean().optional(),
});

/** POST /user/tap: a person presses a button under a message; `force` presses one that is no longer there. */
export function tap({ phone: { world }, body }: UserRequest): unknown {
  const { chat: chatId, from, message_id: messageId, data, force } = checked(Tap, body);
  const { chat, user } = place(world, chatId, from);
  const message = world.messages.get(chat.id, messageId);
  if (!force) checkButton(message, { chatId, messageId, data });
  const query = world.callbacks.open({ chatId: chat.id, messageId, data });
  const inaccessible = { chat, message_id: messageId, date: 0 };
  const update = world.updates.push('callback_query', {
    id: query.id,
    from: user,
    message: message ? botView(world, message) : inaccessible,
    chat_instance: chatInstance(world, chat),
    data,
  });
  return { callback_query_id: query.id, update_id: update ?? null };
}

function checkButton(
  message: Message | undefined,
  tapped: { chatId: number; messageId: number; data: string },
): void {
  if (!message) {
    throw new UserError(
      404,
      `Message ${tapped.messageId} is not in chat ${tapped.chatId} or has been deleted`,
    );
  }
  const buttons = (message.keyboard ?? []).flat();
  if (buttons.some((button) => button.callback_data === tapped.data)) return;
  const offered = buttons.map(describeButton).join(', ') || 'none';
  throw new UserError(
    404,
    `Message ${tapped.messageId} has no button with data "${tapped.data}". Its buttons: ${offered}. ` +
      'Use "force": true to press a button that is no longer there',
  );
}

function describeButton(button: InlineButton): string {
  const effect = button.callback_data ?? button.url ?? 'copies text';
  return `"${button.text}" (${effect})`;
}

function chatInstance(world: World, chat: ChatInfo): string {
  return String(BigInt(world.bot.id) * 1_000_003n + BigInt(chat.id));
}

const NewUser = z.object({
  id: userId,
  first_name: z.string().min(1).max(64),
  last_name: z.string().max(64).optional(),
  username: z.string().max(32).optional(),
  language_code: z.string().max(8).optional(),
});

/** POST /user/user: adds a person, or changes one; the private chat with the bot has the same id. */
export function addUser({ phone: { world }, body }: UserRequest): unknown {
  const { id: newId, first_name, last_name, username, language_code } = checked(NewUser, body);
  if (newId === world.bot.id)
    throw new UserError(400, `Id ${newId} is the bot's own: choose another`);
  const user: User = {
    id: newId,
    is_bot: false,
    first_name,
    ...(last_name === undefined ? {} : { last_name }),
    ...(username === undefined ? {} : { username }),
    ...(language_code === undefined ? {} : { language_code }),
  };
  const chat = world.people.addUser(user);
  emit(world, { type: 'chats', user });
  return { user, chat };
}

const NewGroup = z.object({ id: id.negative(), title: z.string().min(1).max(128) });

/** POST /user/group: adds a group chat that every person and the bot are in. */
export function addGroup({ phone: { world }, body }: UserRequest): unknown {
  const group = checked(NewGroup, body);
  const chat: ChatInfo = { id: group.id, type: 'group', title: group.title };
  world.people.addGroup(chat);
  return { chat };
}

const Block = z.object({ chat: userId, blocked: z.boolean() });

/** POST /user/block: a person blocks or unblocks the bot. */
export function block({ phone: { world }, body }: UserRequest): unknown {
  const { chat: chatId, blocked } = checked(Block, body);
  const chat = world.people.chat(chatId);
  const user = world.people.user(chatId);
  if (!chat || !user) throw unknownChat(world, chatId);
  if (world.people.setBlocked(chatId, blocked)) {
    const state = (status: string): JsonObject => ({
      user: world.bot,
      status,
      ...(status === 'kicked' ? { until_date: 0 } : {}),
    });
    world.updates.push('my_chat_member', {
      chat,
      from: user,
      date: unixSeconds(world),
      old_chat_member: state(blocked ? 'member' : 'kicked'),
      new_chat_member: state(blocked ? 'kicked' : 'member'),
    });
    emit(world, { type: 'blocked', chat: chatId, blocked });
  }
  return { chat: chatId, blocked };
}

function author(world: World, id: number): User {
  const user = world.people.user(id);
  if (!user) throw new UserError(404, `No user ${id}. Name one of: ${userIds(world)}`);
  return user;
}

/** The chat and the person in it; in a private chat the person need not be named. */
function place(
  world: World,
  chatId: number,
  from: number | undefined,
): { chat: ChatInfo; user: User } {
  const chat = world.people.chat(chatId);
  if (!chat) throw unknownChat(world, chatId);
  const user = world.people.user(from ?? chatId);
  if (!user)
    throw new UserError(404, `No user ${from ?? chatId}. Name one of: ${userIds(world)} as "from"`);
  if (chat.type === 'private' && user.id !== chatId) {
    throw new UserError(
      400,
      `Chat ${chatId} is private to user ${chatId}: user ${user.id} cannot act in it`,
    );
  }
  if (world.people.isBlocked(chatId)) {
    throw new UserError(
      400,
      `User ${chatId} has blocked the bot: unblock it first with POST /user/block`,
    );
  }
  return { chat, user };
}

function unknownChat(world: World, chatId: number): UserError {
  const known = world.people.chats().map((chat) => chat.id);
  return new UserError(
    404,
    `No chat ${chatId}. There are: ${known.join(', ')}. Add one with POST /user/user`,
  );
}

function userIds(world: World): string {
  return world.people
    .users()
    .map((user) => user.id)
    .join(', ');
}

import { imageInfo } from '../wire/image-size.ts';
import { summary, userView } from '../wire/message-views.ts';
import { sendBytes } from '../wire/response.ts';
import type { World } from '../world.ts';
import { ANSWERED } from './route.ts';
import type { UserRequest } from './route.ts';
import { UserError } from './user-error.ts';

const HEARTBEAT_MS = 15_000;

/** GET /user/messages?chat=&after=: messages that changed after a sequence number, and the newest number. */
export function messages({ phone: { world }, query }: UserRequest): unknown {
  const chat = chatOf(world, query);
  const after = integerOf(query, 'after', 0);
  return {
    messages: world.messages.changedAfter(chat, after).map(userView),
    seq: world.messages.seq,
  };
}

/** GET /user/chats: the bot, the people and their chats. */
export function chats({ phone }: UserRequest): unknown {
  const { world } = phone;
  const list = world.people.chats().map((chat) => {
    const last = world.messages.changedAfter(chat.id, 0).findLast((message) => !message.deleted);
    return {
      ...chat,
      blocked: world.people.isBlocked(chat.id),
      last_message: last ? summary(last.content) : null,
    };
  });
  return {
    bot: world.bot,
    users: world.people.users(),
    chats: list,
    market: phone.controlUrl !== undefined,
  };
}

/** GET /user/commands?chat=&user=: the menu that this person sees. */
export function commands({ phone: { world }, query }: UserRequest): unknown {
  const [first] = world.people.chats();
  const id = query.has('chat') ? chatOf(world, query) : first?.id;
  const chat = id === undefined ? undefined : world.people.chat(id);
  if (!chat) throw new UserError(404, 'There is no chat yet: add a user with POST /user/user');
  const user = world.people.user(integerOf(query, 'user', chat.id));
  return { commands: world.commands.shownIn(chat, user?.id ?? chat.id, user?.language_code ?? '') };
}

/** GET /user/file/<id>: the bytes of a picture or document. */
export function file({ phone: { world }, rest, response }: UserRequest): unknown {
  const stored = world.files.get(rest);
  const bytes = world.files.bytes(rest);
  if (!stored || !bytes)
    throw new UserError(404, 'No file of that id, or it is too old and has been forgotten');
  // Only pictures are shown in the page; anything else is a download, so that it cannot run as a page of ours.
  const picture = imageInfo(bytes);
  if (picture) sendBytes(response, { bytes, mime: picture.mime });
  else sendBytes(response, { bytes, mime: 'application/octet-stream', download: stored.name });
  return ANSWERED;
}

/** GET /user/events: everything that happens on the phone, as server-sent events. */
export function events({ phone: { world }, request, response }: UserRequest): unknown {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const { seq, history } = world.messages;
  response.write(`retry: 1000\nevent: hello\ndata: ${JSON.stringify({ seq, history })}\n\n`);
  const end = world.events.subscribe((event) => {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  });
  const heartbeat = setInterval(() => response.write(': alive\n\n'), HEARTBEAT_MS);
  request.once('close', () => {
    clearInterval(heartbeat);
    end();
  });
  return ANSWERED;
}

function chatOf(world: World, query: URLSearchParams): number {
  const chat = integerOf(query, 'chat', Number.NaN);
  if (world.people.chat(chat)) return chat;
  const known = world.people.chats().map((one) => one.id);
  throw new UserError(
    404,
    `No chat "${query.get('chat') ?? ''}". "chat" is one of: ${known.join(', ')}`,
  );
}

function integerOf(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null || text === '') return fallback;
  if (!/^-?\d+$/.test(text))
    throw new UserError(400, `"${name}" is "${text}": it must be a whole number`);
  return Number(text);
}

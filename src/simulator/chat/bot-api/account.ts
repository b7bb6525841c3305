import { badRequest } from '../api-error.ts';
import type { BotCommand } from '../store/commands.ts';
import { chatFullView } from '../wire/message-views.ts';
import { isObject } from '../wire/json.ts';
import { asText } from '../wire/params.ts';
import type { Params } from '../wire/params.ts';
import { emit } from '../world.ts';
import type { Call } from './call.ts';

const COMMANDS_MAX = 100;
const DESCRIPTION_MAX_CHARACTERS = 256;
const DOWNLOAD_MAX_BYTES = 20 * 1024 * 1024;
const ANSWER_MAX_CHARACTERS = 200;

/** getMe. */
export function getMe({ world }: Call): unknown {
  return {
    ...world.bot,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  };
}

/** getChat. */
export function getChat({ world, params }: Call): unknown {
  return chatFullView(world.people.findChat(params.text('chat_id')));
}

/** getFile: the path to download it from, for files up to 20 MB. */
export function getFile({ world, params }: Call): unknown {
  const id = params.text('file_id');
  if (id === '') throw badRequest('file_id not specified');
  const file = world.files.get(id);
  if (!file) throw badRequest('invalid file_id');
  if (file.size > DOWNLOAD_MAX_BYTES) throw badRequest('file is too big');
  return {
    file_id: file.fileId,
    file_unique_id: file.uniqueId,
    file_size: file.size,
    file_path: file.path,
  };
}

/** answerCallbackQuery: ends the button's loading state, with a toast or an alert. */
export function answerCallbackQuery({ world, params }: Call): unknown {
  const text = params.text('text');
  if (Array.from(text).length > ANSWER_MAX_CHARACTERS) throw badRequest('MESSAGE_TOO_LONG');
  const query = world.callbacks.take(params.text('callback_query_id'));
  if (!query)
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  emit(world, {
    type: 'callback_answer',
    callback_query_id: query.id,
    chat: query.chatId,
    message_id: query.messageId,
    data: query.data,
    text,
    show_alert: params.boolean('show_alert'),
    url: params.text('url'),
  });
  return true;
}

/** setMyCommands. */
export function setMyCommands({ world, params }: Call): unknown {
  if (!params.has('commands')) throw badRequest('Parameter "commands" is required');
  const given = params.json('commands', "Can't parse commands JSON object") ?? [];
  if (!Array.isArray(given)) throw badRequest('Expected an Array of BotCommand');
  if (given.length > COMMANDS_MAX) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  const commands = given.map(readCommand);
  world.commands.set(readScope(params, world.people), params.text('language_code'), commands);
  emit(world, { type: 'commands' });
  return true;
}

/** getMyCommands. */
export function getMyCommands({ world, params }: Call): unknown {
  return world.commands.get(readScope(params, world.people), params.text('language_code'));
}

/** deleteMyCommands. */
export function deleteMyCommands({ world, params }: Call): unknown {
  world.commands.set(readScope(params, world.people), params.text('language_code'), []);
  emit(world, { type: 'commands' });
  return true;
}

function readCommand(value: unknown): BotCommand {
  if (!isObject(value)) throw badRequest("Can't parse BotCommand: expected an Object");
  for (const field of ['command', 'description']) {
    if (value[field] === undefined)
      throw badRequest(`Can't parse BotCommand: Can't find field "${field}"`);
  }
  const command = asText(value['command']).replace(/^\//, '').toLowerCase();
  const description = asText(value['description']).trim();
  if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
  const length = Array.from(description).length;
  if (length < 1 || length > DESCRIPTION_MAX_CHARACTERS)
    throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  return { command, description };
}

/** The scope as one word, e.g. "default" or "chat:7". */
function readScope(params: Params, people: Call['world']['people']): string {
  const value = params.json('scope', "Can't parse BotCommandScope JSON object");
  if (value === undefined) return 'default';
  const refuse = (reason: string): never => {
    throw badRequest(`Can't parse BotCommandScope: ${reason}`);
  };
  if (!isObject(value)) return refuse('BotCommandScope must be an Object');
  const type = asText(value['type']);
  if (type === '') return refuse('Can\'t find field "type"');
  const wide = ['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators'];
  if (wide.includes(type)) return type;
  if (!['chat', 'chat_administrators', 'chat_member'].includes(type))
    return refuse('Unsupported type specified');
  const chatId = asText(value['chat_id']);
  if (chatId === '') return refuse('Empty chat_id specified');
  const chat = people.findChat(chatId);
  if (type !== 'chat_member') return `${type}:${chat.id}`;
  const userId = Number(value['user_id']);
  if (!(userId > 0)) return refuse('Invalid user_id specified');
  return `${type}:${chat.id}:${userId}`;
}

import { badRequest } from '../api-error.ts';
import type { FormattedText, Message } from '../message.ts';
import { captionText, messageText } from '../text/formatted-text.ts';
import { isObject } from '../wire/json.ts';
import { asText } from '../wire/params.ts';
import type { Params } from '../wire/params.ts';
import type { World } from '../world.ts';

/** The `text` of a call with its styles. */
export function readText(params: Params): FormattedText {
  return messageText({
    text: params.text('text'),
    parseMode: params.text('parse_mode'),
    entities: params.json('entities', "Can't parse entities JSON object"),
  });
}

/** The `caption` of a call with its styles; absent is empty. */
export function readCaption(params: Params): FormattedText {
  return captionText({
    text: params.text('caption'),
    parseMode: params.text('parse_mode'),
    entities: params.json('caption_entities', "Can't parse caption entities JSON object"),
  });
}

/** The id of the message that a new message answers, checked to exist unless the call allows otherwise. */
export function readReplyTo(world: World, params: Params, chatId: number): number | undefined {
  const given = params.json('reply_parameters', "Can't parse reply parameters JSON object");
  if (given !== undefined && !isObject(given))
    throw badRequest('Object expected as reply parameters');
  const id = Number(given?.['message_id'] ?? params.integer('reply_to_message_id', 0));
  if (!(id > 0)) return undefined;
  const lenient =
    given?.['allow_sending_without_reply'] === true ||
    params.boolean('allow_sending_without_reply');
  const otherChat = asText(given?.['chat_id']);
  const replyChat = otherChat === '' ? chatId : world.people.findChat(otherChat).id;
  if (world.messages.get(replyChat, id)) return id;
  if (lenient) return undefined;
  throw badRequest('message to be replied not found');
}

/** The message that a call names by chat and id; `what` words the refusal, e.g. "message to edit". */
export function findMessage(world: World, params: Params, what: string): Message {
  const id = params.integer('message_id', 0);
  if (id === 0 && params.text('chat_id') === '')
    throw badRequest('message identifier is not specified');
  const chat = world.people.findChat(params.text('chat_id'));
  const message = world.messages.get(chat.id, id);
  if (!message) throw badRequest(`${what} not found`);
  return message;
}

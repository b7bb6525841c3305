import * as account from './account.ts';
import type { Method } from './call.ts';
import * as edit from './edit.ts';
import * as updates from './get-updates.ts';
import * as send from './send.ts';

/** Every method that the emulator knows. To add one: write its function and its line here. */
export const METHODS: Readonly<Record<string, Method>> = {
  getMe: account.getMe,
  getChat: account.getChat,
  getFile: account.getFile,
  answerCallbackQuery: account.answerCallbackQuery,
  setMyCommands: account.setMyCommands,
  getMyCommands: account.getMyCommands,
  deleteMyCommands: account.deleteMyCommands,
  getUpdates: updates.getUpdates,
  setWebhook: updates.setWebhook,
  deleteWebhook: updates.deleteWebhook,
  getWebhookInfo: updates.getWebhookInfo,
  sendMessage: send.sendMessage,
  sendPhoto: send.sendPhoto,
  sendDocument: send.sendDocument,
  sendMediaGroup: send.sendMediaGroup,
  sendChatAction: send.sendChatAction,
  editMessageText: edit.editMessageText,
  editMessageCaption: edit.editMessageCaption,
  editMessageMedia: edit.editMessageMedia,
  editMessageReplyMarkup: edit.editMessageReplyMarkup,
  deleteMessage: edit.deleteMessage,
  deleteMessages: edit.deleteMessages,
  setMessageReaction: edit.setMessageReaction,
  pinChatMessage: edit.pinChatMessage,
  unpinChatMessage: edit.unpinChatMessage,
  unpinAllChatMessages: edit.unpinAllChatMessages,
  logOut: () => true,
  close: () => true,
};

/** Calls that put something on the phone, and so count against Telegram's sending limits. */
const LIMITED = /^(?:send(?!ChatAction)|editMessage)/;

/** A method found by name, in any case of letters as on Telegram. */
export interface FoundMethod {
  readonly name: string;
  readonly run: Method;
  readonly limited: boolean;
}

const BY_NAME = new Map<string, FoundMethod>(
  Object.entries(METHODS).map(([name, run]) => [
    name.toLowerCase(),
    { name, run, limited: LIMITED.test(name) },
  ]),
);

/** The method, or undefined when there is none of that name. */
export function findMethod(name: string): FoundMethod | undefined {
  return BY_NAME.get(name.toLowerCase());
}

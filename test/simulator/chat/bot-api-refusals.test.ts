import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Chat } from '../../../src/simulator/chat/chat.ts';
import { ALEX, call, chatFor, png, refusal, sentId, stopAll, user } from './chat-fixture.ts';

let chat: Chat;
beforeEach(async () => {
  chat = await chatFor();
});
afterEach(stopAll);

const to = (args: object): object => ({ chat_id: ALEX, ...args });
const keyboard = (button: object): object => ({ reply_markup: { inline_keyboard: [[button]] } });
const NOT_MODIFIED =
  'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';

describe('sendMessage refuses in the words of Telegram', () => {
  test.each([
    ['no chat', { text: 'a' }, 'Bad Request: chat_id is empty'],
    ['an unknown chat', { chat_id: 5, text: 'a' }, 'Bad Request: chat not found'],
    ['an unknown name', { chat_id: '@nobody', text: 'a' }, 'Bad Request: chat not found'],
    ['no text', to({}), 'Bad Request: message text is empty'],
    ['white space', to({ text: ' \n ' }), 'Bad Request: text must be non-empty'],
    ['4097 characters', to({ text: 'a'.repeat(4097) }), 'Bad Request: message is too long'],
    [
      'an unknown style',
      to({ text: 'a', parse_mode: 'BBCode' }),
      'Bad Request: unsupported parse_mode',
    ],
    [
      'no data',
      to({ text: 'a', ...keyboard({ text: 'b', callback_data: '' }) }),
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    [
      '65 bytes of data',
      to({ text: 'a', ...keyboard({ text: 'b', callback_data: 'x'.repeat(65) }) }),
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    [
      '33 letters of two bytes',
      to({ text: 'a', ...keyboard({ text: 'b', callback_data: 'é'.repeat(33) }) }),
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    [
      'a button without effect',
      to({ text: 'a', ...keyboard({ text: 'b' }) }),
      "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [
      'a broken address',
      to({ text: 'a', ...keyboard({ text: 'b', url: 'no where' }) }),
      'Bad Request: BUTTON_URL_INVALID',
    ],
    [
      'broken markup',
      to({ text: 'a', reply_markup: '{' }),
      "Bad Request: can't parse reply keyboard markup JSON object",
    ],
    [
      'a reply to nothing',
      to({ text: 'a', reply_parameters: { message_id: 99 } }),
      'Bad Request: message to be replied not found',
    ],
    [
      'an entity past the end',
      to({ text: 'ab', entities: [{ type: 'bold', offset: 0, length: 3 }] }),
      'Bad Request: entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 3',
    ],
    [
      'an entity that halves a character',
      to({ text: '🟢', entities: [{ type: 'bold', offset: 0, length: 1 }] }),
      'Bad Request: entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4',
    ],
  ])('%s', async (_name, args, expected) => {
    expect(await refusal(chat, 'sendMessage', args)).toBe(expected);
  });

  test('exactly at the limits is accepted', async () => {
    const data = { text: 'b', callback_data: 'x'.repeat(64) };
    const text = '🟢'.repeat(4096);
    expect(await refusal(chat, 'sendMessage', to({ text, ...keyboard(data) }))).toBe('accepted');
    const html = `<b>${'a'.repeat(4096)}</b>`;
    expect(await refusal(chat, 'sendMessage', to({ text: html, parse_mode: 'HTML' }))).toBe(
      'accepted',
    );
  });

  test('a reply to nothing is accepted where the bot allows it', async () => {
    const reply_parameters = { message_id: 99, allow_sending_without_reply: true };
    expect(await refusal(chat, 'sendMessage', to({ text: 'a', reply_parameters }))).toBe(
      'accepted',
    );
  });
});

describe('edits, deletions and answers refuse in the words of Telegram', () => {
  test('an edit that changes nothing', async () => {
    const id = await sentId(chat, { text: 'same', ...keyboard({ text: 'b', callback_data: 'c' }) });
    const edit = to({
      message_id: id,
      text: 'same',
      ...keyboard({ text: 'b', callback_data: 'c' }),
    });
    expect(await refusal(chat, 'editMessageText', edit)).toBe(NOT_MODIFIED);
    expect(await refusal(chat, 'editMessageText', to({ message_id: id, text: 'same' }))).toBe(
      'accepted',
    );
    expect(await refusal(chat, 'editMessageReplyMarkup', to({ message_id: id }))).toBe(
      NOT_MODIFIED,
    );
  });

  test('messages that are not there, or not the bot’s, or of another kind', async () => {
    const own = await sentId(chat);
    const { body } = await user(chat, 'send', { chat: ALEX, text: 'mine' });
    const edit = (message_id: unknown): Promise<string> =>
      refusal(chat, 'editMessageText', to({ message_id, text: 'x' }));
    expect(await edit(999)).toBe('Bad Request: message to edit not found');
    expect(await edit(body.message?.id)).toBe("Bad Request: message can't be edited");
    expect(await refusal(chat, 'editMessageCaption', to({ message_id: own, caption: 'x' }))).toBe(
      'Bad Request: there is no caption in the message to edit',
    );
    expect(await refusal(chat, 'deleteMessage', to({ message_id: 999 }))).toBe(
      'Bad Request: message to delete not found',
    );
    await call(chat, 'deleteMessage', to({ message_id: own }));
    expect(await edit(own)).toBe('Bad Request: message to edit not found');
    expect(await refusal(chat, 'editMessageText', { text: 'x' })).toBe(
      'Bad Request: message identifier is not specified',
    );
  });

  test('a message older than 48 hours cannot be deleted', async () => {
    let now = Date.now();
    const old = await chatFor({ now: () => now });
    const id = await sentId(old);
    now += 48 * 3600 * 1000 + 1000;
    expect(await refusal(old, 'deleteMessage', to({ message_id: id }))).toBe(
      "Bad Request: message can't be deleted for everyone",
    );
  });

  test('a tap is answered once and in time', async () => {
    let now = Date.now();
    const timed = await chatFor({ now: () => now });
    const id = await sentId(timed, keyboard({ text: 'b', callback_data: 'c' }));
    const tap = async (): Promise<object> => {
      const { body } = await user(timed, 'tap', { chat: ALEX, message_id: id, data: 'c' });
      return { callback_query_id: body.callback_query_id };
    };
    const tooOld =
      'Bad Request: query is too old and response timeout expired or query ID is invalid';
    const first = await tap();
    expect(await refusal(timed, 'answerCallbackQuery', first)).toBe('accepted');
    expect(await refusal(timed, 'answerCallbackQuery', first)).toBe(tooOld);
    const second = await tap();
    now += 15_001;
    expect(await refusal(timed, 'answerCallbackQuery', second)).toBe(tooOld);
    expect(await refusal(timed, 'answerCallbackQuery', { callback_query_id: '1' })).toBe(tooOld);
  });

  test('a blocked bot cannot write, and can again afterwards', async () => {
    const id = await sentId(chat);
    await user(chat, 'block', { chat: ALEX, blocked: true });
    const answer = await call(chat, 'sendMessage', to({ text: 'a' }));
    expect(answer).toEqual({
      ok: false,
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    expect(await refusal(chat, 'sendChatAction', to({ action: 'typing' }))).toMatch(/^Forbidden/);
    expect(id).toBeGreaterThan(0);
    await user(chat, 'block', { chat: ALEX, blocked: false });
    expect(await refusal(chat, 'sendMessage', to({ text: 'a' }))).toBe('accepted');
  });
});

describe('media, commands and the rest refuse in the words of Telegram', () => {
  async function sendPhoto(bytes: Buffer, caption = ''): Promise<string> {
    const form = new FormData();
    form.set('chat_id', String(ALEX));
    form.set('caption', caption);
    form.set('photo', new Blob([new Uint8Array(bytes)]), 'a.png');
    const response = await fetch(`${chat.apiRoot}/bot${chat.token}/sendPhoto`, {
      method: 'POST',
      body: form,
    });
    const { description = 'accepted' } = (await response.json()) as { description?: string };
    return description;
  }

  test('photos', async () => {
    expect(await sendPhoto(png(30, 30), 'a'.repeat(1024))).toBe('accepted');
    expect(await sendPhoto(png(30, 30), 'a'.repeat(1025))).toBe(
      'Bad Request: message caption is too long',
    );
    expect(await sendPhoto(Buffer.from('not a picture'))).toBe('Bad Request: IMAGE_PROCESS_FAILED');
    expect(await sendPhoto(Buffer.alloc(0))).toBe('Bad Request: file must be non-empty');
    expect(await sendPhoto(png(2010, 100))).toBe('Bad Request: PHOTO_INVALID_DIMENSIONS');
    expect(await sendPhoto(png(2000, 100))).toBe('accepted');
    expect(await sendPhoto(Buffer.concat([png(30, 30), Buffer.alloc(10 * 1024 * 1024)]))).toBe(
      'Request Entity Too Large',
    );
    expect(await refusal(chat, 'sendPhoto', to({}))).toBe(
      'Bad Request: there is no photo in the request',
    );
    expect(await refusal(chat, 'sendPhoto', to({ photo: 'AgACAgInothing' }))).toBe(
      'Bad Request: wrong file identifier/HTTP URL specified',
    );
  });

  test.each([
    ['sendMediaGroup', to({}), 'Bad Request: parameter "media" is required'],
    [
      'sendMediaGroup',
      to({ media: [{ type: 'photo' }] }),
      "Bad Request: can't parse InputMedia: media not found",
    ],
    ['sendDocument', to({}), 'Bad Request: there is no document in the request'],
    ['sendChatAction', to({ action: 'dancing' }), 'Bad Request: wrong parameter action in request'],
    ['getFile', {}, 'Bad Request: file_id not specified'],
    ['getFile', { file_id: 'x' }, 'Bad Request: invalid file_id'],
    ['getChat', { chat_id: 12 }, 'Bad Request: chat not found'],
    [
      'setMyCommands',
      { commands: [{ command: 'No Go', description: 'x' }] },
      'Bad Request: BOT_COMMAND_INVALID',
    ],
    ['setMyCommands', { commands: 'x' }, "Bad Request: can't parse commands JSON object"],
    ['sendInvoice', {}, 'Not Found: method not found'],
  ])('%s %j', async (method, args, expected) => {
    expect(await refusal(chat, method, args)).toBe(expected);
  });

  test('a wrong token, and a path without one', async () => {
    const wrong = await fetch(`${chat.apiRoot}/bot7000000001:other/getMe`);
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toEqual({ ok: false, error_code: 401, description: 'Unauthorized' });
    const missing = await fetch(`${chat.apiRoot}/bot/getMe`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toEqual({ ok: false, error_code: 404, description: 'Not Found' });
    const file = await fetch(`${chat.apiRoot}/file/bot${chat.token}/photos/file_9.png`);
    expect(file.status).toBe(404);
  });
});

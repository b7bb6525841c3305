import { InlineKeyboard, InputFile, InputMediaBuilder } from 'grammy';
import { afterEach, describe, expect, test } from 'vitest';

import {
  ALEX,
  botFor,
  call,
  chatFor,
  eventually,
  messages,
  png,
  sentId,
  stopAll,
  user,
} from './chat-fixture.ts';

afterEach(stopAll);

describe('a grammY bot at the emulator', () => {
  test('answers a command that a person writes', async () => {
    const chat = await chatFor();
    await botFor(chat, (bot) => {
      bot.command('start', (context) =>
        context.reply(`Hello ${context.from?.first_name}, ${context.chat.type}`),
      );
    });
    await user(chat, 'send', { chat: ALEX, text: '/start now' });
    const reply = await eventually('a reply', async () =>
      (await messages(chat)).find((message) => message.from === 'bot'),
    );
    expect(reply.text).toBe('Hello Alex, private');
  });

  test('gets a tap with its message and edits that message', async () => {
    const chat = await chatFor();
    const seen: unknown[] = [];
    const bot = await botFor(chat, (one) => {
      one.on('callback_query:data', async (context) => {
        seen.push(
          context.callbackQuery.data,
          context.callbackQuery.message?.message_id,
          context.from.id,
        );
        await context.answerCallbackQuery('ok');
        await context.editMessageText('done');
      });
    });
    const sent = await bot.api.sendMessage(ALEX, 'choose', {
      reply_markup: new InlineKeyboard().text('Yes', 'y:1'),
    });
    const tap = await user(chat, 'tap', { chat: ALEX, message_id: sent.message_id, data: 'y:1' });
    expect(tap.status).toBe(200);
    const edited = await eventually('an edit', async () =>
      (await messages(chat)).find((message) => message.edited),
    );
    expect(edited).toMatchObject({ id: sent.message_id, text: 'done' });
    expect(edited.keyboard).toBeUndefined();
    expect(seen).toEqual(['y:1', sent.message_id, ALEX]);
  });

  test('sends a photo, a document and an album and reads them back byte for byte', async () => {
    const chat = await chatFor();
    const bot = await botFor(chat);
    const picture = png(320, 200);
    const photo = await bot.api.sendPhoto(ALEX, new InputFile(picture, 'equity.png'), {
      caption: 'Equity',
    });
    expect(photo.photo.at(-1)).toMatchObject({
      width: 320,
      height: 200,
      file_size: picture.length,
    });
    const again = await bot.api.sendPhoto(ALEX, photo.photo.at(-1)?.file_id ?? '');
    expect(again.photo.at(-1)?.file_unique_id).toBe(photo.photo.at(-1)?.file_unique_id);
    const document = await bot.api.sendDocument(
      ALEX,
      new InputFile(Buffer.from('a,b\n'), 'trades "x".csv'),
    );
    expect(document.document).toMatchObject({
      file_name: 'trades "x".csv',
      mime_type: 'text/csv',
      file_size: 4,
    });
    const album = await bot.api.sendMediaGroup(ALEX, [
      InputMediaBuilder.photo(new InputFile(png(40, 40)), {
        caption: '<i>one</i>',
        parse_mode: 'HTML',
      }),
      InputMediaBuilder.photo(new InputFile(png(50, 40))),
    ]);
    const groups = album.map((one) => ('media_group_id' in one ? one.media_group_id : undefined));
    expect(groups).toEqual([expect.stringMatching(/^\d+$/), groups[0]]);
    expect(album[0]).toMatchObject({
      caption: 'one',
      caption_entities: [{ type: 'italic', offset: 0, length: 3 }],
    });
    const file = await bot.api.getFile(photo.photo.at(-1)?.file_id ?? '');
    const download = await fetch(`${chat.apiRoot}/file/bot${chat.token}/${file.file_path}`);
    expect(Buffer.from(await download.arrayBuffer()).equals(picture)).toBe(true);
  });

  test('replaces a photo and its caption in place', async () => {
    const chat = await chatFor();
    const bot = await botFor(chat);
    const sent = await bot.api.sendPhoto(ALEX, new InputFile(png(100, 50)), { caption: 'old' });
    const media = InputMediaBuilder.photo(new InputFile(png(60, 60)), { caption: 'new' });
    await bot.api.editMessageMedia(ALEX, sent.message_id, media);
    await bot.api.editMessageCaption(ALEX, sent.message_id, { caption: 'newest' });
    expect(await messages(chat)).toMatchObject([
      { caption: 'newest', photo: { width: 60 }, edited: true },
    ]);
  });

  test('a change of the buttons alone does not mark the message as edited', async () => {
    const chat = await chatFor();
    const id = await sentId(chat);
    const reply_markup = { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] };
    await call(chat, 'editMessageReplyMarkup', { chat_id: ALEX, message_id: id, reply_markup });
    expect(await messages(chat)).toMatchObject([{ edited: false, keyboard: [[{ text: 'A' }]] }]);
  });

  test('deletes, pins and reacts', async () => {
    const chat = await chatFor();
    const [first, second] = [await sentId(chat), await sentId(chat)];
    await call(chat, 'deleteMessage', { chat_id: ALEX, message_id: first });
    await call(chat, 'pinChatMessage', { chat_id: ALEX, message_id: second });
    const reaction = [{ type: 'emoji', emoji: '👍' }];
    await call(chat, 'setMessageReaction', { chat_id: ALEX, message_id: second, reaction });
    expect(await messages(chat)).toMatchObject([{ id: second, pinned: true, reactions: ['👍'] }]);
    await call(chat, 'deleteMessages', { chat_id: ALEX, message_ids: [first, second, 999] });
    expect(await messages(chat)).toEqual([]);
  });

  test('shows a person the commands of the narrowest scope', async () => {
    const chat = await chatFor();
    const bot = await botFor(chat);
    await bot.api.setMyCommands([{ command: 'help', description: 'Every command' }]);
    await bot.api.setMyCommands([{ command: 'halt', description: 'Stop' }], {
      scope: { type: 'chat', chat_id: ALEX },
    });
    await user(chat, 'user', { id: 7, first_name: 'Stranger' });
    const shown = async (id: number): Promise<unknown> =>
      (await fetch(`${chat.url}/user/commands?chat=${id}`)).json();
    expect(await shown(ALEX)).toEqual({ commands: [{ command: 'halt', description: 'Stop' }] });
    expect(await shown(7)).toEqual({
      commands: [{ command: 'help', description: 'Every command' }],
    });
    await bot.api.deleteMyCommands({ scope: { type: 'chat', chat_id: ALEX } });
    expect(await shown(ALEX)).toEqual(await shown(7));
    expect(await bot.api.getMyCommands()).toEqual([
      { command: 'help', description: 'Every command' },
    ]);
  });

  test('knows itself and its chats', async () => {
    const chat = await chatFor({ token: '42:abc', botUsername: 'watch_bot' });
    const bot = await botFor(chat);
    expect(bot.botInfo).toMatchObject({ id: 42, is_bot: true, username: 'watch_bot' });
    expect(await bot.api.getChat(ALEX)).toMatchObject({
      id: ALEX,
      type: 'private',
      username: 'alex',
    });
    expect(await bot.api.getWebhookInfo()).toMatchObject({ url: '', pending_update_count: 0 });
  });
});

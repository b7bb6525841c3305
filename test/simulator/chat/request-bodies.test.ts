import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Chat } from '../../../src/simulator/chat/chat.ts';
import { parseMultipart } from '../../../src/simulator/chat/wire/multipart.ts';
import { ALEX, chatFor, messages, png, stopAll } from './chat-fixture.ts';

let chat: Chat;
beforeEach(async () => {
  chat = await chatFor();
});
afterEach(stopAll);

const address = (method: string): string => `${chat.apiRoot}/bot${chat.token}/${method}`;
const text = 'a & b = 1 + 1 🟢';
const markup = JSON.stringify({ inline_keyboard: [[{ text: 'B', callback_data: 'b' }]] });

describe('a call is understood', () => {
  test('as a GET with a query', async () => {
    const query = new URLSearchParams({ chat_id: String(ALEX), text, reply_markup: markup });
    await fetch(`${address('sendMessage')}?${query.toString()}`);
    expect(await messages(chat)).toMatchObject([{ text, keyboard: [[{ callback_data: 'b' }]] }]);
  });

  test('as a form', async () => {
    const body = new URLSearchParams({ chat_id: String(ALEX), text, disable_notification: 'True' });
    await fetch(address('sendMessage'), { method: 'POST', body });
    expect(await messages(chat)).toMatchObject([{ text, silent: true }]);
  });

  test('as a standard multipart form with an attached file', async () => {
    const body = new FormData();
    body.set('chat_id', String(ALEX));
    body.set('photo', 'attach://mine');
    body.set('caption', text);
    body.set('mine', new Blob([new Uint8Array(png(20, 10))]), 'chart; "final".png');
    await fetch(address('SENDPHOTO'), { method: 'POST', body });
    expect(await messages(chat)).toMatchObject([
      { caption: text, photo: { width: 20, height: 10 } },
    ]);
  });

  test('with the name of the method in any case', async () => {
    const response = await fetch(address('GETme'));
    expect(await response.json()).toMatchObject({ ok: true });
  });
});

describe('a call is refused', () => {
  test.each([
    ['application/json', '[1', "Bad Request: can't parse request JSON object"],
    ['multipart/form-data', 'x', 'Bad Request: boundary expected in Content-Type header'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\ncut',
      'Bad Request: failed to parse multipart body: closing boundary not found',
    ],
  ])('for a broken body of %s', async (type, body, description) => {
    const response = await fetch(address('getMe'), {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ ok: false, error_code: 400, description });
  });
});

describe('multipart', () => {
  test('is read with and without quotes and spaces, and keeps every byte of a file', () => {
    const bytes = Buffer.from([0, 13, 10, 45, 45, 13, 10, 255]);
    const body = Buffer.concat([
      Buffer.from(
        'preamble\r\n--b\r\ncontent-disposition:form-data;name="f";filename=a.bin\r\n\r\n',
      ),
      bytes,
      Buffer.from(
        '\r\n--b\r\nContent-Disposition: form-data; name=plain\r\n\r\n\r\n--b--\r\nepilogue',
      ),
    ]);
    const { files, fields } = parseMultipart(body, 'b');
    expect([...fields]).toEqual([['plain', '']]);
    expect(files.get('f')).toEqual({ name: 'a.bin', mime: 'application/octet-stream', bytes });
  });

  test.each([
    ['name="f"; filename="a \\"b\\" c.png"', 'a "b" c.png'],
    ['name="f"; filename="a %22b%22; c.png"', 'a "b"; c.png'],
    ['filename=plain.png; name=f', 'plain.png'],
  ])('reads the file name of %s', (parameters, name) => {
    const head = `Content-Disposition: form-data; ${parameters}\r\n\r\n`;
    const { files } = parseMultipart(Buffer.from(`--b\r\n${head}x\r\n--b--`), 'b');
    expect(files.get('f')?.name).toBe(name);
  });

  test('does not mistake a line inside a file for a boundary', () => {
    const content = 'x\r\n--boundar\r\ny';
    const head = 'content-disposition:form-data;name="f";filename=a\r\n\r\n';
    const body = Buffer.from(`--boundary\r\n${head}${content}\r\n--boundary--\r\n`);
    expect(parseMultipart(body, 'boundary').files.get('f')?.bytes.toString()).toBe(content);
  });
});

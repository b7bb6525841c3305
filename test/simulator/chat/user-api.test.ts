import { request } from 'node:http';

import { afterEach, describe, expect, test } from 'vitest';

import type { Chat } from '../../../src/simulator/chat/chat.ts';
import { ALEX, call, chatFor, messages, sentId, stopAll, user, venueStub } from './chat-fixture.ts';

afterEach(stopAll);

const button = (data: string): object => ({
  reply_markup: { inline_keyboard: [[{ text: 'Approve', callback_data: data }]] },
});

async function get(
  chat: Chat,
  path: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${chat.url}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function lastUpdate(chat: Chat): Promise<Record<string, unknown>> {
  const { result } = await call(chat, 'getUpdates', { offset: -1 });
  return (result as Record<string, unknown>[])[0] ?? {};
}

describe('a person', () => {
  test('writes a command, and the bot gets it with its entity', async () => {
    const chat = await chatFor();
    await user(chat, 'send', { chat: ALEX, text: '/halt@vigil_demo_bot now' });
    expect(await lastUpdate(chat)).toMatchObject({
      message: {
        from: { id: ALEX, is_bot: false },
        chat: { id: ALEX, type: 'private' },
        text: '/halt@vigil_demo_bot now',
        entities: [{ type: 'bot_command', offset: 0, length: 20 }],
      },
    });
  });

  test('taps only what is there, unless forced', async () => {
    const chat = await chatFor();
    const id = await sentId(chat, button('ok:1'));
    const old = await user(chat, 'tap', { chat: ALEX, message_id: id, data: 'ok:0' });
    expect(old.status).toBe(404);
    expect(old.body.error).toContain('Its buttons: "Approve" (ok:1)');
    const forced = await user(chat, 'tap', {
      chat: ALEX,
      message_id: id,
      data: 'ok:0',
      force: true,
    });
    expect(forced.status).toBe(200);
    await call(chat, 'deleteMessage', { chat_id: ALEX, message_id: id });
    const gone = await user(chat, 'tap', { chat: ALEX, message_id: id, data: 'ok:1' });
    expect(gone.body.error).toBe(`Message ${id} is not in chat ${ALEX} or has been deleted`);
    await user(chat, 'tap', { chat: ALEX, message_id: id, data: 'ok:1', force: true });
    expect(await lastUpdate(chat)).toMatchObject({
      callback_query: { data: 'ok:1', from: { id: ALEX }, message: { message_id: id, date: 0 } },
    });
  });

  test('sees each change after a sequence number', async () => {
    const chat = await chatFor();
    const id = await sentId(chat, { text: 'one' });
    const { body } = await get(chat, `/user/messages?chat=${ALEX}&after=0`);
    await sentId(chat, { text: 'two' });
    await call(chat, 'editMessageText', { chat_id: ALEX, message_id: id, text: 'one, edited' });
    const later = await get(chat, `/user/messages?chat=${ALEX}&after=${String(body['seq'])}`);
    expect(later.body['messages']).toMatchObject([
      { text: 'one, edited', edited: true },
      { text: 'two' },
    ]);
    await call(chat, 'deleteMessage', { chat_id: ALEX, message_id: id });
    const last = await get(chat, `/user/messages?chat=${ALEX}&after=${String(later.body['seq'])}`);
    expect(last.body['messages']).toMatchObject([{ id, deleted: true }]);
  });

  test('a stranger and a group can be added, and act', async () => {
    const chat = await chatFor();
    await user(chat, 'user', { id: 7, first_name: 'Mallory' });
    await user(chat, 'group', { id: -5, title: 'Traders' });
    await user(chat, 'send', { chat: 7, text: 'let me in' });
    expect(await lastUpdate(chat)).toMatchObject({ message: { from: { id: 7 }, chat: { id: 7 } } });
    await user(chat, 'send', { chat: -5, from: 7, text: '/status' });
    expect(await lastUpdate(chat)).toMatchObject({
      message: { from: { id: 7 }, chat: { type: 'group' } },
    });
    const { body } = await get(chat, '/user/chats');
    expect(body['chats']).toMatchObject([
      { id: ALEX },
      { id: 7, last_message: 'let me in' },
      { id: -5 },
    ]);
  });

  test.each([
    ['send', { chat: ALEX, text: '  ' }, 400, '"text" is empty: write at least one character'],
    [
      'send',
      { chat: 99, text: 'a' },
      404,
      'No chat 99. There are: 1001. Add one with POST /user/user',
    ],
    ['send', { chat: ALEX, from: 5, text: 'a' }, 404, 'No user 5. Name one of: 1001 as "from"'],
    [
      'send',
      { text: 'a' },
      400,
      'The request is not understood: "chat": Invalid input: expected number, received undefined',
    ],
    ['nothing', {}, 404, 'There is no POST /user/nothing.'],
    ['market/price', { percent: -3 }, 404, 'No simulated market here: it was not configured'],
  ])('POST %s %j is refused with what is allowed', async (path, body, status, error) => {
    const answer = await user(await chatFor(), path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toContain(error);
  });
});

describe('the event stream', () => {
  test('tells of messages, pushes, typing, edits and answers in order', async () => {
    const chat = await chatFor();
    const gone = new AbortController();
    const response = await fetch(`${chat.url}/user/events`, { signal: gone.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const seen: string[] = [];
    let heard = '';
    const until = async (type: string): Promise<void> => {
      while (!seen.includes(type)) {
        const chunk = await reader?.read();
        heard += chunk?.value ?? '';
        for (const match of (chunk?.value ?? '').matchAll(/^event: (\w+)$/gm))
          seen.push(match[1] ?? '');
      }
    };
    await until('hello');
    await call(chat, 'sendChatAction', { chat_id: ALEX, action: 'typing' });
    const id = await sentId(chat, button('go'));
    await sentId(chat, { disable_notification: true });
    await call(chat, 'editMessageText', {
      chat_id: ALEX,
      message_id: id,
      text: 'edited',
      ...button('go'),
    });
    const tap = await user(chat, 'tap', { chat: ALEX, message_id: id, data: 'go' });
    await call(chat, 'answerCallbackQuery', {
      callback_query_id: tap.body.callback_query_id,
      text: 'ok',
    });
    await call(chat, 'deleteMessage', { chat_id: ALEX, message_id: id });
    await until('delete');
    expect(seen).toEqual([
      'hello',
      'typing',
      'message',
      'push',
      'message',
      'edit',
      'callback_answer',
      'delete',
    ]);
    // Which of several taps on one button was answered.
    expect(heard).toContain(`"callback_query_id":"${tap.body.callback_query_id}"`);
    gone.abort();
  });
});

describe('the market', () => {
  test('is reached through the chat’s own address', async () => {
    const venue = await venueStub();
    const chat = await chatFor({ controlUrl: venue.url });
    await user(chat, 'market/price', { symbol: '*', percent: -10 });
    await user(chat, 'market/position', { symbol: 'BTCUSDT', side: 'SHORT', notional: 50 });
    expect((await get(chat, '/user/market')).body).toMatchObject({ speed: 60 });
    expect(venue.asked).toEqual([
      'POST /sim/price {"symbol":"*","percent":-10}',
      'POST /sim/position {"symbol":"BTCUSDT","side":"SHORT","notional":50}',
      'GET /sim/health',
    ]);
  });

  test('says so when it does not answer', async () => {
    const chat = await chatFor({ controlUrl: 'http://127.0.0.1:1' });
    const answer = await user(chat, 'market/price', { percent: 3 });
    expect(answer).toEqual({
      status: 502,
      body: { error: 'The simulated market does not answer' },
    });
  });
});

describe('pages of other sites', () => {
  async function post(chat: Chat, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      const call = request(`${chat.url}/user/send`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      call.once('error', reject);
      call.end(JSON.stringify({ chat: ALEX, text: '/halt' }));
    });
  }

  test('cannot act: neither from another origin, nor as plain text, nor under a foreign name', async () => {
    const chat = await chatFor();
    const json = { 'content-type': 'application/json' };
    expect(await post(chat, { ...json, origin: 'https://evil.example' })).toBe(403);
    expect(await post(chat, { 'content-type': 'text/plain' })).toBe(400);
    expect(await post(chat, { ...json, host: 'evil.example' })).toBe(403);
    expect(await messages(chat)).toEqual([]);
    expect(await post(chat, { ...json, origin: chat.url })).toBe(200);
    expect(await post(chat, { ...json, host: 'localhost:9' })).toBe(200);
  });

  test('cannot speak as the bot either, nor guess its token', async () => {
    const [chat, other] = [await chatFor(), await chatFor()];
    const getMe = (headers: Record<string, string>, token = chat.token): Promise<number> =>
      new Promise((resolve, reject) => {
        const asked = request(`${chat.apiRoot}/bot${token}/getMe`, { headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        asked.once('error', reject);
        asked.end();
      });
    expect(await getMe({})).toBe(200);
    expect(await getMe({ origin: 'https://evil.example' })).toBe(403);
    expect(await getMe({ host: 'evil.example' })).toBe(403);
    expect(await getMe({ host: 'localhost:9' })).toBe(200);
    expect(await getMe({}, other.token)).toBe(401);
    expect(chat.token).toMatch(/^7000000001:[\w-]{32}$/);
  });

  test('get no script to run from an uploaded document', async () => {
    const chat = await chatFor();
    const form = new FormData();
    form.set('chat_id', String(ALEX));
    form.set('document', new Blob(['<script>alert(1)</script>']), 'x.html');
    await fetch(`${chat.apiRoot}/bot${chat.token}/sendDocument`, { method: 'POST', body: form });
    const [message] = await messages(chat);
    const file = await fetch(`${chat.url}/user/file/${message?.document?.file_id}`);
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
  });
});

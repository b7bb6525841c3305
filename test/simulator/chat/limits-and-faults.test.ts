import { autoRetry } from '@grammyjs/auto-retry';
import { Api, HttpError } from 'grammy';
import { afterEach, describe, expect, test } from 'vitest';

import { RateLimiter, TELEGRAM_LIMITS } from '../../../src/simulator/chat/bot-api/rate-limit.ts';
import type { Chat } from '../../../src/simulator/chat/chat.ts';
import { ALEX, call, chatFor, messages, refusal, stopAll, user } from './chat-fixture.ts';

afterEach(stopAll);

const message = { chat_id: ALEX, text: 'hi' };

describe('sending limits', () => {
  test('a chat takes a burst of 20 and then one a second', () => {
    let now = 0;
    const limiter = new RateLimiter(TELEGRAM_LIMITS, () => now);
    for (let sent = 0; sent < 20; sent += 1) limiter.take('1', 1);
    expect(() => limiter.take('1', 1)).toThrow('Too Many Requests: retry after 1');
    expect(() => limiter.take('1', 10)).toThrow('Too Many Requests: retry after 10');
    now += 1000;
    limiter.take('1', 1);
    expect(() => limiter.take('1', 1)).toThrow('retry after 1');
  });

  test('all chats together take 30 a second', () => {
    let now = 0;
    const limiter = new RateLimiter(TELEGRAM_LIMITS, () => now);
    for (let sent = 0; sent < 30; sent += 1) limiter.take(String(sent), 1);
    expect(() => limiter.take('31', 1)).toThrow('retry after 1');
    now += 100;
    for (let sent = 0; sent < 3; sent += 1) limiter.take('31', 1);
    expect(() => limiter.take('32', 1)).toThrow('retry after 1');
  });

  test('are on unless switched off, and name the seconds to wait', async () => {
    const chat = await chatFor({ rateLimits: TELEGRAM_LIMITS });
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => call(chat, 'sendMessage', message)),
    );
    const refused = answers.filter((answer) => !answer.ok);
    // A slow machine gives the chat time for some more than its 20.
    expect(refused.length).toBeLessThanOrEqual(80);
    expect(refused[0]).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
    expect(await refusal(chat, 'sendChatAction', { chat_id: ALEX, action: 'typing' })).toBe(
      'accepted',
    );
  });
});

describe('faults', () => {
  test('refuse the next calls of a method as often as asked', async () => {
    const chat = await chatFor();
    await user(chat, 'fault', { method: 'sendMessage', kind: '429', count: 1, retry_after: 7 });
    await user(chat, 'fault', { method: 'sendmessage', kind: '500', count: 2 });
    expect((await call(chat, 'sendMessage', message)).parameters).toEqual({ retry_after: 7 });
    expect(await refusal(chat, 'getMe')).toBe('accepted');
    expect(await refusal(chat, 'sendMessage', message)).toBe('Internal Server Error');
    expect(await refusal(chat, 'sendMessage', message)).toBe('Internal Server Error');
    expect(await refusal(chat, 'sendMessage', message)).toBe('accepted');
    expect(await messages(chat)).toHaveLength(1);
  });

  test('refuse with each code by which Telegram refuses', async () => {
    const chat = await chatFor();
    for (const kind of ['400', '401', '403', '409']) {
      await user(chat, 'fault', { method: 'sendMessage', kind });
      expect((await call(chat, 'sendMessage', message)).error_code).toBe(Number(kind));
    }
    expect(await refusal(chat, 'sendMessage', message)).toBe('accepted');
  });

  test('answer with the page of a gateway, which is no JSON', async () => {
    const chat = await chatFor();
    const api = new Api(chat.token, { apiRoot: chat.apiRoot });
    await user(chat, 'fault', { method: 'sendMessage', kind: 'html' });
    await expect(api.sendMessage(ALEX, 'x')).rejects.toThrow(HttpError);
    expect(await messages(chat)).toHaveLength(0);
  });

  test('lose a call before, or its answer after, it is carried out', async () => {
    const chat = await chatFor();
    await user(chat, 'fault', { kind: 'drop' });
    await expect(call(chat, 'sendMessage', message)).rejects.toThrow();
    expect(await messages(chat)).toHaveLength(0);
    await user(chat, 'fault', { kind: 'drop-after' });
    await expect(call(chat, 'sendMessage', message)).rejects.toThrow();
    expect(await messages(chat)).toHaveLength(1);
  });

  test('a lost answer makes a retrying client send twice', async () => {
    const chat = await chatFor();
    const api = new Api(chat.token, { apiRoot: chat.apiRoot });
    api.config.use(autoRetry());
    await user(chat, 'fault', { method: 'sendMessage', kind: 'drop-after' });
    await api.sendMessage(ALEX, 'twice');
    expect(await messages(chat)).toMatchObject([{ text: 'twice' }, { text: 'twice' }]);
  });

  test('delay a call, and can be taken back', async () => {
    const chat = await chatFor();
    await user(chat, 'fault', { kind: 'slow', ms: 2_000, count: 5 });
    const began = performance.now();
    await call(chat, 'getMe');
    expect(performance.now() - began).toBeGreaterThan(1_980);
    await user(chat, 'fault/clear', {});
    const quick = performance.now();
    await call(chat, 'getMe');
    expect(performance.now() - quick).toBeLessThan(1_980);
  });

  test('an outage cuts every call, the waiting poll too, and ends', async () => {
    const chat = await chatFor();
    const poll = call(chat, 'getUpdates', { timeout: 20 });
    const cut = expect(poll).rejects.toThrow();
    await pollWaits(chat);
    await user(chat, 'outage', { on: true });
    await cut;
    await expect(call(chat, 'getMe')).rejects.toThrow();
    await user(chat, 'send', { chat: ALEX, text: 'meanwhile' });
    await user(chat, 'outage', { on: false });
    expect((await call(chat, 'getUpdates')).result).toMatchObject([
      { message: { text: 'meanwhile' } },
    ]);
  });

  test('an unknown kind is refused with those that exist', async () => {
    const chat = await chatFor();
    const { status, body } = await user(chat, 'fault', { kind: 'fire' });
    expect(status).toBe(400);
    expect(body.error).toContain('"429"|"500"|"drop"|"drop-after"|"slow"');
  });
});

/** A call that is answered after the poll has been taken in, since both use the same server in turn. */
async function pollWaits(chat: Chat): Promise<void> {
  await call(chat, 'getMe');
  await call(chat, 'getMe');
}

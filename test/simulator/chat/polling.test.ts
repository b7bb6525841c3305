import { afterEach, describe, expect, test } from 'vitest';

import type { Chat } from '../../../src/simulator/chat/chat.ts';
import { ALEX, call, chatFor, eventually, stopAll, user } from './chat-fixture.ts';
import type { Answer } from './chat-fixture.ts';

afterEach(stopAll);

interface WireUpdate {
  readonly update_id: number;
  readonly message?: { readonly text?: string };
  readonly my_chat_member?: { readonly new_chat_member: { readonly status: string } };
}

const updatesOf = (answer: Answer): WireUpdate[] => answer.result as WireUpdate[];
const write = (chat: Chat, text: string): Promise<unknown> =>
  user(chat, 'send', { chat: ALEX, text });

async function pending(chat: Chat): Promise<number> {
  const answer = await call(chat, 'getWebhookInfo');
  return (answer.result as { pending_update_count: number }).pending_update_count;
}

describe('getUpdates', () => {
  test('gives an update again until an offset confirms it', async () => {
    const chat = await chatFor();
    await write(chat, 'one');
    await write(chat, 'two');
    const first = updatesOf(await call(chat, 'getUpdates'));
    expect(first.map((update) => update.message?.text)).toEqual(['one', 'two']);
    expect(updatesOf(await call(chat, 'getUpdates'))).toEqual(first);
    expect(updatesOf(await call(chat, 'getUpdates', { limit: 1 }))).toHaveLength(1);
    const offset = (first[0]?.update_id ?? 0) + 1;
    expect(updatesOf(await call(chat, 'getUpdates', { offset }))).toEqual(first.slice(1));
    expect(updatesOf(await call(chat, 'getUpdates', { offset: offset + 1 }))).toEqual([]);
    expect(await pending(chat)).toBe(0);
  });

  test('a negative offset keeps only the newest', async () => {
    const chat = await chatFor();
    for (const text of ['a', 'b', 'c']) await write(chat, text);
    const last = updatesOf(await call(chat, 'getUpdates', { offset: -1 }));
    expect(last.map((update) => update.message?.text)).toEqual(['c']);
    expect(await pending(chat)).toBe(1);
  });

  test('waits for an update and returns at once when one comes', async () => {
    const chat = await chatFor();
    const began = performance.now();
    const waiting = call(chat, 'getUpdates', { timeout: 20 });
    await write(chat, 'soon');
    expect(updatesOf(await waiting)).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  test('returns nothing when its time is up', async () => {
    const chat = await chatFor();
    const began = performance.now();
    expect(updatesOf(await call(chat, 'getUpdates', { timeout: 1 }))).toEqual([]);
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  test('a second poll ends the first with a conflict', async () => {
    const chat = await chatFor();
    const first = call(chat, 'getUpdates', { timeout: 20 });
    const second = eventually('the conflict', async () => {
      const poll = call(chat, 'getUpdates', { timeout: 1 });
      const outcome = await Promise.race([first, poll]);
      return outcome.ok ? undefined : outcome;
    });
    expect(await second).toEqual({
      ok: false,
      error_code: 409,
      description:
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
  });

  test('a poll whose client has gone loses no update', async () => {
    const chat = await chatFor();
    const gone = new AbortController();
    const poll = fetch(`${chat.apiRoot}/bot${chat.token}/getUpdates?timeout=20`, {
      signal: gone.signal,
    });
    setTimeout(() => gone.abort(), 50);
    await expect(poll).rejects.toThrow(/abort/);
    await write(chat, 'kept');
    expect(updatesOf(await call(chat, 'getUpdates', { timeout: 2 }))).toHaveLength(1);
  });

  test('gives only the kinds that the bot wants', async () => {
    const chat = await chatFor();
    await call(chat, 'getUpdates', { allowed_updates: ['message'] });
    await user(chat, 'block', { chat: ALEX, blocked: true });
    expect(await pending(chat)).toBe(0);
    await call(chat, 'getUpdates', { allowed_updates: [] });
    await user(chat, 'block', { chat: ALEX, blocked: false });
    const [update] = updatesOf(await call(chat, 'getUpdates'));
    expect(update?.my_chat_member?.new_chat_member.status).toBe('member');
  });

  test('is refused while a webhook is set', async () => {
    const chat = await chatFor();
    await call(chat, 'setWebhook', { url: 'https://example.com/hook' });
    expect(await call(chat, 'getUpdates')).toMatchObject({
      error_code: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    });
    await write(chat, 'dropped');
    await call(chat, 'deleteWebhook', { drop_pending_updates: true });
    expect(updatesOf(await call(chat, 'getUpdates'))).toEqual([]);
  });

  test('forgets an update after a day', async () => {
    let now = Date.now();
    const chat = await chatFor({ now: () => now });
    await write(chat, 'old');
    now += 24 * 3600 * 1000 + 1;
    expect(updatesOf(await call(chat, 'getUpdates'))).toEqual([]);
  });
});

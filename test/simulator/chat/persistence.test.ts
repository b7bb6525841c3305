import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  ALEX,
  call,
  chatFor,
  eventually,
  messages,
  png,
  sentId,
  stopAll,
  user,
} from './chat-fixture.ts';

let folder: string;
let persistFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigil-chat-'));
  persistFile = join(folder, 'deep', 'chat.json');
});
afterEach(async () => {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
});

test('everything is there after a restart', async () => {
  const first = await chatFor({ persistFile });
  await user(first, 'user', { id: 7, first_name: 'Sam' });
  await call(first, 'setMyCommands', { commands: [{ command: 'help', description: 'Help' }] });
  const form = new FormData();
  form.set('chat_id', String(ALEX));
  form.set('photo', new Blob([new Uint8Array(png(30, 20))]), 'a.png');
  await fetch(`${first.apiRoot}/bot${first.token}/sendPhoto`, { method: 'POST', body: form });
  await user(first, 'send', { chat: ALEX, text: 'waiting' });
  await user(first, 'block', { chat: 7, blocked: true });
  const before = await messages(first);
  await first.stop();

  const second = await chatFor({ persistFile });
  expect(await messages(second)).toEqual(before);
  const [photo] = before;
  const file = await fetch(`${second.url}/user/file/${photo?.photo?.file_id}`);
  expect(Buffer.from(await file.arrayBuffer()).equals(png(30, 20))).toBe(true);
  expect((await call(second, 'getUpdates')).result).toMatchObject([
    { message: { text: 'waiting' } },
    {},
  ]);
  expect((await call(second, 'getMyCommands')).result).toHaveLength(1);
  expect((await call(second, 'sendMessage', { chat_id: 7, text: 'a' })).error_code).toBe(403);
  expect(await sentId(second)).toBe((before.at(-1)?.id ?? 0) + 1);
});

test('a change is on the disk soon, without a stop', async () => {
  const chat = await chatFor({ persistFile });
  await sentId(chat, { text: 'kept' });
  const saved = await eventually('the file', async () => {
    const text = existsSync(persistFile) ? readFileSync(persistFile, 'utf8') : '';
    return text.includes('kept') ? text : undefined;
  });
  expect(JSON.parse(saved)).toMatchObject({ version: 1 });
});

test('a damaged file is named, with what to do', async () => {
  const path = join(folder, 'chat.json');
  writeFileSync(path, '{"version":1,');
  await expect(chatFor({ persistFile: path })).rejects.toThrow(
    `The chat's saved state "${path}" cannot be read: move it away to begin with an empty chat`,
  );
});

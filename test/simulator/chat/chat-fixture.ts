import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createCanvas } from '@napi-rs/canvas';
import { Bot } from 'grammy';

import { startChat } from '../../../src/simulator/chat/chat.ts';
import type { Chat, ChatOptions } from '../../../src/simulator/chat/chat.ts';
import type { UserMessage } from '../../../src/simulator/chat/wire/message-views.ts';
import { PATIENCE_MS } from '../../patience.ts';

/** The person of the default chat. */
export const ALEX = 1001;

/** An answer of the Bot API. */
export interface Answer {
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: { readonly retry_after?: number };
}

const running: (() => Promise<void>)[] = [];

/** Stops whatever the test has started, the last first. */
export async function stopAll(): Promise<void> {
  for (const stop of running.splice(0).toReversed()) await stop();
}

/** A started emulator without sending limits, unless the options say otherwise. */
export async function chatFor(options: ChatOptions = {}): Promise<Chat> {
  const chat = await startChat({ rateLimits: false, ...options });
  running.push(() => chat.stop());
  return chat;
}

/** A real grammY bot at the emulator; `setUp` registers its handlers before it polls. */
export async function botFor(
  chat: Chat,
  setUp: (bot: Bot) => void = () => undefined,
): Promise<Bot> {
  const bot = new Bot(chat.token, { client: { apiRoot: chat.apiRoot } });
  setUp(bot);
  await bot.init();
  const polling = bot.start();
  running.push(async () => {
    await bot.stop();
    await polling;
  });
  return bot;
}

/** One call by plain JSON. */
export async function call(chat: Chat, method: string, args: object = {}): Promise<Answer> {
  const response = await fetch(`${chat.apiRoot}/bot${chat.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  return (await response.json()) as Answer;
}

/** The description of a refusal, or "accepted". */
export async function refusal(chat: Chat, method: string, args: object = {}): Promise<string> {
  const answer = await call(chat, method, args);
  return answer.description ?? 'accepted';
}

/** The id of a message that the bot has just sent. */
export async function sentId(chat: Chat, args: object = {}): Promise<number> {
  const answer = await call(chat, 'sendMessage', { chat_id: ALEX, text: 'hello', ...args });
  return (answer.result as { message_id: number }).message_id;
}

/** What the user API answers, as far as the tests look at it. */
export interface UserAnswer {
  readonly error?: string;
  readonly message?: UserMessage;
  readonly update_id?: number | null;
  readonly callback_query_id?: string;
}

/** A POST from the user's side: status and JSON. */
export async function user(
  chat: Chat,
  path: string,
  body: object,
): Promise<{ status: number; body: UserAnswer }> {
  const response = await fetch(`${chat.url}/user/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as UserAnswer };
}

/** The messages of a chat that are not deleted. */
export async function messages(chat: Chat, chatId = ALEX): Promise<UserMessage[]> {
  const response = await fetch(`${chat.url}/user/messages?chat=${chatId}`);
  const { messages: list } = (await response.json()) as { messages: UserMessage[] };
  return list.filter((message) => !message.deleted);
}

/** Waits until `find` returns something; fails with what was awaited when it never does. */
export async function eventually<T>(what: string, find: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  throw new Error(`Not in time: ${what}`);
}

/** A picture of the given size in pixels. */
export function png(width: number, height: number): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#14202b';
  context.fillRect(0, 0, width, height);
  context.strokeStyle = '#35c08b';
  context.lineWidth = 4;
  context.beginPath();
  for (let x = 0; x <= width; x += 10) {
    context.lineTo(x, height / 2 + Math.sin(x / 37) * height * 0.2 - (x / width) * height * 0.2);
  }
  context.stroke();
  return canvas.toBuffer('image/png');
}

/** An HTTP server that notes what it is asked and answers with JSON. */
export async function venueStub(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`.trim());
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: true, now: 1_795_368_012_000, speed: 60 }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push(async () => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

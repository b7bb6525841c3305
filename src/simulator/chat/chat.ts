import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { handleBotApi } from './bot-api/bot-api-server.ts';
import type { BotApi } from './bot-api/bot-api-server.ts';
import { Polling } from './bot-api/polling.ts';
import { RateLimiter, TELEGRAM_LIMITS } from './bot-api/rate-limit.ts';
import type { RateLimits } from './bot-api/rate-limit.ts';
import { Faults } from './faults.ts';
import type { User } from './message.ts';
import { page } from './page/page.ts';
import { Persistence } from './store/persistence.ts';
import type { Phone } from './user-api/route.ts';
import { handleUserApi, isOwnRequest } from './user-api/user-server.ts';
import { sendJson } from './wire/response.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

/** A person of the emulated Telegram. */
export interface ChatUser {
  readonly id: number;
  readonly first_name: string;
  readonly username?: string;
}

/** How the emulator runs; everything has a default. */
export interface ChatOptions {
  /** 0 takes any free port. */
  readonly port?: number;
  readonly host?: string;
  /** `<digits>:<secret>`; the digits are the bot's id. A secret of its own at each start when absent. */
  readonly token?: string;
  readonly botName?: string;
  readonly botUsername?: string;
  readonly users?: readonly ChatUser[];
  /** Address of the venue simulator's control API; the page then shows the market drawer. */
  readonly controlUrl?: string;
  /** Where the state is kept over restarts; uploaded files go to `<persistFile>.files/`. */
  readonly persistFile?: string;
  /** Milliseconds since 1970, for the dates of messages and the age of taps. */
  readonly now?: () => number;
  /** Sending limits; `false` switches them off. */
  readonly rateLimits?: RateLimits | false;
  /** How long a tap can be answered, in milliseconds. */
  readonly callbackTimeoutMs?: number;
  /** Names, besides plain ones and addresses, under which the page may be opened. */
  readonly allowedHosts?: readonly string[];
  /** Told of failures of the emulator itself. */
  readonly onError?: (error: unknown) => void;
}

/** A running emulator. */
export interface Chat {
  /** Where the page is. */
  readonly url: string;
  /** What grammY's `apiRoot` is set to. */
  readonly apiRoot: string;
  readonly token: string;
  /** Saves the state and closes every connection. */
  stop(): Promise<void>;
}

const BOT_ID = 7_000_000_001;
const DEFAULT_USERS: readonly ChatUser[] = [{ id: 1001, first_name: 'Alex', username: 'alex' }];
const CALLBACK_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 75_000;

/** Starts the chat emulator and waits until it listens. */
export async function startChat(options: ChatOptions = {}): Promise<Chat> {
  const { port = 0, host = '127.0.0.1', token = newToken(), onError = console.error } = options;
  const world = createWorld(
    botOf(options, token),
    options.now ?? Date.now,
    options.callbackTimeoutMs ?? CALLBACK_TIMEOUT_MS,
  );
  const persistence =
    options.persistFile === undefined
      ? undefined
      : new Persistence(options.persistFile, world, onError);
  persistence?.load();
  for (const user of options.users ?? DEFAULT_USERS) {
    if (!world.people.user(user.id))
      world.people.addUser({ ...user, is_bot: false, language_code: 'en' });
  }
  const polling = new Polling(world.updates);
  const faults = new Faults();
  const limits = options.rateLimits ?? TELEGRAM_LIMITS;
  const limiter = limits === false ? undefined : new RateLimiter(limits, () => performance.now());
  const api: BotApi = { world, token, polling, faults, limiter, onError };
  const phone: Phone = { world, faults, polling, controlUrl: options.controlUrl };
  const front = { api, phone, allowedHosts: options.allowedHosts ?? [] };
  const server = createServer((request, response) => {
    handle(front, request, response)
      .catch(onError)
      .finally(() => persistence?.schedule());
  });
  // A client that keeps its connections must not meet one that the server is just closing.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await listen(server, port, host);
  const url = addressOf(server, host);
  const stop = async (): Promise<void> => {
    polling.stop();
    await close(server);
    await persistence?.flush();
  };
  return { url, apiRoot: url, token, stop };
}

const newToken = (): string => `${BOT_ID}:${randomBytes(24).toString('base64url')}`;

function botOf(options: ChatOptions, token: string): User {
  const digits = /^(\d+):\S+$/.exec(token)?.[1];
  if (digits === undefined) throw new Error('The chat\'s token must look like "<digits>:<secret>"');
  const { botName = 'Vigil', botUsername = 'vigil_demo_bot' } = options;
  return { id: Number(digits), is_bot: true, first_name: botName, username: botUsername };
}

interface Front {
  readonly api: BotApi;
  readonly phone: Phone;
  readonly allowedHosts: readonly string[];
}

async function handle(
  front: Front,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!URL.canParse(request.url ?? '/', 'http://chat'))
    return sendJson(response, 400, { error: 'Bad address' });
  const url = new URL(request.url ?? '/', 'http://chat');
  const exchange = { request, response, url };
  if (!isOwnRequest(request, front.allowedHosts)) {
    const error =
      'Refused: the request comes from another site or under an unknown name. Open the page by its address';
    return sendJson(response, 403, { ok: false, error_code: 403, description: error, error });
  }
  if (await handleBotApi(front.api, exchange)) return;
  if (await handleUserApi(front.phone, exchange)) return;
  if (url.pathname === '/' && request.method === 'GET')
    return sendPage(front.phone.world, response);
  sendJson(response, 404, { ok: false, error_code: 404, description: 'Not Found' });
}

function sendPage(world: World, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'",
    'x-frame-options': 'SAMEORIGIN',
    'referrer-policy': 'no-referrer',
  });
  response.end(page(world.bot));
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const name =
    host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';

import { ApiError } from '../api-error.ts';
import { parseJson } from '../wire/json.ts';
import { readBody } from '../wire/request-body.ts';
import { sendJson } from '../wire/response.ts';
import * as act from './act.ts';
import * as market from './market.ts';
import * as read from './read.ts';
import { ANSWERED } from './route.ts';
import type { Phone, Route } from './route.ts';
import * as trouble from './trouble.ts';
import { UserError } from './user-error.ts';

const BODY_MAX_BYTES = 1024 * 1024;

/** Every address of the user's side; one that ends in a slash takes the rest of the path. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /user/messages': read.messages,
  'GET /user/chats': read.chats,
  'GET /user/commands': read.commands,
  'GET /user/file/': read.file,
  'GET /user/events': read.events,
  'POST /user/send': act.send,
  'POST /user/edit': act.edit,
  'POST /user/tap': act.tap,
  'POST /user/user': act.addUser,
  'POST /user/group': act.addGroup,
  'POST /user/block': act.block,
  'POST /user/fault': trouble.addFault,
  'POST /user/fault/clear': trouble.clearFaults,
  'POST /user/outage': trouble.outage,
  'GET /user/market': market.marketHealth,
  'POST /user/market/price': market.movePrice,
  'POST /user/market/position': market.openPosition,
};

/** Handles /user/...; false for any other path. */
export async function handleUserApi(
  phone: Phone,
  exchange: { request: IncomingMessage; response: ServerResponse; url: URL },
): Promise<boolean> {
  const { request, response, url } = exchange;
  if (!url.pathname.startsWith('/user/')) return false;
  try {
    const { route, rest } = findRoute(request.method ?? 'GET', url.pathname);
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    const result = await route({ phone, query: url.searchParams, body, request, response, rest });
    if (result !== ANSWERED) sendJson(response, 200, result);
  } catch (error) {
    if (response.headersSent) throw error;
    const status =
      error instanceof UserError ? error.status : error instanceof ApiError ? error.code : 500;
    const text =
      status === 500 || !(error instanceof Error) ? 'The chat emulator failed' : error.message;
    sendJson(response, status, { error: text });
    if (status === 500) throw error;
  }
  return true;
}

function findRoute(method: string, path: string): { route: Route; rest: string } {
  const exact = ROUTES[`${method} ${path}`];
  if (exact) return { route: exact, rest: '' };
  for (const [key, route] of Object.entries(ROUTES)) {
    if (key.endsWith('/') && `${method} ${path}`.startsWith(key)) {
      return { route, rest: decodeURIComponent(`${method} ${path}`.slice(key.length)) };
    }
  }
  throw new UserError(
    404,
    `There is no ${method} ${path}. There are: ${Object.keys(ROUTES).join(', ')}`,
  );
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const kind = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  // A page of another site can post plain text without asking, but not JSON.
  if (kind !== 'application/json')
    throw new UserError(400, 'Send JSON with content-type: application/json');
  const text = (await readBody(request, BODY_MAX_BYTES)).toString('utf8');
  const parsed = parseJson(text === '' ? '{}' : text);
  if (parsed === undefined) throw new UserError(400, 'The body is not valid JSON');
  return parsed;
}

/**
 * Whether the request comes from this machine's own page or a program, not from a page of another site: such a page
 * could press Approve. Named hosts must be without a dot or listed, which stops rebinding of a foreign name.
 */
export function isOwnRequest(request: IncomingMessage, allowedHosts: readonly string[]): boolean {
  const host = request.headers.host ?? '';
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  const plain = isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost');
  if (!plain && !allowedHosts.includes(name)) return false;
  const { origin } = request.headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host.toLowerCase() === host.toLowerCase();
}

import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { ApiError } from '../api-error.ts';
import { refusalOf } from '../faults.ts';
import type { Faults } from '../faults.ts';
import { sendBytes, sendJson } from '../wire/response.ts';
import { readParams } from '../wire/request-body.ts';
import type { World } from '../world.ts';
import { findMethod } from './methods.ts';
import type { FoundMethod } from './methods.ts';
import type { Polling } from './polling.ts';
import type { RateLimiter } from './rate-limit.ts';

/** What the Bot API needs to answer. */
export interface BotApi {
  readonly world: World;
  readonly token: string;
  readonly polling: Polling;
  readonly faults: Faults;
  /** Absent when limits are off. */
  readonly limiter: RateLimiter | undefined;
  /** Told of failures of the emulator itself, which the bot sees as a 500. */
  readonly onError: (error: unknown) => void;
}

/** Handles /bot<token>/<method> and /file/bot<token>/<path>; false when the path is neither. */
export async function handleBotApi(
  api: BotApi,
  exchange: { request: IncomingMessage; response: ServerResponse; url: URL },
): Promise<boolean> {
  const { request, response, url } = exchange;
  const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(url.pathname);
  const method = /^\/bot([^/]+)\/(?:test\/)?([^/]*)$/.exec(url.pathname);
  if (!file && !method) return false;
  if (api.faults.outage) {
    request.socket.destroy();
    return true;
  }
  try {
    checkToken(api.token, decodeURIComponent((file ?? method)?.[1] ?? ''));
    if (file) sendFile(api.world, decodeURIComponent(file[2] ?? ''), response);
    else await handleMethod(api, method?.[2] ?? '', exchange);
  } catch (error) {
    if (!(error instanceof ApiError) && !request.destroyed) api.onError(error);
    sendRefusal(response, error);
  }
  return true;
}

function checkToken(expected: string, given: string): void {
  if (!/^\d+:/.test(given)) throw new ApiError(404, 'Not Found');
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) throw new ApiError(401, 'Unauthorized');
}

async function handleMethod(
  api: BotApi,
  name: string,
  { request, response, url }: { request: IncomingMessage; response: ServerResponse; url: URL },
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'POST') throw new ApiError(404, 'Not Found');
  const params = await readParams(request, url.searchParams);
  const method = findMethod(name);
  if (!method) throw new ApiError(404, 'Not Found: method not found');
  const fault = api.faults.take(method.name);
  const refusal = fault && refusalOf(fault);
  if (refusal) throw refusal;
  if (fault?.kind === 'html') {
    const page = '<html><head><title>502 Bad Gateway</title></head></html>';
    response.writeHead(502, { 'content-type': 'text/html' }).end(page);
    return;
  }
  if (fault?.kind === 'drop') return void request.socket.destroy();
  if (fault?.kind === 'slow') await delay(fault.ms);
  limit(api, method, params);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const result = await method.run({
    world: api.world,
    params,
    polling: api.polling,
    signal: gone.signal,
  });
  if (fault?.kind === 'drop-after' || api.faults.outage) return void request.socket.destroy();
  sendJson(response, 200, { ok: true, result });
}

function limit(
  api: BotApi,
  method: FoundMethod,
  params: Awaited<ReturnType<typeof readParams>>,
): void {
  if (!method.limited || !api.limiter) return;
  const media =
    method.name === 'sendMediaGroup'
      ? params.json('media', "Can't parse media JSON object")
      : undefined;
  api.limiter.take(
    params.text('chat_id').trim(),
    Array.isArray(media) ? Math.max(1, media.length) : 1,
  );
}

function sendFile(world: World, path: string, response: ServerResponse): void {
  const file = world.files.byPath(path);
  const bytes = file && world.files.bytes(file.fileId);
  if (!file || !bytes) throw new ApiError(404, 'Not Found');
  sendBytes(response, { bytes, mime: 'application/octet-stream' });
}

function sendRefusal(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof ApiError ? error : new ApiError(500, 'Internal Server Error');
  if (response.headersSent || response.destroyed) return;
  if (refusal.code === 413) response.setHeader('connection', 'close');
  sendJson(response, refusal.code, {
    ok: false,
    error_code: refusal.code,
    description: refusal.message,
    ...(refusal.parameters ? { parameters: refusal.parameters } : {}),
  });
}

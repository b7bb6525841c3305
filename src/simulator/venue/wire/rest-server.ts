import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from '../engine/account.ts';
import type { Engine } from '../engine/engine.ts';
import type { Faults } from '../faults.ts';
import { refusal, VenueError } from '../venue-error.ts';
import { ACCOUNT_ROUTES } from './account-routes.ts';
import type { PrivateRoute, Route } from './handler.ts';
import { MARKET_ROUTES } from './market-routes.ts';
import { ORDER_LIST_ROUTES } from './order-list-routes.ts';
import { ORDER_ROUTES } from './order-routes.ts';
import type { Params } from './params.ts';
import { POSITION_ROUTES } from './position-routes.ts';
import { RateLimit } from './rate-limit.ts';
import { requestSignature, sameText } from './signature.ts';
import { TPSL_ROUTES } from './tpsl-routes.ts';

const PREFIX = '/api/v1/futures/';
const LARGEST_BODY = 1_000_000;
const NONCES_KEPT = 20_000;
const SHARED_LIMIT = 10;
const CHALLENGE =
  '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>error code: 1010</body></html>';

export const ROUTES: ReadonlyMap<string, Route> = new Map(
  Object.entries({
    ...MARKET_ROUTES,
    ...ACCOUNT_ROUTES,
    ...POSITION_ROUTES,
    ...ORDER_ROUTES,
    ...ORDER_LIST_ROUTES,
    ...TPSL_ROUTES,
  }),
);

export interface RestOptions {
  readonly engine: Engine;
  readonly faults: Faults;
  readonly now: () => number;
  /** Secret keys by API key. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Called after a write and before its answer. */
  readonly onWritten: () => void;
  readonly rateLimits: boolean;
}

interface Received {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: ReadonlyArray<readonly [string, string]>;
  readonly body: Buffer;
}

/** The REST side: routing, signature, limits and envelope, over whatever the engine answers. */
export class RestServer {
  readonly #options: RestOptions;
  readonly #limits = new RateLimit();
  readonly #nonces = new Set<string>();
  /** Requests answered, for the health page. */
  served = 0;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  /** Answers one request; never throws. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) {
      response.writeHead(413).end();
      return;
    }
    const { path, query } = splitTarget(request.url ?? '/');
    const { faults } = this.#options;
    const delay = faults.take('slow', { path });
    if (delay !== undefined) await waitReal(delay);
    if (faults.take('html-403', { path }) !== undefined) {
      response
        .writeHead(403, { 'Content-Type': 'text/html; charset=UTF-8', Server: 'cloudflare' })
        .end(CHALLENGE);
      return;
    }
    const text = await this.#reply({ request, path, query, body });
    this.served += 1;
    if (request.method === 'POST' && faults.take('lost-reply', { path }) !== undefined) {
      request.socket.destroy();
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'application/json;charset=UTF-8',
      Date: this.#date(),
    });
    response.end(text);
  }

  async #reply(received: Received): Promise<string> {
    try {
      const data = await this.#handle(received);
      return JSON.stringify({ code: 0, data, msg: 'result.success' });
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      return JSON.stringify({ code: error.code, data: null, msg: error.message });
    }
  }

  async #handle(received: Received): Promise<unknown> {
    const { request, path } = received;
    const { engine, faults } = this.#options;
    const name = path.startsWith(PREFIX) ? path.slice(PREFIX.length).replace(/\/$/, '') : '';
    const route = ROUTES.get(name);
    if (route === undefined || route.method !== request.method)
      throw new VenueError(404, 'Not Found');
    if (faults.take('rate-limited', { path }) !== undefined)
      throw refusal(engine.ctx.quirks.rateCode);
    engine.advance(this.#options.now());
    const rest = { engine, faults };
    if (route.access === 'public') {
      this.#count(name, request.socket.remoteAddress ?? '', route);
      if (faults.take('network-error', { path }) !== undefined) throw refusal(10001);
      return route.handle(rest, Object.fromEntries(received.query));
    }
    if (faults.take('bad-sign', { path }) !== undefined) throw refusal(10007);
    const account = this.#authenticate(received);
    this.#count(name, account.uid, route);
    return this.#private(rest, route, { received, account });
  }

  #private(
    rest: { engine: Engine; faults: Faults },
    route: PrivateRoute,
    call: { readonly received: Received; readonly account: Account },
  ): unknown {
    const { received, account } = call;
    const params =
      route.method === 'POST' ? bodyParams(received.body) : Object.fromEntries(received.query);
    if (route.method === 'GET') return route.handle(rest, params, account);
    let data: unknown;
    try {
      data = route.handle(rest, params, account);
      // As when something on the way delivers it again: the sender hears of the second time only.
      if (rest.faults.take('doubled-request', { path: received.path }) !== undefined)
        data = route.handle(rest, params, account);
    } finally {
      this.#options.onWritten();
    }
    if (rest.faults.take('network-error', { path: received.path }) !== undefined)
      throw refusal(10001);
    return data;
  }

  #authenticate(received: Received): Account {
    const { headers } = received.request;
    const { engine, secrets } = this.#options;
    const apiKey = header(headers['api-key']);
    if (apiKey === '') throw refusal(10003);
    const account = engine.accounts.find((one) => one.apiKey === apiKey);
    const secret = secrets.get(apiKey);
    const nonce = header(headers['nonce']);
    const timestamp = header(headers['timestamp']);
    if (account === undefined || secret === undefined || nonce === '') throw refusal(10007);
    const { query, body } = received;
    const sign = requestSignature({ nonce, timestamp, apiKey, query, body }, secret);
    if (!sameText(sign, header(headers['sign']))) throw refusal(10007);
    const age = Math.abs(Number(timestamp) - this.#wallTime());
    if (!/^\d+$/.test(timestamp) || age > engine.ctx.quirks.receiveWindowMs) throw refusal(10007);
    this.#checkNonce(apiKey + nonce);
    return account;
  }

  #checkNonce(nonce: string): void {
    if (this.#options.engine.ctx.quirks.nonceReuse) return;
    if (this.#nonces.has(nonce)) throw refusal(10007);
    if (this.#nonces.size > NONCES_KEPT) this.#nonces.clear();
    this.#nonces.add(nonce);
  }

  #count(name: string, who: string, route: Route): void {
    if (!this.#options.rateLimits) return;
    const { quirks } = this.#options.engine.ctx;
    const now = this.#options.now();
    const own = this.#limits.take(`${name} ${who}`, route.perSecond, now);
    const shared =
      quirks.rateScope === 'endpoint' || this.#limits.take(`* ${who}`, SHARED_LIMIT, now);
    if (!own || !shared) throw refusal(quirks.rateCode);
  }

  #date(): string {
    return new Date(this.#wallTime()).toUTCString();
  }

  /** The venue's clock as it shows itself outside: with the skew in force, if any. */
  #wallTime(): number {
    return this.#options.now() + (this.#options.faults.peek('clock-skew') ?? 0);
  }
}

function header(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

function splitTarget(target: string): { path: string; query: Array<readonly [string, string]> } {
  const at = target.indexOf('?');
  if (at < 0) return { path: target, query: [] };
  return { path: target.slice(0, at), query: [...new URLSearchParams(target.slice(at + 1))] };
}

function bodyParams(body: Buffer): Params {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw refusal(10002);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw refusal(10002);
  return Object.fromEntries(Object.entries(parsed));
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function waitReal(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

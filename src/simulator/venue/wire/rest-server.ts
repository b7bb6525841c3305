import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from '../engine/account.ts';
import type { Engine } from '../engine/engine.ts';
import type { Faults } from '../faults.ts';
import type { ApiKey } from '../venue-accounts.ts';
import { refusal, VenueError } from '../venue-error.ts';
import { createKeyCheck, type KeyCheck } from './key-check.ts';
import { ACCOUNT_ROUTES } from './routes/account-routes.ts';
import type { PrivateRoute, Route } from './routes/handler.ts';
import { MARKET_ROUTES } from './routes/market-routes.ts';
import { ORDER_LIST_ROUTES } from './routes/order-list-routes.ts';
import { ORDER_ROUTES } from './routes/order-routes.ts';
import { POSITION_ROUTES } from './routes/position-routes.ts';
import { RateLimit } from './rate-limit.ts';
import { bodyParams, plainAddress, readBody, splitTarget, type Received } from './request.ts';
import { TPSL_ROUTES } from './routes/tpsl-routes.ts';

const PREFIX = '/api/v1/futures/';
const ACCOUNT = `${PREFIX}account`;
const SHARED_LIMIT = 10;
const BURST_MS = 2_000;
const BLOCKED_MS = 60_000;
const perSecond = (most: number) => ({ most, windowMs: 1_000 });
const RATE_CODES: ReadonlySet<number> = new Set([10005, 10006]);
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

/** The paths of all calls that there are. */
export const PATHS: readonly string[] = [...ROUTES.keys()].map((name) => `${PREFIX}${name}`);

export interface RestOptions {
  readonly engine: Engine;
  readonly faults: Faults;
  readonly now: () => number;
  /** Milliseconds in which requests are counted: the venue's, and real ones while it stands still. */
  readonly counted: () => number;
  /** Lets the venue's clock leap so many milliseconds. */
  readonly leap: (ms: number) => void;
  readonly keys: ReadonlyMap<string, ApiKey>;
  /** Called after a write and before its answer. */
  readonly onWritten: () => void;
  readonly rateLimits: boolean;
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** The REST side: routing, signature, limits and envelope, over whatever the engine answers. */
export class RestServer {
  readonly #options: RestOptions;
  readonly #limits = new RateLimit();
  readonly #keyCheck: KeyCheck;
  readonly #blockedUntil = new Map<string, number>();
  /** Requests answered, for the health page. */
  served = 0;

  constructor(options: RestOptions) {
    this.#options = options;
    this.#keyCheck = createKeyCheck(options.engine, options.keys);
  }

  /** Answers one request; never throws. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) {
      response.writeHead(413).end();
      return;
    }
    const { path, query } = splitTarget(request.url ?? '/');
    const { faults, now, leap } = this.#options;
    const delay = faults.take('slow', { path });
    if (delay !== undefined) await waitReal(delay);
    if (this.#challenges(request) || faults.take('html-403', { path }) !== undefined) {
      response
        .writeHead(403, { 'Content-Type': 'text/html; charset=UTF-8', Server: 'cloudflare' })
        .end(CHALLENGE);
      return;
    }
    leap(faults.take('long-call', { path }) ?? 0);
    const received = { request, path, query, body, at: now() };
    if (this.#losesOnTheWay(received)) {
      request.socket.destroy();
      return;
    }
    const { status, text } = await this.#reply(received);
    this.served += 1;
    if (request.method === 'POST' && faults.take('lost-reply', { path }) !== undefined) {
      request.socket.destroy();
      return;
    }
    response.writeHead(status, {
      'Content-Type': 'application/json;charset=UTF-8',
      Date: this.#date(),
    });
    response.end(text);
  }

  /** Whether an address that has asked too fast gets a page for people instead of an answer. */
  #challenges({ socket }: IncomingMessage): boolean {
    const { engine, now } = this.#options;
    const most = engine.ctx.quirks.challengeAbove;
    if (most === 0) return false;
    const who = plainAddress(socket.remoteAddress);
    if ((this.#blockedUntil.get(who) ?? 0) > now()) return true;
    if (this.#limits.take(`burst ${who}`, { most, windowMs: BURST_MS }, now())) return false;
    this.#blockedUntil.set(who, now() + BLOCKED_MS);
    return true;
  }

  /** Whether the connection breaks before anything is done; a late request is then carried out when nobody waits for it any more. */
  #losesOnTheWay(received: Received): boolean {
    const { path, request, at } = received;
    const { engine, faults } = this.#options;
    if (faults.take('lost-request', { path }) !== undefined) return true;
    if (request.method !== 'POST') return false;
    const late = faults.take('late-request', { path });
    if (late === undefined) return false;
    engine.at(at + late, () => void this.#reply({ ...received, at: at + late }));
    return true;
  }

  async #reply(received: Received): Promise<Reply> {
    try {
      const data = await this.#handle(received);
      return { status: 200, text: JSON.stringify({ code: 0, data, msg: 'result.success' }) };
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      const { code, message } = error;
      const status = RATE_CODES.has(code) ? this.#options.engine.ctx.quirks.rateStatus : 200;
      return { status, text: JSON.stringify({ code, data: null, msg: message }) };
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
    engine.advance(received.at);
    const rest = { engine, faults };
    if (route.access === 'public') {
      this.#count(name, request.socket.remoteAddress ?? '', route);
      this.#refuse('refused', path);
      this.#refuse('network-error', path);
      return route.handle(rest, Object.fromEntries(received.query));
    }
    if (faults.take('bad-sign', { path }) !== undefined) throw refusal(10007);
    const account = this.#keyCheck(received, this.#wallTime(received.at));
    this.#count(name, account.uid, route);
    this.#refuse('refused', path);
    return this.#private(rest, route, { received, account });
  }

  #private(
    rest: { engine: Engine; faults: Faults },
    route: PrivateRoute,
    call: { readonly received: Received; readonly account: Account },
  ): unknown {
    const { received, account } = call;
    const { path } = received;
    if (route.method === 'GET') {
      this.#refuse('network-error', path);
      const { engine, faults } = rest;
      if (path.endsWith(ACCOUNT) && faults.take('empty-list', { path }) !== undefined) return [];
      const seen = faults.seen(account, { path, now: engine.ctx.time });
      return route.handle(rest, Object.fromEntries(received.query), seen);
    }
    const params = bodyParams(received.body);
    let data: unknown;
    try {
      data = route.handle(rest, params, account);
      // As when something on the way delivers it again: the sender hears of the second time only.
      if (rest.faults.take('doubled-request', { path }) !== undefined)
        data = route.handle(rest, params, account);
    } finally {
      this.#options.onWritten();
    }
    this.#refuse('network-error', path);
    return data;
  }

  #refuse(fault: 'refused' | 'network-error', path: string): void {
    const code = this.#options.faults.take(fault, { path });
    if (code !== undefined) throw refusal(code);
  }

  #count(name: string, who: string, route: Route): void {
    if (!this.#options.rateLimits) return;
    const { quirks } = this.#options.engine.ctx;
    const now = this.#options.counted();
    const own = this.#limits.take(`${name} ${who}`, perSecond(route.perSecond), now);
    const shared =
      quirks.rateScope === 'endpoint' ||
      this.#limits.take(`* ${who}`, perSecond(SHARED_LIMIT), now);
    if (!own || !shared) throw refusal(quirks.rateCode);
  }

  #date(): string {
    return new Date(this.#wallTime(this.#options.now())).toUTCString();
  }

  /** The venue's clock as it shows itself outside: with the skew in force, if any. */
  #wallTime(now: number): number {
    return now + (this.#options.faults.lasting('clock-skew') ?? 0);
  }
}

function waitReal(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  causeFault,
  deposit,
  movePrice,
  openPosition,
  setClock,
  setSpeed,
  type ControlBody,
  type ControlContext,
} from './control-actions.ts';
import { accountState, pricesOf } from './control-state.ts';
import { VenueError } from './venue-error.ts';
import type { Row } from './wire/rows.ts';

const LARGEST_BODY = 100_000;
const LOCAL_ORIGIN = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

const ACTIONS: Readonly<Record<string, (control: ControlContext, body: ControlBody) => Row>> = {
  '/sim/price': movePrice,
  '/sim/position': openPosition,
  '/sim/deposit': deposit,
  '/sim/clock': setClock,
  '/sim/speed': setSpeed,
  '/sim/fault': causeFault,
};

export interface ControlOptions extends ControlContext {
  /** Called after a change and before its answer. */
  readonly onWritten: () => void;
  readonly served: () => number;
}

/** Answers one request of the control API: JSON in, JSON out, `{"error": …}` with 400 for what it cannot do. */
export async function answerControl(
  options: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const origin = request.headers.origin;
  if (origin !== undefined && !LOCAL_ORIGIN.test(origin)) {
    response.writeHead(403).end();
    return;
  }
  const headers = {
    'Content-Type': 'application/json',
    'Access-Control-Allow-Origin': origin ?? 'http://localhost',
    'Access-Control-Allow-Headers': 'content-type',
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    Vary: 'Origin',
  };
  if (request.method === 'OPTIONS') {
    response.writeHead(204, headers).end();
    return;
  }
  try {
    const result = await handle(options, request);
    response.writeHead(200, headers).end(JSON.stringify(result));
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    response
      .writeHead(400, headers)
      .end(JSON.stringify({ error: error.message, code: error.code }));
  }
}

async function handle(options: ControlOptions, request: IncomingMessage): Promise<Row> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const { engine, clock } = options;
  engine.advance(clock.now());
  if (request.method === 'GET') return read(options, url);
  const action = ACTIONS[url.pathname];
  if (action === undefined || request.method !== 'POST')
    throw new VenueError(404, `There is no ${url.pathname}`);
  const body = await readJson(request);
  try {
    return action(options, body);
  } finally {
    options.onWritten();
  }
}

function read(options: ControlOptions, url: URL): Row {
  const { engine, clock, faults, sockets } = options;
  const time = { now: clock.now(), speed: clock.speed };
  if (url.pathname === '/sim/health') {
    const counts = {
      served: options.served(),
      sockets: sockets.sockets,
      symbols: engine.ctx.market.instruments.length,
    };
    return { ok: true, ...time, ...counts };
  }
  if (url.pathname !== '/sim/state') throw new VenueError(404, `There is no ${url.pathname}`);
  const symbols = (url.searchParams.get('symbols') ?? '')
    .split(',')
    .filter((symbol) => symbol !== '');
  const accounts = engine.accounts.map((account) => accountState(engine, account));
  return {
    ...time,
    account: accounts[0] ?? null,
    accounts,
    prices: pricesOf(engine, symbols),
    faults: faults.list(),
  };
}

async function readJson(request: IncomingMessage): Promise<ControlBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > LARGEST_BODY) throw new VenueError(400, 'The body is too large');
    chunks.push(chunk);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
  } catch {
    throw new VenueError(400, 'The body must be JSON');
  }
  if (typeof parsed !== 'object' || parsed === null)
    throw new VenueError(400, 'The body must be a JSON object');
  return Object.fromEntries(Object.entries(parsed));
}

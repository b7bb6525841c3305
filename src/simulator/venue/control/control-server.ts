import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  changeContract,
  deleveragePosition,
  deposit,
  movePrice,
  openPosition,
  setClock,
  setSpeed,
} from './control-actions.ts';
import type { ControlBody, ControlContext } from './control-body.ts';
import { causeFault } from './control-faults.ts';
import { accountState, pricesOf } from './control-state.ts';
import { VenueError } from '../venue-error.ts';
import type { Row } from '../wire/routes/rows.ts';

const LARGEST_BODY = 100_000;
/** Programs and pages of this machine: a page of elsewhere must not even read, nor one whose name was turned to this address. */
const LOCAL_ORIGIN = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

const ACTIONS: Readonly<Record<string, (control: ControlContext, body: ControlBody) => Row>> = {
  '/sim/price': movePrice,
  '/sim/position': openPosition,
  '/sim/adl': deleveragePosition,
  '/sim/deposit': deposit,
  '/sim/contract': changeContract,
  '/sim/clock': setClock,
  '/sim/speed': setSpeed,
  '/sim/fault': causeFault,
};

export interface ControlOptions extends ControlContext {
  /** Called after a change and before its answer. */
  readonly onWritten: () => void;
  readonly served: () => number;
}

const READS = ['/sim/state', '/sim/health'];
const STATUSES: ReadonlySet<number> = new Set([404, 405, 413]);

/** Answers one request of the control API: JSON in, JSON out, `{"error": …}` with a 4xx status for what it cannot do. */
export async function answerControl(
  options: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin, host = '' } = request.headers;
  const foreign =
    origin === undefined ? !LOCAL_ORIGIN.test(`http://${host}`) : !LOCAL_ORIGIN.test(origin);
  if (foreign) {
    response
      .writeHead(403, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ error: 'Only this machine may ask, as localhost or 127.0.0.1' }));
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
    const { code, message } = error;
    // A code of the exchange says why an order by hand was refused.
    const said = code < 1_000 ? { error: message } : { error: message, code };
    response.writeHead(STATUSES.has(code) ? code : 400, headers).end(JSON.stringify(said));
  }
}

async function handle(options: ControlOptions, request: IncomingMessage): Promise<Row> {
  const target = `http://localhost${request.url ?? '/'}`;
  if (!URL.canParse(target)) throw new VenueError(404, `There is no ${request.url}`);
  const url = new URL(target);
  const { engine, clock } = options;
  engine.advance(clock.now());
  const action = ACTIONS[url.pathname];
  if (action === undefined && !READS.includes(url.pathname))
    throw new VenueError(
      404,
      `There is no ${url.pathname}; there are GET ${READS.join(', ')} and POST ${Object.keys(ACTIONS).join(', ')}`,
    );
  if (request.method !== (action === undefined ? 'GET' : 'POST'))
    throw new VenueError(
      405,
      `${url.pathname} takes ${action === undefined ? 'GET' : 'POST'} only`,
    );
  if (action === undefined) return read(options, url);
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
    if (size > LARGEST_BODY)
      throw new VenueError(413, `The body is larger than ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
  } catch {
    throw new VenueError(400, 'The body must be JSON, such as {"symbol":"BTCUSDT","percent":-5}');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new VenueError(400, 'The body must be a JSON object');
  return Object.fromEntries(Object.entries(parsed));
}

import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import { startRedis } from '../../src/process/redis/server.ts';
import type { Figure } from './figure.ts';
import type { PipeOptions } from './alert-pipe.ts';
import { milliseconds, quantile } from './quantile.ts';

const ALERTS = 300;
/** The first ones of a round meet cold code and are not counted. */
const WARM_UP = 60;
const ROUNDS = 4;
const EVERY_MS = 8;

/**
 * Tick to alert: from a price frame on the socket to the HTTP request of sendMessage, while another process scans 500 symbols.
 * Bare pipe and Vigil take turns in the same run.
 */
export async function alertBench(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-bench-'));
  const quiet = { info: () => undefined, warn: () => undefined };
  const redis = await startRedis({
    dir: folder,
    persist: true,
    cacheDir: '.cache',
    log: quiet,
  });
  const scan = await child('./scan-load.ts');
  try {
    const found = { bare: [] as number[], vigil: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const kind of ['bare', 'vigil'] as const) {
        found[kind].push(...(await measure(kind, { redisUrl: redis.url, round })));
      }
    }
    return figures(found);
  } finally {
    scan.disconnect();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function figures({ bare, vigil }: { bare: number[]; vigil: number[] }): readonly Figure[] {
  const rows = ([0.5, 0.99] as const).map((q) => {
    const name = q === 0.5 ? 'p50' : 'p99';
    const [base, ours] = [quantile(bare, q), quantile(vigil, q)];
    return {
      what: `${name}: bare ${milliseconds(base)}, Vigil ${milliseconds(ours)}`,
      value: `${(ours / base).toFixed(2)}x`,
      aim: q === 0.5 ? 'at most 2.5x' : 'at most 2x',
    };
  });
  return [
    ...rows,
    { what: 'alerts counted, bare and Vigil', value: `${bare.length} and ${vigil.length}` },
  ];
}

async function measure(
  kind: PipeOptions['kind'],
  run: { redisUrl: string; round: number },
): Promise<readonly number[]> {
  const symbols = Array.from({ length: ALERTS }, (_, index) => `A${run.round}N${index}USDT`);
  const arrived = new Map<string, number>();
  const sink = createServer((request, response) => answer(request, response, arrived));
  const feed = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const sockets: WebSocket[] = [];
  feed.on('connection', (socket) => {
    sockets.push(socket);
    socket.send('{"op":"connect","data":{"result":true}}');
    // A stream counts as live once a price has come; this one touches nothing.
    socket.send(frameOf('QUIETUSDT', '105'));
  });
  const pipe = await child('./alert-pipe.ts', {
    kind,
    feedUrl: `ws://127.0.0.1:${(feed.address() as AddressInfo).port}`,
    sinkUrl: `http://127.0.0.1:${(sink.address() as AddressInfo).port}`,
    symbols,
    ...run,
  });
  const sent = await push(symbols, sockets);
  await until(() => arrived.size === symbols.length);
  pipe.disconnect();
  feed.close();
  sink.closeAllConnections();
  sink.close();
  return symbols.slice(WARM_UP).flatMap((symbol) => {
    const [from, to] = [sent.get(symbol), arrived.get(symbol)];
    return from === undefined || to === undefined ? [] : [to - from];
  });
}

async function push(
  symbols: readonly string[],
  sockets: readonly WebSocket[],
): Promise<Map<string, number>> {
  const sent = new Map<string, number>();
  for (const symbol of symbols) {
    sent.set(symbol, performance.now());
    for (const socket of sockets) socket.send(frameOf(symbol, '90'));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  return sent;
}

function frameOf(symbol: string, mark: string): string {
  const funding = { fr: '0.01', ft: '2026-01-01T00:00:00Z', nft: '2026-01-01T08:00:00Z' };
  return JSON.stringify({
    ch: 'price',
    symbol,
    ts: Date.now(),
    data: { ip: mark, mp: mark, ...funding },
  });
}

/** Just enough of the Bot API; the moment of the request is what counts. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  arrived: Map<string, number>,
): void {
  const at = performance.now();
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const symbol = /A\d+N\d+USDT/.exec(Buffer.concat(chunks).toString())?.[0];
    if (symbol !== undefined && !arrived.has(symbol)) arrived.set(symbol, at);
    if (request.url?.endsWith('/getUpdates') === true) return;
    const me = { id: 7_000_000_001, is_bot: true, first_name: 'Bench', username: 'bench_bot' };
    const message = { message_id: arrived.size + 1, date: 1, chat: { id: 1001, type: 'private' } };
    const result = request.url?.endsWith('/getMe') === true ? me : message;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, result }));
  });
}

async function child(file: string, options?: object): Promise<ChildProcess> {
  const started = fork(new URL(file, import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = new Promise<void>((resolve, reject) => {
    started.once('message', () => resolve());
    started.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  if (options !== undefined) started.send(options);
  await ready;
  return started;
}

const DEADLINE_MS = 20_000;

async function until(done: () => boolean): Promise<void> {
  const start = performance.now();
  while (!done() && performance.now() - start < DEADLINE_MS) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

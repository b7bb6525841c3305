import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startVenue, type Venue, type VenueOptions } from '../../../src/simulator/venue/venue.ts';
import { PATIENCE_MS } from '../../patience.ts';

export const API_KEY = 'demoApiKey0000000000000000000001';
export const SECRET_KEY = 'demoSecret000000000000000000000A';
export const NONCE = '0123456789abcdef0123456789abcdef';
/** 2026-01-01T00:00:00Z, the moment of the documented signature vectors. */
export const START = 1_767_225_600_000;
export const HOUR = 3_600_000;
/** So many contracts bring the equities that the API may not trade. */
export const WITH_EQUITIES = 40;

export type Json = Record<string, unknown>;

export interface Reply {
  readonly status: number;
  readonly code: unknown;
  readonly data: unknown;
  readonly msg: unknown;
  readonly headers: Headers;
}

export function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A venue that stands still (speed 0) until a test moves its clock, stopped when the test is over. */
export async function testVenue(options: Partial<VenueOptions> = {}): Promise<Venue> {
  const venue = await startVenue({
    market: { kind: 'generated', seed: 11, symbols: 12, from: START },
    speed: 0,
    accounts: [{ apiKey: API_KEY, secretKey: SECRET_KEY, balance: '10000' }],
    pushMs: 20,
    ...options,
  });
  onTestFinished(() => venue.stop());
  return venue;
}

export function asObject(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`expected an object, got ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(Object.entries(value));
}

export function asList(value: unknown): Json[] {
  if (!Array.isArray(value)) throw new Error(`expected a list, got ${JSON.stringify(value)}`);
  return value.map(asObject);
}

export function first(value: unknown): Json {
  const [row] = asList(value);
  if (row === undefined) throw new Error('expected at least one row');
  return row;
}

/** A client written for the tests from the document, knowing nothing of the venue's code. */
export class TestClient {
  readonly venue: Venue;

  constructor(venue: Venue) {
    this.venue = venue;
  }

  async public(name: string, query: Record<string, string> = {}): Promise<Reply> {
    return this.#send('GET', name, { query, headers: {} });
  }

  async get(name: string, query: Record<string, string> = {}): Promise<Reply> {
    return this.#send('GET', name, { query, headers: this.#sign(query, '') });
  }

  async post(name: string, body: Json): Promise<Reply> {
    const text = JSON.stringify(body);
    return this.#send('POST', name, { body: text, headers: this.#sign({}, text) });
  }

  /** Sends exactly these headers and this body. */
  async raw(
    method: string,
    name: string,
    parts: { headers: Record<string, string>; body?: string; query?: Record<string, string> },
  ): Promise<Reply> {
    return this.#send(method, name, parts);
  }

  async control(name: string, body: Json): Promise<Json> {
    const response = await fetch(`${this.venue.controlUrl}/sim/${name}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return asObject(await response.json());
  }

  async state(symbols = ''): Promise<Json> {
    const response = await fetch(`${this.venue.controlUrl}/sim/state?symbols=${symbols}`);
    return asObject(await response.json());
  }

  async account(): Promise<Json> {
    return asObject((await this.state())['account']);
  }

  async positions(query: Record<string, string> = {}): Promise<Json[]> {
    return asList((await this.get('position/get_pending_positions', query)).data);
  }

  async lastPrice(symbol: string): Promise<number> {
    return Number(
      first((await this.public('market/tickers', { symbols: symbol })).data)['lastPrice'],
    );
  }

  #sign(query: Record<string, string>, body: string): Record<string, string> {
    const timestamp = String(this.venue.now());
    const sorted = Object.keys(query)
      .sort()
      .map((key) => `${key}${query[key] ?? ''}`)
      .join('');
    const sign = sha(sha(NONCE + timestamp + API_KEY + sorted + body) + SECRET_KEY);
    return { 'api-key': API_KEY, nonce: NONCE, timestamp, sign };
  }

  async #send(
    method: string,
    name: string,
    parts: { headers: Record<string, string>; body?: string; query?: Record<string, string> },
  ): Promise<Reply> {
    const query = new URLSearchParams(parts.query ?? {}).toString();
    const url = `${this.venue.url}/api/v1/futures/${name}${query === '' ? '' : `?${query}`}`;
    const headers = { 'Content-Type': 'application/json', ...parts.headers };
    const response = await fetch(url, {
      method,
      headers,
      ...(parts.body === undefined ? {} : { body: parts.body }),
    });
    const text = await response.text();
    const envelope = text.startsWith('{')
      ? asObject(JSON.parse(text))
      : { code: undefined, data: text, msg: undefined };
    const { code, data, msg } = envelope;
    return { status: response.status, code, data, msg, headers: response.headers };
  }
}

/** A socket that keeps every frame and lets a test wait for one. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly frames: Json[] = [];
  closeCode: number | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(url: string) {
    this.socket = new WebSocket(url, { perMessageDeflate: false });
    this.socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) this.frames.push(asObject(JSON.parse(data.toString('utf8'))));
      this.#wake();
    });
    this.socket.on('close', (code) => {
      this.closeCode = code;
      this.#wake();
    });
    onTestFinished(() => this.socket.terminate());
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The first frame that fits, seen already or still to come. */
  async frame(fits: (frame: Json) => boolean): Promise<Json> {
    await this.until(() => this.frames.some(fits));
    const found = this.frames.find(fits);
    if (found === undefined) throw new Error('no such frame');
    return found;
  }

  async until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!condition()) {
      if (Date.now() > deadline)
        throw new Error(`nothing fitting among ${JSON.stringify(this.frames.slice(-5))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => done(), 250);
        const done = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          resolve();
        };
        this.#waiting.add(done);
      });
    }
  }

  async login(): Promise<void> {
    const timestamp = '1767225600';
    const sign = sha(sha(NONCE + timestamp + API_KEY) + SECRET_KEY);
    await this.frame((frame) => frame['op'] === 'connect');
    this.send({
      op: 'login',
      args: [{ apiKey: API_KEY, timestamp: Number(timestamp), nonce: NONCE, sign }],
    });
    await this.frame((frame) => frame['op'] === 'login');
  }

  #wake(): void {
    for (const done of this.#waiting) done();
  }
}

export type CandleLine = readonly [
  time: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
];

/** A folder of recorded candles that lives as long as the test. */
export function recording(files: Readonly<Record<string, readonly CandleLine[]>>): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'vigil-replay-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [symbol, rows] of Object.entries(files)) {
    const text = ['time,open,high,low,close,volume', ...rows.map((row) => row.join(','))].join(
      '\n',
    );
    writeFileSync(path.join(dir, `${symbol}.csv.gz`), gzipSync(`${text}\n`));
  }
  return dir;
}

/** A venue that replays the given hourly closes of one contract, standing at the open of the second candle. */
export async function replayVenue(
  rows: readonly CandleLine[],
  options: Partial<VenueOptions> = {},
): Promise<Venue> {
  const forming: CandleLine = [(rows.at(-1)?.[0] ?? 0) + HOUR, 1, 1, 1, 1, 1];
  const dir = recording({ BTCUSDT: [...rows, forming] });
  const from = rows[1]?.[0] ?? START;
  return testVenue({ market: { kind: 'replay', dir, from }, ...options });
}

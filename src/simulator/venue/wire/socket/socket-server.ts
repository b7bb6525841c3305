import type { IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Account, AccountEvent } from '../../engine/account.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Faults } from '../../faults.ts';
import type { ApiKey } from '../../venue-accounts.ts';
import { plainPath } from '../plain-path.ts';
import { privateFrame } from './private-frames.ts';
import { PublicFeed } from './public-feed.ts';
import { channelOf } from './public-frames.ts';
import { loginSignature, sameText } from '../signature.ts';

const MOST_CHANNELS = 300;
const MESSAGES_PER_SECOND = 5;
/** Real milliseconds after which a silent socket is cut: one that never spoke, and one that has stopped to ping. */
const PATIENCE = { neverSpokeMs: 60_500, noPingMs: 70_000 };
const PROTOCOL_PING_FIRST_MS = 1_500;

export interface SocketOptions {
  readonly engine: Engine;
  readonly faults: Faults;
  readonly now: () => number;
  readonly keys: ReadonlyMap<string, ApiKey>;
  readonly patience?: typeof PATIENCE;
}

interface Client {
  readonly socket: WebSocket;
  readonly kind: 'public' | 'private';
  readonly openedAt: number;
  /** Real time of opening, ms. */
  readonly bornAt: number;
  readonly channels: Map<string, { readonly ch: string; readonly symbol: string }>;
  readonly send: (frame: string) => void;
  account: Account | undefined;
  lastHeard: number;
  spoken: boolean;
  recent: number[];
  heldEvent: string | undefined;
}

/** The streams: greeting, JSON ping, subscriptions, login and pushes, with the exchange's habits and its abrupt ends. */
export class SocketServer {
  readonly feed: PublicFeed;
  readonly #options: SocketOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    autoPong: true,
  });
  readonly #clients = new Set<Client>();

  constructor(options: SocketOptions) {
    this.#options = options;
    this.feed = new PublicFeed(options.engine.ctx);
  }

  get sockets(): number {
    return this.#clients.size;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = plainPath((request.url ?? '').split('?')[0] ?? '').replace(/\/$/, '');
    if (path !== '/public' && path !== '/private') {
      socket.destroy();
      return;
    }
    const kind = path === '/public' ? 'public' : 'private';
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#accept(opened, kind));
  }

  /** Ends sockets without a close frame: the other side sees code 1006. */
  drop(kind?: 'public' | 'private'): number {
    const victims = [...this.#clients].filter(
      (client) => kind === undefined || client.kind === kind,
    );
    for (const client of victims) client.socket.terminate();
    return victims.length;
  }

  /** Ends sockets that have not spoken for too long. */
  sweep(): void {
    const now = performance.now();
    for (const client of this.#clients) {
      const { neverSpokeMs, noPingMs } = this.#options.patience ?? PATIENCE;
      const limit = client.spoken ? noPingMs : neverSpokeMs;
      const { socketLifetimeMs } = this.#options.engine.ctx.quirks;
      const old = socketLifetimeMs > 0 && now - client.bornAt > socketLifetimeMs;
      if (old || now - client.lastHeard > limit) client.socket.terminate();
    }
  }

  /** Tells the sockets of an account what has happened to it. */
  publish(account: Account, event: AccountEvent): void {
    const listeners = [...this.#clients].filter((client) => client.account === account);
    if (listeners.length === 0) return;
    const { engine, faults, now } = this.#options;
    const frame = privateFrame({ ctx: engine.ctx, account }, event);
    const target = { channel: frame.ch };
    if (faults.happens('drop-sockets')) this.drop('private');
    if (faults.take('missed-event', target) !== undefined) return;
    const text = JSON.stringify({ ch: frame.ch, ts: now(), data: frame.data });
    const doubled = faults.take('doubled-event', target) !== undefined;
    const held = faults.take('reordered-event', target) !== undefined;
    for (const client of listeners) {
      if (held && client.heldEvent === undefined) {
        client.heldEvent = text;
        continue;
      }
      client.send(text);
      if (doubled) client.send(text);
      if (client.heldEvent !== undefined) client.send(client.heldEvent);
      client.heldEvent = undefined;
    }
  }

  close(): void {
    this.drop();
    this.#server.close();
  }

  #accept(socket: WebSocket, kind: Client['kind']): void {
    const send = (frame: string): void => {
      if (
        socket.readyState !== socket.OPEN ||
        this.#options.faults.lasting('silent-sockets') !== undefined
      )
        return;
      socket.send(frame);
    };
    const opened = performance.now();
    const client: Client = {
      socket,
      kind,
      openedAt: this.#options.now(),
      bornAt: opened,
      channels: new Map(),
      send,
      account: undefined,
      lastHeard: opened,
      spoken: false,
      recent: [],
      heldEvent: undefined,
    };
    this.#clients.add(client);
    socket.on('message', (data) => this.#hear(client, data));
    socket.on('ping', () => {
      if (!client.spoken) setTimeout(() => socket.terminate(), PROTOCOL_PING_FIRST_MS).unref();
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#forget(client));
    send('{"op":"connect","data":{"result":true}}');
  }

  #forget(client: Client): void {
    this.#clients.delete(client);
    for (const { ch, symbol } of client.channels.values())
      this.feed.unsubscribe(ch, symbol, client.send);
  }

  #hear(client: Client, data: RawData): void {
    const now = performance.now();
    client.recent = client.recent.filter((time) => time > now - 1_000);
    client.recent.push(now);
    if (client.recent.length > MESSAGES_PER_SECOND) {
      client.socket.terminate();
      return;
    }
    client.spoken = true;
    const message = parse(data);
    if (message === undefined) return;
    const op = message['op'];
    if (op === 'ping') {
      client.lastHeard = now;
      const opened = Math.floor(client.openedAt / 1_000);
      client.send(JSON.stringify({ op: 'ping', pong: message['ping'] ?? null, ping: opened }));
    } else if (op === 'login' && client.kind === 'private') this.#login(client, message);
    else if (op === 'subscribe' && client.kind === 'public') this.#subscribe(client, message);
    else if (op === 'unsubscribe') this.#unsubscribe(client, message);
  }

  #login(client: Client, message: Record<string, unknown>): void {
    const { engine, keys, now, faults } = this.#options;
    const args = firstOf(message['args']);
    const apiKey = word(args['apiKey']);
    const nonce = word(args['nonce']);
    const timestamp = word(args['timestamp']);
    const secret = keys.get(apiKey)?.secretKey;
    const sign = secret === undefined ? '' : loginSignature({ nonce, timestamp, apiKey }, secret);
    const inSeconds = timestamp.length <= 11;
    const time = Number(timestamp) * (inSeconds ? 1_000 : 1);
    const { loginTime, loginRefusal, receiveWindowMs } = engine.ctx.quirks;
    const unit = loginTime === 'either' || (loginTime === 'seconds') === inSeconds;
    const wall = now() + (faults.lasting('clock-skew') ?? 0);
    const inTime = Math.abs(time - wall) <= receiveWindowMs + 1_000;
    if (secret === undefined || !unit || !inTime || !sameText(sign, word(args['sign']))) {
      if (loginRefusal === 'reply')
        client.send('{"op":"login","data":{"result":false,"msg":"Sign signature error"}}');
      client.socket.close();
      return;
    }
    client.account = engine.accounts.find((account) => account.apiKey === apiKey);
    client.lastHeard = performance.now();
    client.send('{"op":"login","data":{"result":true}}');
  }

  #subscribe(client: Client, message: Record<string, unknown>): void {
    for (const { ch, symbol } of channelArgs(message['args'])) {
      const channel = channelOf(this.#options.engine.ctx, ch, symbol);
      if (channel === undefined || client.channels.has(`${ch} ${channel.symbol}`)) continue;
      if (client.channels.size >= MOST_CHANNELS) {
        client.send(
          '{"op":"subscribe","data":{"msg":"subscribe channel > 300","nonce":"","result":false}}',
        );
        return;
      }
      client.channels.set(`${ch} ${channel.symbol}`, { ch, symbol: channel.symbol });
      this.feed.subscribe(channel, client.send);
    }
  }

  #unsubscribe(client: Client, message: Record<string, unknown>): void {
    for (const { ch, symbol } of channelArgs(message['args'])) {
      client.channels.delete(`${ch} ${symbol}`);
      this.feed.unsubscribe(ch, symbol, client.send);
    }
    client.send(JSON.stringify({ op: 'unsubscribe', ts: this.#options.now(), data: 'success' }));
  }
}

function parse(data: RawData): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : '');
    return typeof message === 'object' && message !== null
      ? Object.fromEntries(Object.entries(message))
      : undefined;
  } catch {
    return undefined;
  }
}

/** Text of a value that may be a JSON string or number. */
function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function firstOf(args: unknown): Record<string, unknown> {
  const first: unknown = Array.isArray(args) ? args[0] : args;
  return typeof first === 'object' && first !== null
    ? Object.fromEntries(Object.entries(first))
    : {};
}

function channelArgs(args: unknown): Array<{ ch: string; symbol: string }> {
  if (!Array.isArray(args)) return [];
  return args.flatMap((entry: unknown) => {
    const { ch, symbol } = firstOf(entry);
    return typeof ch === 'string' && typeof symbol === 'string'
      ? [{ ch, symbol: symbol.toUpperCase() }]
      : [];
  });
}

import WebSocket, { type RawData } from 'ws';
import type { StreamState } from '../../app/ports/feeds.ts';
import { parseWireJson } from '../wire/wire-json.ts';

/** How the exchange words what keeps a connection alive. */
export interface Wording {
  /** A ping to send, at that many Unix milliseconds. */
  readonly ping: (at: number) => string;
  readonly isPong: (frame: unknown) => boolean;
  /** Whether a frame brings data: not an answer to a request. */
  readonly isData: (frame: unknown) => boolean;
}

export interface SocketRules {
  /** Wall milliseconds of silence after which the socket counts as dead; undefined when silence is normal. */
  readonly silenceMs?: number;
  /** Wall milliseconds that an answer to a ping may take; undefined when silence already decides. */
  readonly pongMs?: number;
  /** Whether the subscriber's own first frame makes it live, or it is live when it says so itself. */
  readonly liveOnFrame: boolean;
}

export interface SocketHandlers {
  /** The connection is up and the first ping is sent: subscribe or log in now. */
  readonly onOpen: () => void;
  /** A frame that is no pong. `receivedAt` is performance.now() at arrival. */
  readonly onFrame: (frame: unknown, receivedAt: number) => void;
  readonly onState: (state: StreamState, reason: string) => void;
}

export interface StreamSocket {
  /** Queues a frame; at most 5 leave in a second. Dropped when the socket is not open. */
  send(text: string): void;
  state(): StreamState;
  markLive(): void;
  /** Ends this connection and makes a new one after the usual pause. */
  restart(reason: string): void;
  /** Wall milliseconds since the last frame of any kind, over reconnects; undefined before the first. */
  silenceMs(): number | undefined;
  close(): void;
}

const PING_EVERY_MS = 20_000;
const CHECK_EVERY_MS = 250;
const CONNECT_TIMEOUT_MS = 10_000;
/** 5 messages in a second are allowed, pings included; one is kept back. */
const FRAMES_PER_WINDOW = 4;
const FRAME_WINDOW_MS = 1_060;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 15_000;
/** Bytes of one message; the largest that is known is a whole order book of 460 kB. */
const LARGEST_FRAME = 2 * 1024 * 1024;
/** A connection that was live for so long starts again with the short pause. */
const STEADY_MS = 10_000;

export interface StreamSocketOptions {
  readonly url: string;
  readonly random: () => number;
  readonly rules: SocketRules;
  readonly wording: Wording;
  /** Every text that arrives, as it arrives; for recording. */
  readonly onText?: (text: string) => void;
}

/**
 * One WebSocket of the exchange that is kept alive: a ping of its own first and every 20 s, dead when silent, reconnected with growing,
 * jittered pauses. It uses `ws`, because a dead connection must be cut at once: undici's has no terminate and would wait for the
 * other side. Times are wall times: they follow the network, not the market.
 */
export const createStreamSocket = (
  options: StreamSocketOptions,
  handlers: SocketHandlers,
): StreamSocket => new ReconnectingSocket(options, handlers);

class ReconnectingSocket implements StreamSocket {
  readonly #options: StreamSocketOptions;
  readonly #handlers: SocketHandlers;
  readonly #checking: NodeJS.Timeout;
  readonly #outgoing = new Outgoing();
  #socket: WebSocket | undefined;
  #state: StreamState = 'connecting';
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #openedAt = 0;
  #liveSince: number | undefined;
  #lastFrameAt: number | undefined;
  #pingedAt = 0;
  #pongedAt = 0;

  constructor(options: StreamSocketOptions, handlers: SocketHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#checking = setInterval(() => this.#check(), CHECK_EVERY_MS);
    this.#connect();
  }

  send(text: string): void {
    this.#outgoing.send(text);
  }

  state(): StreamState {
    return this.#state;
  }

  markLive(): void {
    this.#setState('live', 'connected');
  }

  restart(reason: string): void {
    this.#lose(reason);
  }

  silenceMs(): number | undefined {
    return this.#lastFrameAt === undefined ? undefined : performance.now() - this.#lastFrameAt;
  }

  close(): void {
    if (this.#state === 'closed') return;
    clearInterval(this.#checking);
    clearTimeout(this.#retry);
    this.#outgoing.detach();
    this.#setState('closed', 'closed by Vigil');
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  #setState(next: StreamState, reason: string): void {
    // Lost again for another reason is worth telling: it says why the connection does not come back.
    if (this.#state === next && next !== 'stale') return;
    this.#state = next;
    if (next === 'live') this.#liveSince = performance.now();
    this.#handlers.onState(next, reason);
  }

  #connect(): void {
    this.#retry = undefined;
    const fresh = new WebSocket(this.#options.url, {
      perMessageDeflate: false,
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' },
      // Enforced while it is received.
      maxPayload: LARGEST_FRAME,
    });
    this.#socket = fresh;
    fresh.on('open', () => {
      if (this.#socket === fresh) this.#opened(fresh);
    });
    fresh.on('message', (data) => {
      if (this.#socket === fresh) this.#receive(data);
    });
    // An unhandled 'error' would end the process; the close follows.
    fresh.on('error', (error) => {
      if (this.#socket === fresh) this.#lose(whyBroken(error));
    });
    fresh.on('close', (code) => {
      if (this.#socket === fresh) this.#lose(`the connection closed (code ${code})`);
    });
  }

  #opened(socket: WebSocket): void {
    this.#openedAt = performance.now();
    this.#pongedAt = this.#openedAt;
    this.#outgoing.attach(socket);
    this.#ping();
    this.#handlers.onOpen();
  }

  #receive(data: RawData): void {
    const now = performance.now();
    this.#lastFrameAt = now;
    const text = textOf(data);
    this.#options.onText?.(text);
    const frame = parseWireJson(text);
    if (this.#options.wording.isPong(frame)) {
      this.#pongedAt = now;
      return;
    }
    const { rules, wording } = this.#options;
    if (rules.liveOnFrame && this.#state !== 'live' && wording.isData(frame)) {
      this.#setState('live', 'data arrives');
    }
    this.#handlers.onFrame(frame, now);
  }

  #lose(reason: string): void {
    if (this.#state === 'closed' || this.#retry !== undefined) return;
    const old = this.#socket;
    this.#socket = undefined;
    old?.terminate();
    this.#outgoing.detach();
    const steady = this.#liveSince !== undefined && performance.now() - this.#liveSince > STEADY_MS;
    this.#liveSince = undefined;
    if (steady) this.#failures = 0;
    // The first attempt comes almost at once; the pauses grow when it does not help.
    const longest =
      this.#failures === 0 ? FIRST_RETRY_MS : Math.min(MAX_RETRY_MS, 500 * 2 ** this.#failures);
    this.#failures += 1;
    const pause = longest * (0.5 + this.#options.random() / 2);
    this.#retry = setTimeout(() => this.#connect(), pause);
    this.#setState('stale', reason);
  }

  #ping(): void {
    this.#pingedAt = performance.now();
    this.#outgoing.send(this.#options.wording.ping(Date.now()), true);
  }

  #check(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const { silenceMs, pongMs } = this.#options.rules;
    const now = performance.now();
    const quiet = now - Math.max(this.#lastFrameAt ?? 0, this.#openedAt);
    const unanswered = this.#pingedAt > this.#pongedAt ? now - this.#pingedAt : 0;
    if (silenceMs !== undefined && quiet > silenceMs) {
      this.#lose(`silent for ${Math.round(quiet / 1_000)} s`);
    } else if (pongMs !== undefined && unanswered > pongMs) {
      this.#lose(`no answer to a ping for ${Math.round(unanswered / 1_000)} s`);
    } else if (now - this.#pingedAt > PING_EVERY_MS) this.#ping();
  }
}

/** Frames on their way out: at most so many in a second, in order, dropped while there is no connection. */
class Outgoing {
  #socket: WebSocket | undefined;
  #queue: string[] = [];
  #sentAt: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  attach(socket: WebSocket): void {
    this.detach();
    this.#socket = socket;
  }

  detach(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#socket = undefined;
    this.#queue = [];
    this.#sentAt = [];
  }

  send(text: string, first = false): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (first) this.#queue.unshift(text);
    else this.#queue.push(text);
    if (this.#timer === undefined) this.#flush();
  }

  #flush(): void {
    this.#timer = undefined;
    while (this.#queue.length > 0 && this.#socket?.readyState === WebSocket.OPEN) {
      const now = performance.now();
      this.#sentAt = this.#sentAt.filter((at) => at > now - FRAME_WINDOW_MS);
      const [oldest] = this.#sentAt;
      if (oldest !== undefined && this.#sentAt.length >= FRAMES_PER_WINDOW) {
        const wait = Math.max(1, oldest + FRAME_WINDOW_MS - now);
        this.#timer = setTimeout(() => this.#flush(), wait);
        return;
      }
      this.#sentAt.push(now);
      this.#socket.send(this.#queue.shift() ?? '');
    }
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}

/** Plain words for what broke a connection, or kept it from being made; nothing of the error's own text is kept. */
function whyBroken(error: Error): string {
  const code = 'code' in error ? error.code : '';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return `a message was larger than ${LARGEST_FRAME / 1024 / 1024} MB`;
  }
  if (code === 'ECONNREFUSED') return 'the exchange refuses the connection';
  return 'the connection broke';
}

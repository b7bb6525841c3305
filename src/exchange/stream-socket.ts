import WebSocket, { type RawData } from 'ws';
import type { StreamState } from '../app/ports.ts';

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
/** A connection that was live for so long starts again with the short pause. */
const STEADY_MS = 10_000;

/**
 * One WebSocket of the exchange that is kept alive: JSON ping first and every 20 s, dead when silent, reconnected with growing,
 * jittered pauses. It uses `ws`, because a dead connection must be cut at once: undici's has no terminate and would wait for the
 * other side. Times are wall times: they follow the network, not the market.
 */
export function createStreamSocket(
  options: { readonly url: string; readonly random: () => number; readonly rules: SocketRules },
  handlers: SocketHandlers,
): StreamSocket {
  const { url, random, rules } = options;
  let socket: WebSocket | undefined;
  let state: StreamState = 'connecting';
  let lastFrameAt: number | undefined;
  let openedAt = 0;
  let liveSince: number | undefined;
  let pingedAt = 0;
  let pongedAt = 0;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let outgoing: string[] = [];
  let drain: NodeJS.Timeout | undefined;
  const sentAt: number[] = [];

  function setState(next: StreamState, reason: string): void {
    if (state === next) return;
    state = next;
    if (next === 'live') liveSince = performance.now();
    handlers.onState(next, reason);
  }

  function connect(): void {
    retry = undefined;
    if (state === 'closed') return;
    const fresh = new WebSocket(url, {
      perMessageDeflate: false,
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' },
      maxPayload: 16 * 1024 * 1024,
    });
    socket = fresh;
    fresh.on('open', () => {
      if (socket !== fresh) return;
      openedAt = performance.now();
      pongedAt = openedAt;
      sentAt.length = 0;
      ping();
      handlers.onOpen();
    });
    fresh.on('message', (data) => {
      if (socket === fresh) receive(data);
    });
    // The reason is in the close that follows; an unhandled 'error' would end the process.
    fresh.on('error', () => undefined);
    fresh.on('close', (code) => {
      if (socket === fresh) lose(`the connection closed (code ${code})`);
    });
  }

  function receive(data: RawData): void {
    const now = performance.now();
    lastFrameAt = now;
    const frame = parseFrame(data);
    if (isPong(frame)) {
      pongedAt = now;
      return;
    }
    if (rules.liveOnFrame && state !== 'live' && isData(frame)) setState('live', 'data arrives');
    handlers.onFrame(frame, now);
  }

  function lose(reason: string): void {
    if (state === 'closed' || retry !== undefined) return;
    const old = socket;
    socket = undefined;
    old?.terminate();
    outgoing = [];
    if (liveSince !== undefined && performance.now() - liveSince > STEADY_MS) failures = 0;
    liveSince = undefined;
    // The first attempt comes almost at once; the pauses grow when it does not help.
    const ceiling = failures === 0 ? FIRST_RETRY_MS : Math.min(MAX_RETRY_MS, 500 * 2 ** failures);
    failures += 1;
    retry = setTimeout(connect, ceiling * (0.5 + random() / 2));
    setState('stale', reason);
  }

  function ping(): void {
    pingedAt = performance.now();
    send(JSON.stringify({ op: 'ping', ping: Math.trunc(Date.now() / 1_000) }), true);
  }

  function send(text: string, first = false): void {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (first) outgoing.unshift(text);
    else outgoing.push(text);
    flush();
  }

  function flush(): void {
    drain = undefined;
    while (outgoing.length > 0 && socket?.readyState === WebSocket.OPEN) {
      const now = performance.now();
      while (sentAt[0] !== undefined && sentAt[0] <= now - FRAME_WINDOW_MS) sentAt.shift();
      if (sentAt.length >= FRAMES_PER_WINDOW) {
        drain ??= setTimeout(flush, Math.max(1, (sentAt[0] ?? now) + FRAME_WINDOW_MS - now));
        return;
      }
      sentAt.push(now);
      socket.send(outgoing.shift() ?? '');
    }
  }

  function check(): void {
    if (socket?.readyState !== WebSocket.OPEN) return;
    const now = performance.now();
    const quiet = now - Math.max(lastFrameAt ?? 0, openedAt);
    if (rules.silenceMs !== undefined && quiet > rules.silenceMs) {
      lose(`silent for ${Math.round(quiet / 1_000)} s`);
    } else if (rules.pongMs !== undefined && pingedAt > pongedAt && now - pingedAt > rules.pongMs) {
      lose(`no answer to a ping for ${Math.round((now - pingedAt) / 1_000)} s`);
    } else if (now - pingedAt > PING_EVERY_MS) ping();
  }

  const checking = setInterval(check, CHECK_EVERY_MS);
  connect();

  return {
    send: (text) => send(text),
    state: () => state,
    markLive: () => setState('live', 'connected'),
    restart: lose,
    silenceMs: () => (lastFrameAt === undefined ? undefined : performance.now() - lastFrameAt),
    close() {
      if (state === 'closed') return;
      clearInterval(checking);
      clearTimeout(retry);
      clearTimeout(drain);
      setState('closed', 'closed by Vigil');
      socket?.terminate();
      socket = undefined;
    },
  };
}

function parseFrame(data: RawData): unknown {
  const text = Array.isArray(data)
    ? Buffer.concat(data).toString()
    : Buffer.isBuffer(data)
      ? data.toString()
      : Buffer.from(data).toString();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isPong = (frame: unknown): boolean =>
  typeof frame === 'object' && frame !== null && 'pong' in frame;

const isData = (frame: unknown): boolean =>
  typeof frame === 'object' && frame !== null && 'ch' in frame;

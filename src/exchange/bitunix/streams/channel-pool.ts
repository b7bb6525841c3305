import type { StreamState } from '../../../app/ports/feeds.ts';
import type { Log } from '../../../app/ports/log.ts';
import { createStreamSocket, type StreamSocket } from '../../streams/stream-socket.ts';
import { WORDING } from './wording.ts';

/** The exchange allows so many subscriptions on one connection. */
const PER_SOCKET = 300;

/** Every public stream pushes at least every 0.6 s, so this much silence means a dead connection. */
const SILENCE_MS = 5_000;

export interface ChannelPoolOptions {
  readonly url: string;
  readonly log: Log;
  readonly random: () => number;
  /** Such as "price" or "market_kline_15min". */
  readonly channel: string;
  readonly onFrame: (frame: unknown, receivedAt: number) => void;
  /** Wall milliseconds of silence that mean a dead connection; 5,000 unless told. */
  readonly silenceMs?: number;
  readonly onText?: (text: string) => void;
}

/** One public channel for any number of symbols, over as many connections as that needs. */
export interface ChannelPool {
  follow(symbols: readonly string[]): void;
  /** Subscribes to followed symbols again: there is no acknowledgement, and twice the same stream is one stream. */
  renew(symbols: readonly string[]): void;
  onState(listener: (state: StreamState, reason: string) => void): void;
  /** Live only while every connection is; idle without one. */
  state(): StreamState;
  /** The longest silence among the connections. */
  silenceMs(): number | undefined;
  close(): Promise<void>;
}

interface Member {
  readonly socket: StreamSocket;
  readonly symbols: Set<string>;
}

export const createChannelPool = (options: ChannelPoolOptions): ChannelPool =>
  new SocketPool(options);

class SocketPool implements ChannelPool {
  readonly #options: ChannelPoolOptions;
  readonly #members: Member[] = [];
  readonly #listeners: ((state: StreamState, reason: string) => void)[] = [];
  #reported: StreamState = 'idle';
  #closed = false;

  constructor(options: ChannelPoolOptions) {
    this.#options = options;
  }

  follow(symbols: readonly string[]): void {
    if (this.#closed) return;
    const wanted = new Set(symbols);
    this.#drop(wanted);
    const known = new Set(this.#members.flatMap((member) => [...member.symbols]));
    this.#add([...wanted].filter((symbol) => !known.has(symbol)));
    this.#report('other symbols are followed');
  }

  renew(symbols: readonly string[]): void {
    for (const { socket, symbols: own } of this.#members) {
      const again = symbols.filter((symbol) => own.has(symbol));
      if (again.length > 0) socket.send(this.#frame('subscribe', again));
    }
  }

  onState(listener: (state: StreamState, reason: string) => void): void {
    this.#listeners.push(listener);
  }

  state(): StreamState {
    if (this.#closed) return 'closed';
    if (this.#members.length === 0) return 'idle';
    const states = this.#members.map((member) => member.socket.state());
    if (states.includes('stale')) return 'stale';
    return states.every((each) => each === 'live') ? 'live' : 'connecting';
  }

  silenceMs(): number | undefined {
    const all = this.#members.map((member) => member.socket.silenceMs());
    const known = all.filter((each) => each !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const member of this.#members) member.socket.close();
    this.#report('closed by Vigil');
    return Promise.resolve();
  }

  #report(reason: string): void {
    const now = this.state();
    if (now === this.#reported) return;
    this.#reported = now;
    const { log, channel } = this.#options;
    log.info(`stream ${channel}: ${now}`, { reason, connections: this.#members.length });
    for (const listener of this.#listeners) listener(now, reason);
  }

  #frame(op: 'subscribe' | 'unsubscribe', symbols: Iterable<string>): string {
    const { channel } = this.#options;
    return JSON.stringify({ op, args: Array.from(symbols, (symbol) => ({ symbol, ch: channel })) });
  }

  #addMember(): Member {
    const { url, random, onFrame, onText, silenceMs = SILENCE_MS } = this.#options;
    const symbols = new Set<string>();
    const socket = createStreamSocket(
      {
        url,
        random,
        rules: { silenceMs, liveOnFrame: true },
        wording: WORDING,
        ...(onText && { onText }),
      },
      {
        onOpen: () => {
          if (symbols.size > 0) socket.send(this.#frame('subscribe', symbols));
        },
        onFrame,
        onState: (_, reason) => this.#report(reason),
      },
    );
    const member = { socket, symbols };
    this.#members.push(member);
    return member;
  }

  #add(symbols: readonly string[]): void {
    let rest = symbols;
    while (rest.length > 0) {
      const member =
        this.#members.find((each) => each.symbols.size < PER_SOCKET) ?? this.#addMember();
      const taken = rest.slice(0, PER_SOCKET - member.symbols.size);
      rest = rest.slice(taken.length);
      for (const symbol of taken) member.symbols.add(symbol);
      // Nothing leaves while the connection is not open: then all symbols are subscribed on opening.
      member.socket.send(this.#frame('subscribe', taken));
    }
  }

  #drop(wanted: ReadonlySet<string>): void {
    for (const member of this.#members) {
      const gone = [...member.symbols].filter((symbol) => !wanted.has(symbol));
      for (const symbol of gone) member.symbols.delete(symbol);
      if (gone.length > 0 && member.symbols.size > 0) {
        member.socket.send(this.#frame('unsubscribe', gone));
      }
    }
    for (const member of this.#members.filter((each) => each.symbols.size === 0)) {
      this.#members.splice(this.#members.indexOf(member), 1);
      member.socket.close();
    }
  }
}

import type { Log, StreamState } from '../app/ports.ts';
import { createStreamSocket, type StreamSocket } from './stream-socket.ts';

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
}

/** One public channel for any number of symbols, over as many connections as that needs. */
export interface ChannelPool {
  follow(symbols: readonly string[]): void;
  onState(listener: (state: StreamState, reason: string) => void): void;
  /** Live only while every connection is. */
  state(): StreamState;
  /** The longest silence among the connections. */
  silenceMs(): number | undefined;
  close(): Promise<void>;
}

interface Member {
  readonly socket: StreamSocket;
  readonly symbols: Set<string>;
}

export function createChannelPool(options: ChannelPoolOptions): ChannelPool {
  const { url, log, random, channel, onFrame } = options;
  const members: Member[] = [];
  const listeners: ((state: StreamState, reason: string) => void)[] = [];
  let told: StreamState = 'connecting';
  let closed = false;

  const frameOf = (op: 'subscribe' | 'unsubscribe', symbols: Iterable<string>): string =>
    JSON.stringify({ op, args: Array.from(symbols, (symbol) => ({ symbol, ch: channel })) });

  function state(): StreamState {
    if (closed) return 'closed';
    const states = members.map((member) => member.socket.state());
    if (states.includes('stale')) return 'stale';
    return states.length > 0 && states.every((each) => each === 'live') ? 'live' : 'connecting';
  }

  function tell(reason: string): void {
    const now = state();
    if (now === told) return;
    told = now;
    log.info(`stream ${channel}: ${now}`, { reason, connections: members.length });
    for (const listener of listeners) listener(now, reason);
  }

  function addMember(): Member {
    const symbols = new Set<string>();
    const member: Member = {
      symbols,
      socket: createStreamSocket(
        { url, random, rules: { silenceMs: options.silenceMs ?? SILENCE_MS, liveOnFrame: true } },
        {
          onOpen: () => {
            if (symbols.size > 0) member.socket.send(frameOf('subscribe', symbols));
          },
          onFrame,
          onState: (_, reason) => tell(reason),
        },
      ),
    };
    members.push(member);
    return member;
  }

  function drop(wanted: ReadonlySet<string>): void {
    for (const member of members) {
      const gone = [...member.symbols].filter((symbol) => !wanted.has(symbol));
      for (const symbol of gone) member.symbols.delete(symbol);
      if (gone.length > 0 && member.symbols.size > 0) {
        member.socket.send(frameOf('unsubscribe', gone));
      }
    }
    for (const member of members.filter((each) => each.symbols.size === 0)) {
      members.splice(members.indexOf(member), 1);
      member.socket.close();
    }
  }

  function addAll(symbols: readonly string[]): void {
    let rest = symbols;
    while (rest.length > 0) {
      const member = members.find((each) => each.symbols.size < PER_SOCKET) ?? addMember();
      const taken = rest.slice(0, PER_SOCKET - member.symbols.size);
      rest = rest.slice(taken.length);
      for (const symbol of taken) member.symbols.add(symbol);
      // Nothing leaves while the connection is not open: then all symbols are subscribed on opening.
      member.socket.send(frameOf('subscribe', taken));
    }
  }

  return {
    follow(symbols) {
      if (closed) return;
      const wanted = new Set(symbols);
      drop(wanted);
      const known = new Set(members.flatMap((member) => [...member.symbols]));
      addAll([...wanted].filter((symbol) => !known.has(symbol)));
      tell('other symbols are followed');
    },
    onState: (listener) => void listeners.push(listener),
    state,
    silenceMs() {
      const all = members.map((member) => member.socket.silenceMs());
      const known = all.filter((each) => each !== undefined);
      return known.length === 0 ? undefined : Math.max(...known);
    },
    close() {
      closed = true;
      for (const member of members) member.socket.close();
      tell('closed by Vigil');
      return Promise.resolve();
    },
  };
}

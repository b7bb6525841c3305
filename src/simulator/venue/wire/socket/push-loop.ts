import type { VenueClock } from '../../clock.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Faults } from '../../faults.ts';
import type { Channel } from './public-frames.ts';
import type { SocketServer } from './socket-server.ts';

/** Real milliseconds between two looks at the market: how soon a stop is noticed. */
const TURN_MS = 50;
const SLOW_FACTOR = 1.4;
const FAST: ReadonlySet<Channel['kind']> = new Set(['price', 'kline', 'depth']);
const SLOW: ReadonlySet<Channel['kind']> = new Set(['ticker', 'tickers', 'trade']);

/** Keeps the venue alive in real time: lives through the market, pushes the streams, ends silent sockets. */
export class PushLoop {
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(parts: {
    readonly engine: Engine;
    readonly clock: VenueClock;
    readonly faults: Faults;
    readonly sockets: SocketServer;
    readonly pushMs: number;
  }) {
    const { engine, clock, faults, sockets, pushMs } = parts;
    const turn = (): void => engine.advance(clock.now());
    const push = (kinds: ReadonlySet<Channel['kind']>): void => {
      turn();
      if (sockets.sockets > 0 && faults.happens('drop-sockets')) sockets.drop('public');
      sockets.feed.push(kinds);
    };
    this.#timers = [
      setInterval(turn, TURN_MS),
      setInterval(() => push(FAST), pushMs),
      setInterval(() => push(SLOW), Math.round(pushMs * SLOW_FACTOR)),
      setInterval(() => sockets.sweep(), 1_000),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

import type { Price } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { StreamState } from './feeds.ts';

/** One pushed mark price. `receivedAt` is wall time in milliseconds with fractions (performance.now()). */
export interface PriceTick {
  readonly symbol: string;
  readonly mark: Price;
  readonly at: Timestamp;
  readonly receivedAt: number;
}

/** Public price stream with reconnect. `follow` replaces the set of symbols. */
export interface PriceStream {
  follow(symbols: readonly string[]): void;
  onTick(listener: (tick: PriceTick) => void): void;
  onState(listener: (state: StreamState, reason: string) => void): void;
  state(): StreamState;
  /** Wall milliseconds since the last frame of any kind; undefined before the first. */
  silenceMs(): number | undefined;
  close(): Promise<void>;
}

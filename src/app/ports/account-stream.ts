import type { StreamState } from './feeds.ts';

/** Private stream: hints that something changed; the truth comes from a read. */
export interface AccountStream {
  onHint(listener: () => void): void;
  onState(listener: (state: StreamState, reason: string) => void): void;
  state(): StreamState;
  /** As of the price stream. */
  silenceMs(): number | undefined;
  close(): Promise<void>;
}

import type { Timestamp } from '../../domain/time.ts';

/** The application's time: the exchange's, as far as it can be known. In a demo it is the venue's clock and runs `speed` times as fast as the wall's. */
export interface Clock {
  now(): Timestamp;
  /** Exchange minus this machine's clock in milliseconds, 0 while both agree as far as can be told; absent in a demo. */
  offsetMs?(): number;
  /** Venue milliseconds for one wall millisecond; 1 except in a demo, and there while its venue stands still. */
  readonly speed: number;
}

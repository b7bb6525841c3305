import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

/** Two sources that say different things about the same. */
export interface Disagreement {
  /** What it is about: "BTCUSDT mark price", "open positions". Part of the key. */
  readonly about: string;
  readonly stream: string;
  readonly poll: string;
  /** When they began to differ. */
  readonly since: Timestamp;
}

/** Stream and poll differ. While they do, neither is trusted for new trades. */
export const feedsDisagree = (found: Disagreement, now: Timestamp): Finding => ({
  key: `feeds-disagree:${found.about}:${found.since}`,
  kind: 'feeds-disagree',
  severity: 'warning',
  title: `Two sources disagree about the ${found.about}`,
  lines: [
    `The live prices say ${found.stream}, the regular reading of your account says ${found.poll}.`,
    'One of them is wrong, so a stop that is reached may be told late. Stops at the exchange keep working. Please look at the exchange which one is right.',
  ],
  at: now,
});

import type { Finding } from '../../domain/alert.ts';
import { formatDuration, type Timestamp } from '../../domain/time.ts';

/** This machine's clock is wrong: told as the cause, because nothing else is wrong. `offsetMs`: exchange minus machine. */
export const clockOff = (offsetMs: number, at: Timestamp): Finding => ({
  key: `clock-off:${at}`,
  kind: 'notice',
  severity: 'warning',
  title: `This machine's clock is ${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'behind' : 'ahead of'} the exchange's`,
  lines: [
    "Vigil goes by the exchange's time, so stops, limits, signals and /resume work as usual.",
    'Please set the clock right anyway: turn on automatic time on this machine.',
  ],
  at,
});

/** It is right again. */
export const clockRight = (since: Timestamp, at: Timestamp): Finding => ({
  key: `clock-right:${since}`,
  kind: 'notice',
  severity: 'info',
  good: true,
  title: "This machine's clock is right again",
  lines: [`It was off for ${formatDuration(at - since)}.`],
  at,
});

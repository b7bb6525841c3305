import { formatClock, formatDuration, SECOND } from '../../domain/time.ts';
import type { Moment } from './judge.ts';

/** A time in which Vigil itself did not run, or in which its clock was changed. */
export interface Gap {
  readonly kind: 'stopped' | 'asleep' | 'clock set back';
  /** How long it did not run, or by how much the clock was set back. */
  readonly ms: number;
  readonly before: Moment;
  readonly after: Moment;
}

/** A difference that is smaller is a busy machine or a clock that is corrected. */
export const GAP_MS = 5 * SECOND;

/**
 * What two looks that should lie `everyMs` apart say about this process. The steady clock goes on while a process is stopped and stands
 * still while its machine sleeps; the wall clock shows both, and jumps when somebody sets it.
 */
export function gapBetween(before: Moment, after: Moment, everyMs: number): Gap | undefined {
  const steady = after.steady - before.steady;
  const jump = after.wall - before.wall - steady;
  const stopped = steady - everyMs;
  if (jump <= -GAP_MS) return { kind: 'clock set back', ms: -jump, before, after };
  if (stopped < GAP_MS && jump < GAP_MS) return undefined;
  const kind = jump >= GAP_MS ? 'asleep' : 'stopped';
  return { kind, ms: Math.max(0, stopped) + Math.max(0, jump), before, after };
}

/** What the owner is told of it. */
export function gapText({ kind, ms, before, after }: Gap): string {
  const length = formatDuration(ms);
  if (kind === 'clock set back') {
    return `The clock of Vigil's machine was set back by ${length}. My schedules were made anew; times in old messages may be ahead.`;
  }
  const why =
    kind === 'stopped'
      ? 'This program was stopped, or its machine too busy to run it'
      : 'The machine was asleep, or its clock was set forward';
  return (
    `I did not watch from ${formatClock(before.wall)} to ${formatClock(after.wall)} UTC (${length}). ${why}. ` +
    'Stops at the exchange kept working.'
  );
}

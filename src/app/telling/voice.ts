import { loudnessOf, UTC, type Loudness, type LoudnessSettings } from '../../alerts/loudness.ts';
import type { Finding } from '../../domain/alert.ts';
import { MINUTE } from '../../domain/time.ts';
import type { Ports } from '../ports/ports.ts';
import { messageOf } from '../reading/reading.ts';
import { wallTime } from './zone.ts';

export type { Loudness } from '../../alerts/loudness.ts';

/** Whoever wrote so recently, wall time, is awake: quiet hours hold nothing back from them. */
const AWAKE_MS = 15 * MINUTE;

/** How loud each alert is told at this moment, as the owner set it. */
export interface Voice {
  /** Without waiting, from what was read last. */
  loudness(finding: Finding): Loudness;
  settings(): LoudnessSettings;
  /** Reads what is set now; while the store does not answer the last known holds. Never rejects. */
  refresh(): Promise<void>;
  /** The owner sent something just now. */
  heard(): void;
}

/** `wallNow`: wall time, because people sleep by it. */
export function createVoice(
  { telling, log, clock }: Pick<Ports, 'telling' | 'log' | 'clock'>,
  wallNow: () => number,
): Voice {
  let settings: LoudnessSettings = { kinds: {}, zone: UTC };
  let heardAt = Number.NEGATIVE_INFINITY;
  return {
    settings: () => settings,
    loudness: (finding) => {
      const wallAt = wallNow();
      // Only quiet hours ask for it, and an alert that is sent at once does not wait for a calendar.
      const minute = settings.quiet === undefined ? 0 : wallTime(wallAt, settings.zone).minute;
      return loudnessOf(finding, settings, { minute, awake: wallAt - heardAt < AWAKE_MS });
    },
    refresh: async () => {
      settings = await telling.settings().catch(() => settings);
    },
    heard: () => {
      heardAt = wallNow();
      telling.notePresence(clock.now()).catch((error: unknown) => {
        log.warn('that the owner was here could not be noted', { reason: messageOf(error) });
      });
    },
  };
}

import type { LoudnessSettings } from '../../alerts/loudness.ts';
import type { Timestamp } from '../../domain/time.ts';

/** How the owner wants to be told, and when they were there last. */
export interface TellingStore {
  /** Everything on, no quiet hours and UTC until something was saved. */
  settings(): Promise<LoudnessSettings>;
  save(settings: LoudnessSettings): Promise<void>;
  /** The owner sent a command or tapped something. */
  notePresence(at: Timestamp): Promise<void>;
  /** When that was last; undefined: never. */
  presentAt(): Promise<Timestamp | undefined>;
}

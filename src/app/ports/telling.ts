import type { LoudnessSettings } from '../../alerts/loudness.ts';
import type { ToldState } from '../../alerts/remind.ts';
import type { Alert } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

export type { ToldState } from '../../alerts/remind.ts';

/** How the owner wants to be told, and when they were there last. */
export interface TellingStore {
  /** Everything on, no quiet hours and UTC until something was saved. */
  settings(): Promise<LoudnessSettings>;
  save(settings: LoudnessSettings): Promise<void>;
  /** What lasts, with what was told of it; a finding with a state enters by being raised. */
  states(): Promise<readonly ToldState[]>;
  /** An alert by its number; undefined where there is none, or not any more. */
  find(number: number): Promise<Alert | undefined>;
  /** The last alerts, newest first. */
  recent(limit: number): Promise<readonly Alert[]>;
  /** The date of the last report of a day, in the owner's zone; undefined: none yet. */
  lastReport(): Promise<string | undefined>;
  noteReport(date: string): Promise<void>;
  /** It is over. */
  dropState(id: string): Promise<void>;
  /** The owner sent a command or tapped something. */
  notePresence(at: Timestamp): Promise<void>;
  /** When that was last; undefined: never. */
  presentAt(): Promise<Timestamp | undefined>;
}

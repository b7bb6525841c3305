import type { OwnAlert } from '../../alerts/own-alert.ts';

export type { OwnAlert } from '../../alerts/own-alert.ts';

/** What the owner has asked to be told of. */
export interface OwnAlertStore {
  /** By number. Rejects while the store does not answer. */
  list(): Promise<readonly OwnAlert[]>;
  /** Changes the list atomically: `change` is asked again when somebody else was faster; undefined changes nothing. Returns what holds now. */
  change(
    change: (own: readonly OwnAlert[]) => readonly OwnAlert[] | undefined,
  ): Promise<readonly OwnAlert[]>;
  /** Called after each change by any process. */
  onChange(listener: () => void): () => void;
}

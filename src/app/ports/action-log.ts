import type { OwnAction } from '../../domain/own-action.ts';
import type { Timestamp } from '../../domain/time.ts';

/** What Vigil itself asked the exchange for, so that what others did can be told apart. */
export interface ActionLog {
  note(action: OwnAction): Promise<void>;
  /** Acts at or after `from`, oldest first; two days are kept. */
  since(from: Timestamp): Promise<readonly OwnAction[]>;
}

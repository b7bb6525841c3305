import type { OwnAct } from '../../domain/own-act.ts';
import type { Timestamp } from '../../domain/time.ts';

/** What Vigil itself asked the exchange for, so that what others did can be told apart. */
export interface ActStore {
  note(act: OwnAct): Promise<void>;
  /** Acts at or after `from`, oldest first; two days are kept. */
  since(from: Timestamp): Promise<readonly OwnAct[]>;
}

import type { Alert, Finding, Revision } from '../../domain/alert.ts';

export interface Outbox {
  /** Numbers the finding and queues it. Undefined when this key was already told. Durable when it resolves. */
  raise(finding: Finding): Promise<Alert | undefined>;
  /** The message of that key is edited to this text, and its buttons go. Nothing happens when the key was never told. */
  revise(key: string, text: Omit<Revision, 'key'>): Promise<void>;
}

/** An alert that goes out while it is stored. */
export interface Ahead {
  /** With the number that it will get, unless another process raises something at the same moment. */
  readonly alert: Alert;
  /** The number that it has got, and whether its key was told before all the same. Rejects when it was not stored. */
  readonly stored: Promise<{ readonly number: number; readonly again: boolean }>;
}

/** For keys that this process alone raises: they are known not to be told, so that telling one waits for nothing. */
export interface OutboxAhead {
  /** Finds out which of these were never told; what it found before holds no more. Never rejects: then none of them is known. */
  look(keys: readonly string[]): Promise<void>;
  /** Numbers, queues and claims it in one step, which is on its way before this returns. Undefined, and nothing done, for a key of which that is not known. */
  raise(finding: Finding): Ahead | undefined;
  /** It follows what others raise no longer, and is not used again. */
  close(): void;
}

export interface OutboxQueue extends Outbox {
  /** The next ones to send or to edit, most important first, then oldest. */
  pending(limit: number): Promise<readonly Alert[]>;
  /** Alerts that were sent and whose text changed afterwards. */
  revised(limit: number): Promise<readonly Alert[]>;
  /** Claims it for this sender before the request goes out. False when another sender has it. */
  claim(number: number): Promise<boolean>;
  /** What waits shall say this in its place when it is told. Nothing happens where it was sent. */
  reword(alert: Alert): Promise<void>;
  /** It leaves the queue untold, kept as if it stood in that message, and what its key names counts as never told. */
  withdraw(alert: Alert, message: { chatId: number; messageId: number }): Promise<void>;
  markSent(number: number, message: { chatId: number; messageId: number }): Promise<void>;
  markRevised(number: number): Promise<void>;
  /** Back to the queue after a failed request. */
  release(number: number): Promise<void>;
  recent(limit: number): Promise<readonly Alert[]>;
  /** Called with its number when something was raised or revised by any process. */
  onNews(listener: (number: number) => void): () => void;
}

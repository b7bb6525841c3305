import type { Alert, Finding, Revision } from '../../domain/alert.ts';

export interface Outbox {
  /** Numbers the finding and queues it. Undefined when this key was already told. Durable when it resolves. */
  raise(finding: Finding): Promise<Alert | undefined>;
  /** The message of that key is edited to this text, and its buttons go. Nothing happens when the key was never told. */
  revise(key: string, text: Omit<Revision, 'key'>): Promise<void>;
}

export interface OutboxQueue extends Outbox {
  /** The next ones to send or to edit, most important first, then oldest. */
  pending(limit: number): Promise<readonly Alert[]>;
  /** Alerts that were sent and whose text changed afterwards. */
  revised(limit: number): Promise<readonly Alert[]>;
  /** Claims it for this sender before the request goes out. False when another sender has it. */
  claim(number: number): Promise<boolean>;
  markSent(number: number, message: { chatId: number; messageId: number }): Promise<void>;
  markRevised(number: number): Promise<void>;
  /** Back to the queue after a failed request. */
  release(number: number): Promise<void>;
  recent(limit: number): Promise<readonly Alert[]>;
  /** Called when something was raised or revised by any process. */
  onNews(listener: () => void): () => void;
}

/** Which updates of the chat were answered, over restarts and over a change of the process that leads. */
export interface AnsweredUpdates {
  has(updateId: number): Promise<boolean>;
  /** Rejects where another process has led since. */
  add(updateId: number): Promise<void>;
}
